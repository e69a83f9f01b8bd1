"""Regularizers: penalties on weights."""

import sys

from . import _parts
from ._compute import penalty_of


class Regularizer(_parts.Part):
    """What every regularizer is."""

    def __call__(self, x):
        """The penalty of a weight with the values ``x``."""
        return penalty_of(self, x)


def get(identifier):
    """The regularizer of this ``identifier``: a name, a configuration or a regularizer."""
    return _parts.get("regularizers", Regularizer, sys.modules[__name__], identifier)


def l1_l2(l1=0.0, l2=0.0):
    """The regularizer L1L2: the sum of both penalties, with the factors ``l1`` and ``l2``."""
    return getattr(sys.modules[__name__], "L1L2")(l1=l1, l2=l2)


def serialize(regularizer):
    """A regularizer as Keras writes it."""
    return _parts.serialize("keras.regularizers", regularizer)


def deserialize(config, custom_objects=None):
    """The regularizer of a ``config``, which ``serialize`` wrote.

    ``custom_objects`` must be None: parts of this kind cannot be written in Python.
    """
    _parts.refuse_custom_objects(custom_objects)
    return get(config)


def _function(name, class_name):
    return getattr(sys.modules[__name__], class_name)


__getattr__, __dir__ = _parts.attributes_of(globals(), "regularizers", Regularizer, _function)
