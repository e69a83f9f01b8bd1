"""Layers."""

import sys
import weakref

from . import _parts
from .. import _cornu
from .._cornu import Error, KerasTensor
from ._weights import Variable, Weighted

# The Python objects of layers, by the layer in the library.
_known = weakref.WeakValueDictionary()


class Layer(Weighted, _parts.Part):
    """What every layer is: called on tensors, or listed in a Sequential."""

    _kind = "layers"
    _input_shape = None

    def __init__(self, *args, **kwargs):
        raise Error(f"{type(self).__name__}: layers written in Python are not there yet. "
                    "Hint: compose the layers of cornu.keras.layers in a Model")

    def _set(self, given, others):
        others = dict(others)
        shape = others.pop("input_shape", None)
        size = others.pop("input_dim", None) if "input_dim" not in given else None
        batch_shape = others.pop("batch_input_shape", None)
        if self._name == "InputLayer" and others.get("batch_shape") is not None:
            given = {**given, "shape": tuple(others.pop("batch_shape"))[1:]}
        if size is not None:
            shape = (size,)
        if batch_shape is not None:
            shape = tuple(batch_shape)[1:]
        self._input_shape = None if shape is None else tuple(shape)
        super()._set(given, others)

    def _make(self, config):
        self._take(_cornu.make_layer(self._name, config))

    def _take(self, handle):
        self._handle = handle
        _known[handle.id] = self

    def __call__(self, x):
        tensors = list(x) if isinstance(x, (list, tuple)) else [x]
        if not all(isinstance(each, KerasTensor) for each in tensors):
            raise Error(f"{self._handle.where}: a layer is called on tensors of a network, such as "
                        f"keras.Input(shape), got {type(tensors[0]).__name__}. Hint: a Model's "
                        "predict() takes arrays")
        outputs = self._handle.call(tensors)
        return outputs[0] if len(outputs) == 1 else outputs

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
        config = self._shown_config(self._handle.config)
        return {**config, "data_format": "channels_last"} if "data_format" in config else config

    def __cornu_value__(self):
        return {"class_name": self._name, "config": self._handle.config}

    def __getattr__(self, name):
        handle = self.__dict__.get("_handle")
        if handle is not None:
            for variable in self.weights:
                if variable.name == name:
                    return variable
            config = handle.config
            if name in config:
                return config[name]
        raise AttributeError(f"{type(self).__name__} has no {name!r}")


def only(tensors):
    """The only one of these, or the list of them."""
    return tensors[0] if len(tensors) == 1 else tensors


def layer_of(handle):
    """The Python object of a layer."""
    found = _known.get(handle.id)
    if found is not None:
        return found
    known = handle.type in _parts.listed("layers")
    made = object.__new__(getattr(sys.modules[__name__], handle.type) if known else Layer)
    made._take(handle)
    if not known:
        made._name = handle.type
    return made


def Input(shape=None, batch_size=None, dtype=None, name=None, **kwargs):
    """An input of a network, for samples of this shape: a tensor that layers are called on."""
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
    merge.__doc__ = f"The tensor that a layer {name} makes of these."
    return merge


for _name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
    globals()[_name.lower()] = _merging(_name)


def concatenate(inputs, axis=-1, **kwargs):
    """The tensor that a layer Concatenate makes of these."""
    return getattr(sys.modules[__name__], "Concatenate")(axis=axis, **kwargs)(inputs)


def serialize(layer):
    """A layer as Keras writes it."""
    return _parts.serialize("keras.layers", layer)


def deserialize(config, custom_objects=None):
    """A layer from what ``serialize`` wrote."""
    _parts.refuse_custom_objects(custom_objects)
    return getattr(sys.modules[__name__], config["class_name"]).from_config(config["config"])


__getattr__, __dir__ = _parts.attributes_of(globals(), "layers", Layer)
