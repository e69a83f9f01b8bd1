"""Losses: what training minimizes."""

import sys

from . import _own_config, _parts, _reduction
from .._cornu import Expression
from ._compute import loss_of, loss_values
from ._user_parts import OwnLoss, loss_of_library


class Loss(OwnLoss, _parts.Part):
    """What every loss is. Derive from it to write your own: ``__init__``, ``call``,
    ``get_config``.

    Parameters
    ----------
    name : str, default None
        Its name; None: made from the class.
    reduction : str or None, default 'sum_over_batch_size'
        How losses become one number on arrays: 'sum_over_batch_size' or 'mean', 'sum',
        'mean_with_sample_weight' (the sum divided by that of the weights), 'none' or None (an
        array of them). In a model it must be the mean.
    dtype : default None
        Must be None or 'float32': Cornu has no other.
    """

    def __init__(self, name=None, reduction="sum_over_batch_size", dtype=None):
        self._begin(name, reduction, dtype)

    def _set(self, given, others):
        reduction = others.get("reduction", _reduction.MEAN)
        _reduction.check(self, reduction)
        super()._set(given, {**others, "reduction": _reduction.MEAN})
        if reduction != _reduction.MEAN:
            self._without_effect = {**self._without_effect, "reduction": reduction}

    def __call__(self, y_true, y_pred, sample_weight=None):
        """The loss over these samples as ``reduction`` says, by default the mean; within another
        loss, its values.

        Parameters
        ----------
        y_true, y_pred : array
            Targets and outputs; arrays of one axis are one sample.
        sample_weight : array, default None
            Weight of each sample; None: all 1.
        """
        if isinstance(y_pred, Expression):
            if self.reduction not in (None, "none"):
                _reduction.require_mean(self)
            return self.call(y_true, y_pred) if self._is_own else loss_of_library(
                self, y_true, y_pred)
        if self.reduction in _reduction.MEANS:
            return loss_of(self, y_true, y_pred, sample_weight)
        return _reduction.reduced(self, y_true, y_pred, sample_weight)

    def get_config(self):
        """The options, every one, from which ``from_config`` makes the same loss."""
        if not self._is_own:
            return super().get_config()
        is_overridden = type(self).get_config is not Loss.get_config
        return self._own_config() if is_overridden else _own_config.remembered(
            self, self._own_config())


def get(identifier):
    """The loss of this ``identifier``: a name, a configuration or a loss."""
    module = sys.modules[__name__]
    if isinstance(identifier, str) and identifier == identifier.lower():
        canonical, _ = _parts.canonical("losses", identifier)
        return getattr(module, canonical)
    if isinstance(identifier, _parts.FunctionOfArrays):
        return identifier
    return _parts.get("losses", Loss, module, identifier)


def serialize(loss):
    """A loss as Keras writes it; the name of a function."""
    return _parts.serialize("keras.losses", loss)


def deserialize(name, custom_objects=None):
    """The loss of ``name``, a name or what ``serialize`` wrote.

    ``custom_objects`` are user-defined classes and functions by name.
    """
    made = _parts.own_from(name, custom_objects)
    return get(name) if made is None else made


def _function(name, class_name):
    return _parts.function_of_arrays("losses", name, sys.modules[__name__], _values)


def _values(loss, y_true, y_pred):
    within_another = isinstance(y_pred, Expression)
    return (loss_of_library if within_another else loss_values)(loss, y_true, y_pred)


__getattr__, __dir__ = _parts.attributes_of(globals(), "losses", Loss, _function)
