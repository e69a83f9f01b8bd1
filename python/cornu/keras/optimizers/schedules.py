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
    """A schedule from a name, a configuration or a schedule."""
    return _parts.get("schedules", LearningRateSchedule, sys.modules[__name__], identifier)


def serialize(learning_rate_schedule):
    """A schedule as Keras writes it."""
    return _parts.serialize("keras.optimizers.schedules", learning_rate_schedule)


def deserialize(config, custom_objects=None):
    """A schedule from its configuration."""
    _parts.refuse_custom_objects(custom_objects)
    return get(config)


__getattr__, __dir__ = _parts.attributes_of(globals(), "schedules", LearningRateSchedule)
