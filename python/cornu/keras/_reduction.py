"""How the losses of samples become one number."""

import numpy as np

from .._cornu import Error
from ._arrays import as_samples, as_weights
from ._compute import Number, loss_values, rows_of

MEAN = "sum_over_batch_size"
# The mean over samples under each of its names; only TensorFlow 2.0 has the last.
MEANS = (MEAN, "mean", "auto")
TEXT = ("How losses become one number on arrays: 'sum_over_batch_size' or 'mean', 'sum', "
        "'mean_with_sample_weight' (the sum divided by that of the weights), 'none' or None (an "
        "array of them). In a model it must be the mean.")
_REDUCTIONS = (*MEANS, "mean_with_sample_weight", "sum", "none", None)


def check(loss, reduction):
    """Error unless Keras has such a reduction."""
    if reduction not in _REDUCTIONS:
        expected = ", ".join(map(repr, _REDUCTIONS))
        raise Error(f"{type(loss).__name__}: reduction; expected one of {expected}, got "
                    f"{reduction!r}")


def require_mean(loss):
    """Error unless training can minimize it, which it does with the mean. Lists and dicts of losses
    are for several outputs.
    """
    if isinstance(loss, (list, tuple, dict)):
        for each in loss.values() if isinstance(loss, dict) else loss:
            require_mean(each)
    elif getattr(loss, "reduction", MEAN) not in MEANS:
        raise Error(f"{type(loss).__name__}: reduction; expected {MEAN!r} in a model, got "
                    f"{loss.reduction!r}. Hint: the others are for a loss that is called on arrays")


def reduced(loss, y_true, y_pred, sample_weight):
    """The weighted losses of samples, or their sum, or the sum divided by that of the weights."""
    values = loss.call(*rows_of(y_true, y_pred)) if loss._is_own else loss_values(
        loss, y_true, y_pred)
    divisor = 1.0
    if sample_weight is not None:
        as_samples(y_pred, y_true, sample_weight, ["y_pred"], ["y_true"])  # checks the weights
        weights = as_weights(sample_weight, "sample_weight")
        values = values * weights.reshape(-1, *[1] * (np.ndim(values) - 1))
    if loss.reduction in (None, "none"):
        return values
    if loss.reduction == "mean_with_sample_weight":
        divisor = np.size(values) if sample_weight is None else np.sum(weights, dtype=np.float64)
    return Number(np.sum(values, dtype=np.float64) / divisor if divisor else 0.0)
