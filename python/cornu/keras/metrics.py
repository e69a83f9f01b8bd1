"""Metrics: what is counted beside the loss."""

import sys

from . import _parts


class Metric(_parts.Part):
    """What every metric is."""

    @property
    def name(self):
        """Its name in logs."""
        return self._config.get("name") or self._name


def get(identifier):
    """A metric from a name, a configuration or a metric."""
    return _parts.get("metrics", Metric, sys.modules[__name__], identifier)


def _function(name, class_name):
    return _parts.Function("metrics", name)


__getattr__, __dir__ = _parts.attributes_of(globals(), "metrics", Metric, _function)
