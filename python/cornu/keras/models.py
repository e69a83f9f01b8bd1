"""Models: networks with their weights."""

import json
import os
from itertools import chain

from . import layers as layers_module
from . import _parts, ops, optimizers
from . import metrics as metrics_module
from .. import _cornu
from .._cornu import Error, KerasTensor
from ._own_layer import called
from . import _registry
from ._own_model import OwnModel
from ._seed import model_seed
from ._training import Trained
from ._weights import Variable, Weighted


class Model(OwnModel, Trained, Weighted):
    """The network between input and output tensors, ``Model(inputs, outputs)``; or a class derived
    from it, whose ``call(self, x)`` calls the layers that are its attributes.
    """

    stop_training = False
    history = None
    _kept = ()
    _own_parts = ()  # losses and metrics, as compile() was given them
    _optimizer = None
    _functions = {}  # metrics that are Python functions, and classes of others, by name
    _custom = {}  # user-defined classes and functions that it was loaded with

    def __init__(self, inputs=None, outputs=None, name=None, trainable=True, dtype=None):
        if dtype not in (None, "float32"):
            raise Error(f"{type(self).__name__}: expected dtype float32, got {dtype}")
        if self._has_call and inputs is None:
            self._begin(name, trainable)
            return
        if inputs is None or outputs is None:
            raise Error("Model: expected inputs and outputs, tensors such as keras.Input(shape)")
        if self._has_call:
            raise Error(f"{type(self).__name__}: expected inputs and outputs or a method call(), "
                        "got both")
        self._handle = _cornu.functional(_tensors(inputs), _tensors(outputs), name or "",
                                         model_seed())
        self._mark()
        if not trainable:
            self.trainable = False

    @property
    def name(self):
        """Its name."""
        return self._handle.name

    @property
    def built(self):
        """Whether its weights are made."""
        return self._handle.built

    @property
    def layers(self):
        """Its layers in order; those of a Sequential without its input."""
        if not self._handle.built:
            return [each for each in self._kept if isinstance(each, layers_module.Layer)]
        return [layers_module.layer_of(each) for each in self._handle.layers
                if self._handle.type != "Sequential" or each.type != "InputLayer"]

    def get_layer(self, name=None, index=None):
        """The layer of this name or at this place."""
        if index is not None:
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        known = [layer.name for layer in self.layers]
        raise Error(f'model "{self.name}": unknown layer "{name}"; expected one of '
                    f"{_cornu.nearest_first(str(name), known)}")

    @property
    def inputs(self):
        """Its input tensors."""
        return self._handle.inputs

    @property
    def outputs(self):
        """Its output tensors."""
        return self._handle.outputs

    input = property(lambda self: layers_module.only(self.inputs))
    output = property(lambda self: layers_module.only(self.outputs))
    input_shape = property(lambda self: self.input.shape)
    output_shape = property(lambda self: self.output.shape)

    @property
    def trainable(self):
        """Whether any layer trains; setting it sets all, from the next compile on."""
        return any(layer.trainable for layer in self.layers)

    @trainable.setter
    def trainable(self, value):
        self._handle.set_trainable(bool(value))

    @property
    def weights(self):
        """Every weight, in the order of the layers."""
        return [Variable(name, value, trainable, self._setter(name))
                for name, value, trainable in self._handle.weights]

    def _setter(self, name):
        return lambda value: self._handle.set_weight(name, value)

    _where = property(lambda self: f'model "{self.name}"')

    def count_params(self):
        """The number of its weights' elements."""
        return sum(value.size for _, value, _ in self._handle.weights)

    def __call__(self, inputs, training=None):
        """On tensors: the model as a layer. On arrays: the outputs."""
        given = list(inputs.values()) if isinstance(inputs, dict) else inputs
        tensors = list(given) if isinstance(given, (list, tuple)) else [given]
        if not tensors or not ops.is_tensor(tensors[0]):
            return self.predict(inputs)
        return called(self, tensors, training)

    def _layer_handle(self, tensors):
        if not self._handle.built:
            self.build(tensors[0].shape if len(tensors) == 1 else [each.shape for each in tensors])
        return self._handle.as_layer()

    def compile(self, optimizer="rmsprop", loss=None, loss_weights=None, metrics=None,
                weighted_metrics=None, run_eagerly=False, steps_per_execution=1,
                jit_compile="auto", auto_scale_loss=True):
        """Sets loss, optimizer and metrics. Parts are given by name or as objects; lists and dicts
        of them are for the outputs of a network that has several.

        ``run_eagerly``, ``steps_per_execution``, ``jit_compile`` and ``auto_scale_loss`` change
        nothing.
        """
        if self._has_call and not self._handle.built:
            self._compile_given = {"optimizer": optimizer, "loss": loss,
                                   "loss_weights": loss_weights, "metrics": metrics,
                                   "weighted_metrics": weighted_metrics}
        self._own_parts = [loss, metrics, weighted_metrics]
        optimizer = optimizers.get(optimizer)
        names = self._handle.output_names if self._handle.built else ["y"]
        losses = _by_output(loss, names, "loss")
        weights = _by_output(loss_weights, names, "loss_weights")
        metrics, by_output = _metrics(metrics, names, "metrics")
        weighted, weighted_by_output = _metrics(weighted_metrics, names, "weighted_metrics")
        if self._compile_given is not None and not self._handle.built:
            self._optimizer = optimizer
            return
        self._handle.compile(optimizer, loss if losses is None else None, metrics, weighted,
                             losses or {}, by_output, weighted_by_output,
                             {name: float(weight) for name, weight in (weights or {}).items()})
        self._functions = {}
        for each in chain(metrics, weighted, *by_output.values(), *weighted_by_output.values()):
            _add_own(self._functions, each)
        self._attach(optimizer)

    def _attach(self, optimizer):
        optimizer._model = self._handle
        self._optimizer = optimizer

    @property
    def metrics(self):
        """The metrics of compile; those that are Python functions as such."""
        known = _parts.listed("metrics")
        own = {**_registry.known(self._custom), **self._functions}

        def made(name, config):
            if any(name == part for part, _ in known.values()):
                return metrics_module.get({"class_name": name, "config": config})
            return own[name].from_config(config) if isinstance(own[name], type) else own[name]
        return [made(name, config) for name, config in self._handle.metrics]

    @property
    def optimizer(self):
        """The optimizer, None before it is compiled."""
        described = self._handle.optimizer
        if self._optimizer is None and described is not None:
            name, config = described
            self._attach(optimizers.get({"class_name": name, "config": config}))
        return self._optimizer

    def summary(self, line_length=None, positions=None, print_fn=None, expand_nested=False,
                show_trainable=False, layer_range=None):
        """Prints the table of layers, output shapes and numbers of parameters."""
        text = self._handle.summary(False)
        if print_fn is None:
            print(text, end="" if text.endswith("\n") else "\n")
            return
        for line in text.splitlines():
            print_fn(line)

    def _repr_html_(self):
        import html
        if not self._handle.built:
            return f"<pre>{html.escape(repr(self))}</pre>"
        return f"<pre>{html.escape(self._handle.summary(False))}</pre>"

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"

    def save(self, filepath, overwrite=True, zipped=None):
        """Writes network, weights and compile options as one .safetensors file."""
        _refuse("save", zipped=zipped)
        path = os.fspath(filepath)
        if not overwrite and os.path.exists(path):
            raise Error(f"{path}: exists already. Hint: overwrite=True")
        _cornu.save(self._handle, path)

    def save_weights(self, filepath, overwrite=True, max_shard_size=None):
        """What ``save`` writes, from which ``load_weights`` reads the weights."""
        _refuse("save_weights", max_shard_size=max_shard_size)
        self.save(filepath, overwrite)

    def load_weights(self, filepath, skip_mismatch=False):
        """Sets every weight from a .safetensors file, by name."""
        _refuse("load_weights", skip_mismatch=skip_mismatch)
        _cornu.load_weights(self._handle, os.fspath(filepath))

    def to_json(self, **kwargs):
        """The network as Keras describes it, without weights."""
        return json.dumps(json.loads(_cornu.to_json(self._handle)), **kwargs)

    def get_config(self):
        """The network as Keras describes it, from which ``from_config`` makes it anew; of a model
        with a call() of its own, the arguments that it was made with.
        """
        if self._has_call:
            return self._own_config()
        return json.loads(self.to_json())["config"]

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The network of ``get_config``, with new weights."""
        if cls.call is not cls._library_class().call:
            return cls(**config)
        name = "Sequential" if cls is Sequential else "Functional"
        return model_from_json(json.dumps({"class_name": name, "config": config}), custom_objects)

    def __reduce__(self):
        import tempfile
        if not self._handle.built and self._has_call:
            return _from_options, (type(self), self.get_config(), self._compile_given)
        if not self._handle.built:
            return _from_layers, ([(type(each), each.get_config()) for each in self.layers],
                                  self.name)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.safetensors")
            self.save(path)
            with open(path, "rb") as file:
                return _unpickled, (file.read(), self._custom_objects())

    def _custom_objects(self):
        """The user-defined classes and functions that it is made of, by name."""
        found = dict(self._custom)
        if not self._is_library_class:
            found[type(self).__name__] = type(self)
        for handle in self._handle.layers:
            _add_classes(found, handle)
        for part in self._own_parts:
            _add_own(found, part, only_once=True)
        return found


class Sequential(Model):
    """Layers one after the other; built when the shape of its samples is known."""

    def __init__(self, layers=None, trainable=True, name=None):
        self._handle = _cornu.sequential([], name or "", model_seed())
        self._mark()
        self._kept = []  # the layers' Python objects, which the library does not keep
        for layer in layers or []:
            self.add(layer)
        if not trainable:
            self.trainable = False

    def add(self, layer, rebuild=True):
        """Adds a layer at the end."""
        shape = getattr(layer, "_input_shape", None)
        if shape is not None and not self._kept:
            self._handle.add(_cornu.make_layer("InputLayer", {"shape": list(shape)}))
        self._handle.add(_layer_handle(layer))
        self._kept.append(layer)

    def pop(self, rebuild=True):
        """Removes the last layer."""
        self._handle.pop()
        self._kept.pop()

    def build(self, input_shape=None):
        """Makes the weights for batches of this shape, whose first extent is None."""
        if input_shape is not None:
            shape = tuple(input_shape)
            self._handle.build(list(shape[1:] if shape and shape[0] is None else shape))


def _layer_handle(layer):
    if isinstance(layer, KerasTensor):
        return layer.layer
    if isinstance(layer, Model):
        return layer._handle.as_layer()
    if isinstance(layer, layers_module.Layer):
        return layer._handle
    name = layer.__name__ if isinstance(layer, type) else type(layer).__name__
    raise Error(f"Sequential: expected a layer, got {name}"
                + (f". Hint: {name}() makes one" if isinstance(layer, type) else ""))


def _tensors(given):
    tensors = list(given) if isinstance(given, (list, tuple)) else [given]
    if isinstance(given, dict):
        tensors = list(given.values())
    for each in tensors:
        if not isinstance(each, KerasTensor):
            raise Error("Model: expected tensors, such as keras.Input(shape) and what layers make "
                        f"of it, got {type(each).__name__}")
    return tensors


def _by_output(given, names, what):
    """Parts by output, None for one of all outputs."""
    if given is None or isinstance(given, str) or not isinstance(given, (dict, list, tuple)):
        return None if given is None or not isinstance(given, (int, float)) else {names[0]: given}
    if isinstance(given, dict):
        return {name: each for name, each in given.items() if each is not None}
    if len(given) != len(names):
        raise Error(f"compile: {what}; expected one for each of {len(names)} outputs, got "
                    f"{len(given)}")
    return {name: each for name, each in zip(names, given) if each is not None}


def _metrics(given, names, what):
    """Metrics of every output, and metrics by output."""
    if given is None:
        return [], {}
    if isinstance(given, dict):
        return [], {name: _as_list(each) for name, each in given.items()}
    given = _as_list(given)
    if any(isinstance(each, (list, tuple)) for each in given):
        return [], {name: _as_list(each)
                    for name, each in (_by_output(given, names, what) or {}).items()}
    if len(names) > 1 and len(given) == len(names):
        return [], {name: [each] for name, each in zip(names, given)}
    return given, {}


def _as_list(given):
    return list(given) if isinstance(given, (list, tuple)) else [given]


def _model_of(handle, custom_objects=None):
    """The Python object of a model that the library made, of its own class if that is known."""
    known = _registry.known(custom_objects)
    origin = handle.origin or {"class_name": None}
    made = known.get(origin["class_name"])
    if not (isinstance(made, type) and issubclass(made, Model)):
        made = Sequential if handle.type == "Sequential" else Model
    elif origin["config"] is not None:
        model = made.from_config(origin["config"])._restored(handle)
        model._custom = dict(custom_objects or {})
        return model
    model = object.__new__(made)
    model._handle = handle
    model._kept = [] if handle.type != "Sequential" else model.layers
    model._custom = dict(custom_objects or {})
    return model


def _add_classes(found, handle):
    """The user-defined classes of a layer and of those inside it."""
    made = handle.user_object
    if made is not None:
        found[type(made).__name__] = type(made)
    for inside in handle.layers:
        _add_classes(found, inside)


def _add_own(found, part, only_once=False):
    """The user-defined class or function of a loss or metric, or of lists and dicts of them.

    Error for two of one name if ``only_once``.
    """
    if isinstance(part, (list, tuple, dict)):
        for each in part.values() if isinstance(part, dict) else part:
            _add_own(found, each, only_once)
        return
    if getattr(part, "_is_own", False):
        part = type(part)
    elif not callable(part) or hasattr(part, "__cornu_value__"):
        return
    name = getattr(part, "__name__", "function")
    if only_once and found.get(name, part) is not part:
        raise Error(f"copy: two different losses or metrics are called {name}, and a copy finds "
                    "them by their names. Hint: def gives a function a name of its own")
    found[name] = part


def _from_options(made, config, compiled):
    model = made.from_config(config)
    if compiled is not None:
        model.compile(**compiled)
    return model


def _unpickled(content, custom_objects=None):
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.safetensors")
        with open(path, "wb") as file:
            file.write(content)
        return load_model(path, custom_objects)


def _from_layers(layers, name):
    return Sequential([made.from_config(config) for made, config in layers], name=name)


def _refuse(where, **given):
    """Error for a parameter of Keras's that is given and would have an effect."""
    for name, value in given.items():
        if value:
            raise Error(f"{where}: {name}; expected none, got {value!r}. Hint: Cornu has no other")


def load_model(filepath, custom_objects=None, compile=True, safe_mode=True):
    """The model that ``save`` wrote, compiled as it was then; it never holds code, so
    ``safe_mode`` changes nothing.

    ``custom_objects`` are user-defined classes and functions by name, beside those registered and
    those of a scope. A model whose own class is not among them is loaded as the network it made.
    """
    handle = _cornu.load_model(os.fspath(filepath), bool(compile), _registry.makers(custom_objects))
    return _model_of(handle, custom_objects)


def save_model(model, filepath, overwrite=True, zipped=None):
    """Writes a model: ``model.save(filepath)``."""
    model.save(filepath, overwrite, zipped)


def model_from_json(json_string, custom_objects=None):
    """The network that ``to_json`` of Keras or Cornu describes, with new weights."""
    handle = _cornu.model_from_json(json_string, model_seed(), _registry.makers(custom_objects))
    return _model_of(handle, custom_objects)


def clone_model(model, input_tensors=None, clone_function=None, call_function=None,
                recursive=False, *, seed=None):
    """A model of the same layers with new weights."""
    _refuse("clone_model", input_tensors=input_tensors, clone_function=clone_function,
            call_function=call_function, recursive=recursive)
    if model._has_call:
        made = type(model).from_config(model.get_config())
        made._seed = model._handle.seed if seed is None else seed
        return made._built_as(model._handle) if model.built else made
    return _model_of(_cornu.clone_model(model._handle, seed))
