"""Classes of parts (losses, optimizers, ...), made from the options that the library lists."""

import inspect

from . import _docstrings, _reduction, _signatures
from .. import _cornu
from .._cornu import Error

ANY = object()

# Options that Keras has and Cornu does not need: the values that change nothing.
WITHOUT_EFFECT = {
    "callbacks": {"profile_batch": (0,), "embeddings_freq": (0,), "embeddings_metadata": (None,),
                  "raise_error": (False,)},
    "initializers": {"input_axes": (None,), "output_axes": (None,)},
    "layers": {
        "dtype": (None, "float32"), "activity_regularizer": (None,), "kernel_constraint": (None,),
        "depthwise_constraint": (None,), "bias_constraint": (None,), "gamma_constraint": (None,),
        "beta_constraint": (None,), "embeddings_constraint": (None,), "autocast": ANY,
        "mask_zero": (False, None),
        "lora_rank": (None,), "lora_alpha": (None,), "quantization_config": (None,),
        "noise_shape": (None,), "data_format": (None, "channels_last"),
        "synchronized": (False,), "renorm": (False,), "renorm_clipping": (None,),
        "renorm_momentum": (0.99,), "alpha_constraint": (None,), "weights": (None,),
        "rms_scaling": (False,), "sparse": (False, None), "ragged": (False, None),
        "optional": (False,)},
    "losses": {"axis": (-1,), "ignore_class": (None,), "name": ANY,
               "reduction": ("sum_over_batch_size",),
               "dtype": (None, "float32")},
    "metrics": {"dtype": (None, "float32"), "thresholds": (None,), "num_labels": (None,),
                "label_weights": (None,), "from_sorted_ids": (False,), "ignore_class": (None,)},
    "optimizers": {"name": ANY, "loss_scale_factor": (None,)},
    "schedules": {"name": ANY},
}


def listed(kind):
    """The parts of a kind by their class: (name, options)."""
    if kind not in _listed:
        _listed[kind] = {class_name or name: (name, options)
                         for name, class_name, options in _cornu.parts_of(kind)}
    return _listed[kind]


_listed = {}


class Part:
    """A part that is its options: the library makes it where it is used."""

    _kind = _name = None
    _options = ()
    _without_effect = {}  # parameters that change nothing, with their values

    def _set(self, given, others):
        config = {}
        for name, default, required in self._options:
            value = self._value_of(name, given[name])
            if required or not (value is None or value is default):
                config[name] = value
        without_effect = WITHOUT_EFFECT.get(self._kind, {})
        taken = {}
        for name, value in others.items():
            allowed = without_effect.get(name) if name not in given else None
            value = _policy_name(value) if name == "dtype" else value
            if allowed is None:
                config[name] = value
                continue
            if allowed is not ANY and value not in allowed:
                raise Error(f"{type(self).__name__}: {name}; expected {allowed[0]!r}, got "
                            f"{value!r}. Hint: Cornu has no other")
            if name in self._without_effect:
                taken[name] = value
        if taken != self._without_effect:
            self._without_effect = taken
        self._make(config)

    def _make(self, config):
        self._name, self._config = _cornu.part_config(self._kind, self._name, config)

    def get_config(self):
        """The options, every one, from which ``from_config`` makes the same part."""
        return self._shown_config(self._config)

    def _shown_config(self, config):
        names = {name for name, default, _ in self._options if default is None}
        shown = {}
        for name, value in config.items():
            module = _module_of(name)
            if name in names and stands_for_none(name, value):
                value = None
            elif module is not None and isinstance(value, (str, dict)):
                value = module.serialize(module.get(value))
            elif name == "activation" and isinstance(value, dict):
                value = _serialized_layer(value)
            shown[name] = value
        return {**shown, **self._without_effect}

    @staticmethod
    def _value_of(name, value):
        """An option; a part within this one that Keras described is made."""
        if name == "activation":
            return _activation(value)
        module = _module_of(name) if isinstance(value, dict) else None
        return value if module is None else module.get(value)

    @classmethod
    def from_config(cls, config):
        """The part of the options in ``config``."""
        return cls(**config)

    def __cornu_value__(self):
        return {"class_name": self._name, "config": self._config}

    def __getattr__(self, name):
        for config in (self.__dict__.get("_config", {}), self._without_effect):
            if name in config:
                return config[name]
        raise AttributeError(f"{type(self).__name__} has no {name!r}")

    def __repr__(self):
        given = ", ".join(f"{name}={value!r}" for name, value in self.get_config().items()
                          if name not in self._without_effect)
        return f"{type(self).__name__}({given})"


def class_of(kind, class_name, base, module):
    """The class of a part, whose signature is the library's list of its options."""
    name, options = listed(kind)[class_name]
    options = tuple((option, _shown(kind, name, option, default), required)
                    for option, default, required in options)
    made = type(class_name, (base,), {
        "_kind": kind, "_name": class_name if kind == "layers" else name, "_options": options,
        "__module__": module,
        "__doc__": _docstrings.Docstring(lambda: _docstring(kind, class_name, made))})
    made._without_effect = {parameter: _neutral(kind, class_name, name, parameter)
                            for parameter in _signatures.ordered(kind, class_name,
                                                                 [each for each, _, _ in options])
                            if parameter in WITHOUT_EFFECT.get(kind, {})
                            and parameter not in [each for each, _, _ in options]}
    made.__init__ = _initializer(kind, class_name, name, options)
    return made


def _neutral(kind, class_name, name, parameter):
    """The value of a parameter without effect."""
    allowed = WITHOUT_EFFECT[kind][parameter]
    return _signatures.name_of(kind, class_name, name) if allowed is ANY else allowed[0]


def _policy_name(dtype):
    """A dtype as a text; Keras writes a policy: {"class_name": "DTypePolicy", ...}."""
    return dtype["config"]["name"] if isinstance(dtype, dict) else dtype


def _module_of(option):
    """The module of the parts that an option takes; None if it takes numbers and texts."""
    from . import initializers, regularizers
    from .optimizers import schedules
    if option.endswith("_initializer"):
        return initializers
    if option.endswith("_regularizer"):
        return regularizers
    return schedules if option == "learning_rate" else None


def _activation(value):
    """An activation as the library takes it: of a layer, or of one that Keras described, the class
    and the options.
    """
    from . import layers
    if isinstance(value, dict) and value["class_name"] == "function":
        return value["config"]
    if isinstance(value, dict):
        value = layers.deserialize(value)
    return value._as_activation() if isinstance(value, layers.Layer) else value


def _serialized_layer(value):
    """A layer that is an activation as Keras writes it."""
    from . import layers
    return layers.serialize(layers.deserialize(value))


# Values by which the library says "chosen for you", where Keras has None.
_NONES = (("name", ""), ("seed", -1), ("ema_overwrite_frequency", 0),
          ("gradient_accumulation_steps", 0), ("top_k", 0), ("class_id", -1), ("shared_axes", []),
          ("strides", []))

# The metrics whose name Keras has as None.
_UNNAMED = ("auc", "precision", "recall", "true_positives", "true_negatives", "false_positives",
            "false_negatives")


def stands_for_none(option, value):
    """Whether the library's value is Keras's None."""
    return (option, value) in _NONES


def _shown(kind, name, option, default):
    """A default as Keras shows it: None where it stands for "chosen for you"."""
    if (kind, option, default) == ("metrics", "name", ""):
        return None if name in _UNNAMED else name
    if stands_for_none(option, default):
        return None
    if kind == "layers" and (option, default) == ("activation", "linear"):
        return None
    if kind == "layers" and isinstance(default, list) and default:
        return default[0] if len(default) == 1 else _tuples(default)
    return default


def _tuples(value):
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _docstring(kind, class_name, made):
    signature = inspect.signature(made)
    entries = documented(kind, class_name, signature.parameters.values())
    return _docstrings.docstring(kind, class_name, entries)


def documented(kind, class_name, parameters):
    """The entries of a part's parameters in its docstring."""
    defaults = {option: default for option, default, _ in listed(kind)[class_name][1]}
    entries = []
    for each in parameters:
        if each.name in defaults:
            default = defaults[each.name]
            is_none = each.default is None or stands_for_none(each.name, default)
            entries.append(_docstrings.parameter(
                each, *_docstrings.option(kind, class_name, each.name, default, is_none)))
        elif each.name == "reduction":
            entries.append(_docstrings.parameter(each, "str or None", _reduction.TEXT))
        elif each.kind is not each.VAR_KEYWORD:
            allowed = WITHOUT_EFFECT[kind][each.name]
            entries.append(_docstrings.without_effect(each, None if allowed is ANY else allowed))
        elif kind == "layers":
            entries.append(_docstrings.of_every_layer())
    return entries


def _initializer(kind, class_name, name, options):
    listed_options = {option: (default, required) for option, default, required in options}
    order = _signatures.ordered(kind, class_name, listed_options)
    by_name = _signatures.by_name(kind, class_name)
    scope = {}

    def written(parameter):
        default, required = listed_options.get(parameter, (None, False))
        if parameter not in listed_options:
            default = _neutral(kind, class_name, name, parameter)
        scope[f"_default_{parameter}"] = default
        return parameter if required else f"{parameter}=_default_{parameter}"
    parameters = [written(each) for each in order if each not in by_name]
    named = [written(each) for each in order if each in by_name]
    given = ", ".join(f"{each!r}: {each}" for each in listed_options)
    others = "".join(f"{each!r}: {each}, " for each in order if each not in listed_options)
    exec(f"def __init__({', '.join(['self', *parameters, *(['*'] if named else []), *named])}, "
         f"**kwargs):\n    self._set({{{given}}}, {{{others}**kwargs}})", scope)
    return scope["__init__"]


class Function:
    """A part by its function's name, as in ``loss=keras.losses.mean_squared_error``."""

    def __init__(self, kind, name):
        self._kind = kind
        self.__name__ = self.__qualname__ = name

    def __cornu_value__(self):
        return self.__name__

    def __call__(self, *args, **kwargs):
        raise Error(f"{self.__name__}: {self._kind} of this name cannot be called on arrays")

    def __repr__(self):
        return f"<{self._kind} function {self.__name__}>"


class FunctionOfArrays(Function):
    """A loss or metric as a function: a value for each sample. Its class has the options."""

    __doc__ = _docstrings.Docstring(lambda function: function._docstring(), __doc__)

    def __init__(self, kind, name, made, values):
        super().__init__(kind, name)
        self._made, self._values = made, values
        one = inspect.Parameter
        options = [each for each in inspect.signature(made).parameters.values()
                   if each.name not in ("reduction", "name", "dtype", "kwargs")]
        self.__signature__ = inspect.Signature(
            [one(each, one.POSITIONAL_OR_KEYWORD) for each in ("y_true", "y_pred")] + options)

    def __call__(self, *args, **kwargs):
        """The value of each sample; of a loss on arrays of more axes, for all axes but the last."""
        given = self.__signature__.bind(*args, **kwargs).arguments
        y_true, y_pred = given.pop("y_true"), given.pop("y_pred")
        return self._values(self._made(**given), y_true, y_pred)

    def _docstring(self):
        class_name = self._made.__name__
        y_true, y_pred, *options = self.__signature__.parameters.values()
        entries = [_docstrings.parameter(y_true, "array", "Targets."),
                   _docstrings.parameter(y_pred, "array", "Outputs."),
                   *documented(self._kind, class_name, options)]
        return _docstrings.docstring(self._kind, class_name, entries,
                                     ("array", "    A value for each sample."))


def function_of_arrays(kind, name, module, values):
    """The function of a loss or metric by any of its names, the same for all of them."""
    known, class_name = canonical(kind, name)
    if known != name:
        return getattr(module, known)
    return FunctionOfArrays(kind, name, getattr(module, class_name), values)


def attributes_of(module, kind, base, functions=None):
    """``__getattr__`` and ``__dir__`` of a module whose classes are the parts of a kind.

    ``functions`` makes what stands under the names in small letters.
    """
    def find(name):
        parts = listed(kind)
        if name in parts:
            return class_of(kind, name, base, module["__name__"])
        for class_name, (part, _) in parts.items():
            if functions is not None and part == name:
                return functions(name, class_name)
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            _cornu.refuse_unknown(kind, name)
        except Error as error:
            # Without its period: Python adds one and its own guess.
            raise AttributeError(str(error).rstrip(".")) from None
        nearest = next((known for known in parts if _plain(known) == _plain(name)), None)
        if nearest is None and functions is not None:
            return functions(name, None)
        raise AttributeError(f"{module['__name__']} has no {name!r}; it is written {nearest}")

    def __getattr__(name):
        value = find(name)
        module[name] = value
        return value

    def __dir__():
        return sorted({*module, *listed(kind)} - {"annotations"})

    return __getattr__, __dir__


def canonical(kind, name):
    """The name and the class of a part by any of its names."""
    known, _ = _cornu.part_config(kind, name, {})
    for class_name, (part, _) in listed(kind).items():
        if known in (part, class_name):
            return known, class_name
    raise Error(f"{kind}: unknown name {name!r}")


def get(kind, base, module, identifier):
    """A part from a name, a configuration or a part, as Keras's ``get`` makes it."""
    if identifier is None or isinstance(identifier, Part) or (
            callable(identifier) and not isinstance(identifier, (Function, type))):
        return identifier
    if isinstance(identifier, type):
        return identifier()
    if isinstance(identifier, Function):
        identifier = identifier.__name__
    config = {}
    if isinstance(identifier, dict):
        identifier, config = identifier["class_name"], identifier.get("config", {})
    if not isinstance(identifier, str):
        raise Error(f"{kind}: expected a name, a configuration or a part, got "
                    f"{type(identifier).__name__}")
    return getattr(module, canonical(kind, identifier)[1])(**config)


def serialize(module, part):
    """A part as Keras writes it; a function's name."""
    if isinstance(part, Function):
        return part.__name__
    if not isinstance(part, Part):
        raise Error(f"serialize: expected a part of cornu.{module}, got {type(part).__name__}")
    return {"module": module, "class_name": type(part).__name__, "config": part.get_config(),
            "registered_name": None}


def refuse_custom_objects(custom_objects):
    """Error for parts of a kind that cannot be written in Python."""
    if custom_objects:
        raise Error("deserialize: custom_objects; expected none, since layers, losses and metrics "
                    "are the parts that can be written in Python")


def own_from(config, custom_objects):
    """The part of a user-defined class or function of this name or configuration, or None."""
    from ._registry import get_registered_object, known
    is_name = not isinstance(config, dict)
    name = config if is_name else config.get("registered_name") or config["class_name"]
    made = get_registered_object(name, custom_objects) or known(custom_objects).get(
        name if is_name else config["class_name"])
    if made is None or is_name:
        return made
    return made.from_config(config["config"])


def _plain(name):
    return name.replace("_", "").lower()
