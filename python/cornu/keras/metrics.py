"""Metrics: what is counted beside the loss."""

import sys

from . import _parts
from ._compute import Counted, metric_values


class Metric(Counted, _parts.Part):
    """What every metric is: given to compile, or counted alone by ``update_state``, ``result`` and
    ``reset_state``.
    """

    @property
    def name(self):
        """Its name in logs."""
        return self._config.get("name") or self._name

    def get_config(self):
        """The options, every one, from which ``from_config`` makes the same metric."""
        return {**super().get_config(), "name": self.name, "dtype": "float32"}


def get(identifier):
    """A metric from a name, a configuration or a metric."""
    return _parts.get("metrics", Metric, sys.modules[__name__], identifier)


def serialize(metric):
    """A metric as Keras writes it; the name of a function."""
    return _parts.serialize("keras.metrics", metric)


def deserialize(config, custom_objects=None):
    """A metric from what ``serialize`` wrote."""
    _parts.refuse_custom_objects(custom_objects)
    return get(config)


def _function(name, class_name):
    return _parts.function_of_arrays("metrics", name, sys.modules[__name__], metric_values)


__getattr__, __dir__ = _parts.attributes_of(globals(), "metrics", Metric, _function)
