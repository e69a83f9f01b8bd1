"""Learning rates that depend on the step."""

import sys

from .. import _parts
from ... import _cornu


class LearningRateSchedule(_parts.Part):
    """What every schedule is."""

    def __call__(self, step):
        """The rate of update number ``step``, from 0."""
        return _cornu.rate_at(self, int(step))


def deserialize(config, custom_objects=None):
    """A schedule from its configuration."""
    if custom_objects:
        raise _cornu.Error("deserialize: custom_objects; schedules written in Python are not "
                           "there yet")
    return _parts.get("schedules", LearningRateSchedule, sys.modules[__name__], config)


__getattr__, __dir__ = _parts.attributes_of(globals(), "schedules", LearningRateSchedule)
