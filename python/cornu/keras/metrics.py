"""Metrics: what is counted beside the loss."""

import sys

from . import _own_config, _parts
from ._compute import Counted, metric_values
from ._user_parts import OwnMetric


class Metric(Counted, OwnMetric, _parts.Part):
    """What every metric is: given to compile, or counted alone by ``update_state``, ``result`` and
    ``reset_state``. Derive from it to write your own, which overrides these and ``__init__``.

    Parameters
    ----------
    dtype : default None
        Must be None or 'float32': Cornu has no other.
    name : str, default None
        Name in logs; None: made from the class.
    """

    def __init__(self, dtype=None, name=None):
        self._begin(name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts these samples.

        Parameters
        ----------
        y_true, y_pred : array
            Targets and outputs of the samples.
        sample_weight : array, default None
            Weight of each sample; None: all 1.
        """
        if self._is_own:
            raise _parts.Error(f"{type(self).__name__}: expected a method update_state(self, "
                               "y_true, y_pred, sample_weight=None), got none")
        super().update_state(y_true, y_pred, sample_weight)

    def result(self):
        """The metric over all samples since it was reset, 0 before any."""
        if self._is_own:
            raise _parts.Error(f"{type(self).__name__}: expected a method result(self), got none")
        return super().result()

    def reset_state(self):
        """Forgets the samples."""
        if self._is_own:
            self._reset_variables()
        else:
            super().reset_state()

    @property
    def name(self):
        """Its name in logs."""
        return self._own_name if self._is_own else self._config.get("name") or self._name

    def get_config(self):
        """The options, every one, from which ``from_config`` makes the same metric."""
        if not self._is_own:
            return {**super().get_config(), "name": self.name, "dtype": "float32"}
        is_overridden = type(self).get_config is not Metric.get_config
        return self._own_config() if is_overridden else _own_config.remembered(
            self, self._own_config())


def get(identifier):
    """The metric of this ``identifier``: a name, a configuration or a metric."""
    return _parts.get("metrics", Metric, sys.modules[__name__], identifier)


def serialize(metric):
    """A metric as Keras writes it; the name of a function."""
    return _parts.serialize("keras.metrics", metric)


def deserialize(config, custom_objects=None):
    """The metric of a ``config``, which ``serialize`` wrote.

    ``custom_objects`` are user-defined classes and functions by name.
    """
    made = _parts.own_from(config, custom_objects)
    return get(config) if made is None else made


def _function(name, class_name):
    return _parts.function_of_arrays("metrics", name, sys.modules[__name__], metric_values)


__getattr__, __dir__ = _parts.attributes_of(globals(), "metrics", Metric, _function)
