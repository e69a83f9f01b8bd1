"""Optimizers: how weights follow their gradients; ``schedules`` has learning rates by step."""

import sys

from .. import _parts
from . import schedules


class Rate(float):
    """The learning rate of an optimizer, a number ``value`` that can be assigned."""

    def __new__(cls, value, optimizer):
        made = super().__new__(cls, value)
        made._optimizer = optimizer
        return made

    def assign(self, value):
        """Sets the optimizer's learning rate to ``value``."""
        self._optimizer.learning_rate = value

    def numpy(self):
        """The number."""
        return float(self)

    def __reduce__(self):
        return float, (float(self),)


class Optimizer(_parts.Part):
    """What every optimizer is."""

    _model = None  # the handle of the model that was compiled with it

    @property
    def learning_rate(self):
        """The rate of the next step, or the schedule. It can be set, in a fit too."""
        rate = self._config["learning_rate"]
        if isinstance(rate, dict):
            return schedules.deserialize(rate)
        return Rate(rate if self._model is None else self._model.learning_rate, self)

    @learning_rate.setter
    def learning_rate(self, rate):
        if self._model is not None:
            self._model.learning_rate = float(rate)
        else:
            self._make({**self._config, "learning_rate": rate})

    lr = learning_rate


def get(identifier):
    """The optimizer of this ``identifier``: a name, a configuration or an optimizer."""
    return _parts.get("optimizers", Optimizer, sys.modules[__name__], identifier)


def serialize(optimizer):
    """An optimizer as Keras writes it."""
    return _parts.serialize("keras.optimizers", optimizer)


def deserialize(config, custom_objects=None):
    """The optimizer of a ``config``, which ``serialize`` wrote.

    ``custom_objects`` must be None: parts of this kind cannot be written in Python.
    """
    _parts.refuse_custom_objects(custom_objects)
    return get(config)


__getattr__, __dir__ = _parts.attributes_of(globals(), "optimizers", Optimizer)
