"""Losses: what training minimizes."""

import sys

from . import _parts


class Loss(_parts.Part):
    """What every loss is."""

    def __call__(self, y_true, y_pred, sample_weight=None):
        """The mean of the loss over these samples."""
        from ._compute import loss_of
        return loss_of(self, y_true, y_pred, sample_weight)


def get(identifier):
    """A loss from a name, a configuration or a loss."""
    return _parts.get("losses", Loss, sys.modules[__name__], identifier)


def _function(name, class_name):
    return _parts.Function("losses", name)


__getattr__, __dir__ = _parts.attributes_of(globals(), "losses", Loss, _function)
