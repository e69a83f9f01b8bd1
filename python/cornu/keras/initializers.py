"""Initializers: the values of weights before training."""

import sys

from . import _parts
from .. import _cornu
from ._seed import model_seed


class Initializer(_parts.Part):
    """What every initializer is."""

    def __call__(self, shape, dtype=None):
        """Values of this shape. Without a seed the one of ``set_random_seed`` decides.

        Parameters
        ----------
        shape : tuple
            Shape of the weight.
        dtype : default None
            Must be None or 'float32': Cornu has no other.

        Returns
        -------
        array
            float32.
        """
        if dtype not in (None, "float32"):
            raise _parts.Error(f"{type(self).__name__}: expected dtype float32, got {dtype!r}")
        return _cornu.initial_values(self, tuple(shape), model_seed())


def get(identifier):
    """The initializer of this ``identifier``: a name, a configuration or an initializer."""
    return _parts.get("initializers", Initializer, sys.modules[__name__], identifier)


def serialize(initializer):
    """An initializer as Keras writes it."""
    return _parts.serialize("keras.initializers", initializer)


def deserialize(config, custom_objects=None):
    """The initializer of a ``config``, which ``serialize`` wrote.

    ``custom_objects`` must be None: parts of this kind cannot be written in Python.
    """
    _parts.refuse_custom_objects(custom_objects)
    return get(config)


def _function(name, class_name):
    return getattr(sys.modules[__name__], class_name) if class_name else get(name)


__getattr__, __dir__ = _parts.attributes_of(globals(), "initializers", Initializer, _function)
