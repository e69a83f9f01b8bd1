"""Losses: what training minimizes."""

import sys

from . import _parts
from ._compute import loss_of, loss_values


class Loss(_parts.Part):
    """What every loss is."""

    def __call__(self, y_true, y_pred, sample_weight=None):
        """The mean of the loss over these samples."""
        return loss_of(self, y_true, y_pred, sample_weight)


def get(identifier):
    """A loss from a class's name, a configuration or a loss; a function from its name."""
    module = sys.modules[__name__]
    if isinstance(identifier, str) and identifier == identifier.lower():
        canonical, _ = _parts.canonical("losses", identifier)
        return getattr(module, canonical)
    if isinstance(identifier, _parts.FunctionOfArrays):
        return identifier
    return _parts.get("losses", Loss, module, identifier)


def serialize(loss):
    """A loss as Keras writes it; the name of a function."""
    return _parts.serialize("keras.losses", loss)


def deserialize(name, custom_objects=None):
    """A loss from what ``serialize`` wrote."""
    _parts.refuse_custom_objects(custom_objects)
    return get(name)


def _function(name, class_name):
    return _parts.function_of_arrays("losses", name, sys.modules[__name__], loss_values)


__getattr__, __dir__ = _parts.attributes_of(globals(), "losses", Loss, _function)
