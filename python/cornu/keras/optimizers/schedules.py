"""Learning rates that depend on the step."""

import sys

from .. import _parts
from ... import _cornu


class LearningRateSchedule(_parts.Part):
    """What every schedule is."""

    def __call__(self, step):
        """The rate of update number ``step``, from 0."""
        return _cornu.rate_at(self, int(step))


def get(identifier):
    """The schedule of this ``identifier``: a name, a configuration or a schedule."""
    return _parts.get("schedules", LearningRateSchedule, sys.modules[__name__], identifier)


def serialize(learning_rate_schedule):
    """A ``learning_rate_schedule`` as Keras writes it."""
    return _parts.serialize("keras.optimizers.schedules", learning_rate_schedule)


def deserialize(config, custom_objects=None):
    """The schedule of a ``config``, which ``serialize`` wrote.

    ``custom_objects`` must be None: parts of this kind cannot be written in Python.
    """
    _parts.refuse_custom_objects(custom_objects)
    return get(config)


__getattr__, __dir__ = _parts.attributes_of(globals(), "schedules", LearningRateSchedule)
