"""Layers."""

import sys
import weakref

from . import _own_config, _parts
from .. import _cornu
from .._cornu import Error
from ._own_layer import OwnLayer, called
from ._weights import Variable, Weighted

# The Python objects of layers, by the layer in the library.
_known = weakref.WeakValueDictionary()


class Layer(OwnLayer, Weighted, _parts.Part):
    """What every layer is: called on tensors, or listed in a Sequential. Derive from it to write
    your own: ``__init__``, ``build``, ``call``, ``get_config``.

    Parameters
    ----------
    trainable : bool, default True
        Whether training changes its weights.
    name : str, default None
        Name in the model; None: made from the class.
    activity_regularizer, dtype : default None
        Must be None, or 'float32' for ``dtype``: Cornu has no other.
    autocast : default True
        Changes nothing.
    **kwargs
        ``input_shape``, the shape of a sample, for the first layer of a Sequential.
    """

    _kind = "layers"
    _input_shape = None

    def __init__(self, *, activity_regularizer=None, trainable=True, dtype=None, autocast=True,
                 name=None, **kwargs):
        if activity_regularizer is not None or dtype not in (None, "float32"):
            raise Error(f"{type(self).__name__}: expected float32 and no activity_regularizer, got "
                        f"{dtype}, {activity_regularizer}. Hint: Cornu has no other")
        kwargs = self._set_input_shape(kwargs, set())
        if kwargs:
            raise Error(f"{type(self).__name__}: unknown option {next(iter(kwargs))!r}")
        self._begin(name, trainable)

    def _set(self, given, others):
        others = self._set_input_shape(others, given)
        if self._name == "InputLayer" and others.get("batch_shape") is not None:
            given = {**given, "shape": tuple(others.pop("batch_shape"))[1:]}
        super()._set(given, others)

    def _set_input_shape(self, others, given):
        others = dict(others)
        shape = others.pop("input_shape", None)
        size = others.pop("input_dim", None) if "input_dim" not in given else None
        batch_shape = others.pop("batch_input_shape", None)
        if size is not None:
            shape = (size,)
        if batch_shape is not None:
            shape = tuple(batch_shape)[1:]
        self._input_shape = None if shape is None else tuple(shape)
        return others

    def _make(self, config):
        self._take(_cornu.make_layer(self._name, config))

    def _take(self, handle):
        self._handle = handle
        _known[handle.id] = self

    def __call__(self, *x, training=None):
        """The outputs for these inputs.

        Parameters
        ----------
        *x : tensors, or a list of them
            Tensors of a network, such as ``keras.Input(shape)``, or in the ``call`` of a layer.
        training : bool, default None
            Whether the layer acts as in training, within the ``call`` of another layer; None: as
            that one does.
        """
        return called(self, x, training)

    def _layer_handle(self, tensors):
        return self._handle

    @property
    def name(self):
        """Its name; empty before it joins a model, unless it was given one."""
        return self._handle.name

    @property
    def trainable(self):
        """Whether training changes its weights; takes effect at the next compile."""
        return self._handle.trainable

    @trainable.setter
    def trainable(self, value):
        self._handle.trainable = bool(value)

    @property
    def built(self):
        """Whether it has weights."""
        return self._handle.built

    @property
    def weights(self):
        """Its weights."""
        def setter(index):
            return lambda value: self._handle.set_weight(index, value)
        if self._is_own:
            inside = [layer_of(each) for each in self._handle.layers]
            return [*self._own_weights, *(each for layer in inside for each in layer.weights)]
        return [Variable(name, value, trainable, setter(i))
                for i, (name, value, trainable) in enumerate(self._handle.weights)]

    _where = property(lambda self: self._handle.where)

    def count_params(self):
        """The number of its weights' elements."""
        return self._handle.num_weights

    @property
    def input(self):
        """Its only input."""
        return only(self._handle.inputs)

    @property
    def output(self):
        """Its only output."""
        return only(self._handle.outputs)

    def get_config(self):
        """The options, every one, from which ``from_config`` makes such a layer."""
        if self._is_own:
            base = {"name": self.name or None, "trainable": self.trainable, "dtype": "float32"}
            is_overridden = type(self).get_config is not Layer.get_config
            return base if is_overridden else _own_config.remembered(self, base)
        config = self._shown_config(self._handle.config)
        if "data_format" in config:
            config["data_format"] = config["data_format"] or "channels_last"
        if "strides" in config:
            config["strides"] = config["strides"] or config["pool_size"]
        if self._name in ("SpatialDropout1D", "SpatialDropout2D"):
            del config["trainable"]  # as in Keras
        return config

    def _as_activation(self):
        """The class and the options of this layer, as that of another layer takes it for its
        ``activation``.
        """
        config = {} if self._is_own else self._handle.config
        return {"class_name": self._name or type(self).__name__, "config": {
            name: value for name, value in config.items() if name not in ("name", "trainable")}}

    def __cornu_value__(self):
        return {"class_name": self._name or type(self).__name__, "config": self.get_config()}

    def __reduce__(self):
        return _from_config, (type(self), self.get_config())

    def __getattr__(self, name):
        handle = self.__dict__.get("_handle")
        if name == "_handle":
            raise Error(f"{type(self).__name__}: expected super().__init__(**kwargs) in its "
                        "__init__, got none")
        if handle is not None and self._name is not None:
            for variable in self.weights:
                if variable.name == name:
                    return variable
            config = handle.config
            if name in config:
                value = config[name]
                is_layer = name == "activation" and isinstance(value, dict)
                return deserialize(value) if is_layer else value
        raise AttributeError(f"{type(self).__name__} has no {name!r}")


def _from_config(made, config):
    return made.from_config(config)


def only(tensors):
    """The only one of these ``tensors``, or the list of them."""
    return tensors[0] if len(tensors) == 1 else tensors


def layer_of(handle):
    """The Python object of a layer, by the library's ``handle`` of it."""
    found = handle.user_object or _known.get(handle.id)
    if found is not None:
        return found
    known = handle.type in _parts.listed("layers")
    made = object.__new__(getattr(sys.modules[__name__], handle.type) if known else Layer)
    made._take(handle)
    if not known:
        made._name = handle.type
    return made


def Input(shape=None, batch_size=None, dtype=None, name=None, **kwargs):
    """An input of a network: a tensor that layers are called on.

    Parameters
    ----------
    shape : tuple
        Shape of one sample, without the batch axis.
    batch_size : default None
        Changes nothing.
    dtype : default None
        Must be None or 'float32': arrays of other types are converted as they are read.
    name : str, default None
        Name of the layer; None: made from its class.
    **kwargs
        ``batch_shape``, the shape of a batch, in place of ``shape``.
    """
    if shape is None and kwargs.get("batch_shape") is not None:
        shape = tuple(kwargs["batch_shape"])[1:]
    if shape is None:
        raise Error("Input: expected shape, the shape of one sample, such as (784,)")
    if dtype not in (None, "float32"):
        raise Error(f"Input: expected dtype float32, got {dtype!r}. Hint: arrays of other types "
                    "are converted as they are read")
    config = {"shape": [shape] if isinstance(shape, int) else list(shape)}
    return _cornu.input_tensor(_cornu.make_layer(
        "InputLayer", config if name is None else {**config, "name": name}))


def _merging(name):
    def merge(inputs, **kwargs):
        return getattr(sys.modules[__name__], name)(**kwargs)(inputs)
    merge.__name__ = merge.__qualname__ = name.lower()
    merge.__doc__ = f"The tensor that a layer {name} makes of these ``inputs``, a list of tensors."
    return merge


for _name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
    globals()[_name.lower()] = _merging(_name)


def concatenate(inputs, axis=-1, **kwargs):
    """The tensor that a layer Concatenate makes of these ``inputs`` along an ``axis``."""
    return getattr(sys.modules[__name__], "Concatenate")(axis=axis, **kwargs)(inputs)


def serialize(layer):
    """A layer as Keras writes it."""
    return _parts.serialize("keras.layers", layer)


def deserialize(config, custom_objects=None):
    """The layer of a ``config``, which ``serialize`` wrote.

    ``custom_objects`` are user-defined classes and functions by name.
    """
    made = _parts.own_from(config, custom_objects)
    if made is not None:
        return made
    return getattr(sys.modules[__name__], config["class_name"]).from_config(config["config"])


# Keras's other names of classes.
_OTHER_NAMES = {"Convolution1D": "Conv1D", "Convolution2D": "Conv2D",
                "MaxPool1D": "MaxPooling1D", "MaxPool2D": "MaxPooling2D",
                "AvgPool1D": "AveragePooling1D", "AvgPool2D": "AveragePooling2D",
                "GlobalMaxPool1D": "GlobalMaxPooling1D", "GlobalMaxPool2D": "GlobalMaxPooling2D",
                "GlobalAvgPool1D": "GlobalAveragePooling1D",
                "GlobalAvgPool2D": "GlobalAveragePooling2D"}
_find, _listed_names = _parts.attributes_of(globals(), "layers", Layer)


def __getattr__(name):
    if name == "NumpyLayer":  # it is written over this module
        from ._numpy_layer import NumpyLayer
        globals()[name] = NumpyLayer
        return NumpyLayer
    if name in _OTHER_NAMES:
        return getattr(sys.modules[__name__], _OTHER_NAMES[name])
    return _find(name)


def __dir__():
    return sorted({*_listed_names(), *_OTHER_NAMES})
