"""Initializers: the values of weights before training."""

import sys

from . import _parts


class Initializer(_parts.Part):
    """What every initializer is."""


def get(identifier):
    """An initializer from a name, a configuration or an initializer."""
    return _parts.get("initializers", Initializer, sys.modules[__name__], identifier)


def _function(name, class_name):
    return getattr(sys.modules[__name__], class_name) if class_name else get(name)


__getattr__, __dir__ = _parts.attributes_of(globals(), "initializers", Initializer, _function)
