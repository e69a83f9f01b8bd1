"""Activations: functions of a layer's output."""

import sys

from . import _parts


class Activation(_parts.Function):
    """An activation, which layers take and which can be called on arrays and tensors."""

    def __call__(self, x):
        """f(x), an array for an array and a tensor for a tensor."""
        from ._compute import activation_of
        return activation_of(self.__name__, x)


def get(identifier):
    """An activation from a name or an activation; None is linear."""
    if isinstance(identifier, Activation):
        return identifier
    return getattr(sys.modules[__name__], identifier or "linear")


def serialize(activation):
    """The name of an activation."""
    return activation.__name__


def deserialize(config, custom_objects=None):
    """An activation from its name."""
    if custom_objects:
        raise _parts.Error("deserialize: custom_objects; activations written in Python are not "
                           "there yet")
    return get(config)


def _function(name, class_name):
    return Activation("activations", name)


_find, __dir__ = _parts.attributes_of(globals(), "activations", None, _function)


def __getattr__(name):
    if name in _parts.listed("activations"):
        return globals().setdefault(name, Activation("activations", name))
    return _find(name)
