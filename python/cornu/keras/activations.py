"""Activations: functions of a layer's output."""

import inspect
import sys

from . import _docstrings, _parts
from ._compute import activation_of

_AXIS = {"axis": -1}
# Keras's parameters after x, with their defaults.
_PARAMETERS = {"relu": {"negative_slope": 0.0, "max_value": None, "threshold": 0.0},
               "leaky_relu": {"negative_slope": 0.2}, "elu": {"alpha": 1.0},
               "gelu": {"approximate": False}, "softmax": _AXIS, "log_softmax": _AXIS}
# The layers that take these parameters.
_LAYERS = {"relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU"}
# What parameters mean that no layer takes.
_TEXTS = {"approximate": ("bool", "Must be False: Cornu has the exact form."),
          "axis": ("int", "Axis along which the exponentials are summed; that of classes.")}


class Activation(_parts.Function):
    """An activation, which layers take and which can be called on arrays and tensors: the one of
    this ``name`` of the ``kind`` "activations".
    """

    __doc__ = _docstrings.Docstring(lambda function: function._docstring(), __doc__)

    def __init__(self, kind, name):
        super().__init__(kind, name)
        one = inspect.Parameter
        options = [one(each, one.POSITIONAL_OR_KEYWORD, default=default)
                   for each, default in _PARAMETERS.get(name, {}).items()]
        self.__signature__ = inspect.Signature([one("x", one.POSITIONAL_OR_KEYWORD), *options])

    def __call__(self, *args, **kwargs):
        """f(x), an array for an array and a tensor for a tensor."""
        given = self.__signature__.bind(*args, **kwargs).arguments
        x = given.pop("x")
        axis = given.pop("axis", -1)
        changed = {name: value for name, value in given.items()
                   if value != _PARAMETERS[self.__name__][name]}
        if changed and self.__name__ not in _LAYERS:
            raise _parts.Error(f"{self.__name__}: approximate; expected False, got "
                               f"{changed['approximate']!r}. Hint: Cornu has the exact form")
        return activation_of(_LAYERS[self.__name__] if changed else self.__name__, x, changed, axis)

    def _docstring(self):
        x, *options = self.__signature__.parameters.values()
        layer = _LAYERS.get(self.__name__)
        entries = [_docstrings.parameter(x, "array or tensor", "What it is applied to.")]
        for each in options:
            described = (_TEXTS[each.name] if layer is None else
                         _docstrings.option("layers", layer, each.name, is_none=True))
            entries.append(_docstrings.parameter(each, *described))
        return _docstrings.docstring("activations", self.__name__, entries)


def get(identifier):
    """The activation of this ``identifier``: a name, a function, or None, which is linear."""
    if callable(identifier):
        return identifier
    return getattr(sys.modules[__name__], identifier or "linear")


def serialize(activation):
    """The name of an activation."""
    return activation.__name__


def deserialize(config, custom_objects=None):
    """The activation of a ``config``, its name.

    ``custom_objects`` must be None: parts of this kind cannot be written in Python.
    """
    _parts.refuse_custom_objects(custom_objects)
    return get(config)


def _function(name, class_name):
    return Activation("activations", name)


_find, __dir__ = _parts.attributes_of(globals(), "activations", None, _function)


def __getattr__(name):
    if name in _parts.listed("activations"):
        return globals().setdefault(name, Activation("activations", name))
    return _find(name)
