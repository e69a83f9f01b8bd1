"""Losses and metrics that are Python classes or functions."""

import copy

import numpy as np

from . import _own_config, _reduction, ops
from .. import _cornu
from .._cornu import Error, Expression


def call_loss(function, y_true, y_pred):
    """The expression that a loss function returns, as the library takes it: one value or several
    for each sample.
    """
    made = function(y_true, y_pred)
    if isinstance(made, ops.BatchMean):
        return made.per_sample
    if not isinstance(made, Expression):
        name = getattr(function, "__name__", type(function).__name__)
        raise Error(f"loss {name}: expected a tensor computed from y_true and y_pred by "
                    f"cornu.keras.ops, got {type(made).__name__}")
    return made


def loss_of_library(loss, y_true, y_pred):
    """The values of a loss of the library, for each sample, inside a loss that is a function."""
    return _cornu.lower_loss(loss, ops._operand(y_true), ops._operand(y_pred))


class Own:
    """What user-defined losses and metrics have in common."""

    def __new__(cls, *args, **kwargs):
        made = object.__new__(cls)
        if cls._name is None:
            _own_config.remember(made, args, kwargs)
        return made

    @property
    def _is_own(self):
        return self._name is None


class OwnLoss(Own):
    """What user-defined losses inherit from keras.losses.Loss."""

    def _begin(self, name, reduction, dtype):
        _reduction.check(self, reduction)
        if dtype not in (None, "float32"):
            raise Error(f"{type(self).__name__}: expected dtype float32, got {dtype}")
        self.name = name or _cornu.snake_case(type(self).__name__)
        self.reduction = reduction

    def call(self, y_true, y_pred):
        """The loss of ``y_pred`` for the targets ``y_true``, by ``cornu.keras.ops``: one value or
        several for each sample. Override it.
        """
        raise Error(f"{type(self).__name__}: expected a method call(self, y_true, y_pred), got "
                    "none")

    def _own_config(self):
        return {"name": self.name, "reduction": self.reduction}

    def _cornu_loss(self):
        return type(self).__name__, self.get_config(), self.call


class OwnMetric(Own):
    """What user-defined metrics inherit from keras.metrics.Metric.

    Its state is what ``add_variable`` makes, NumPy arrays. Each epoch and each evaluation is
    counted by a copy of the metric.
    """

    def _begin(self, name, dtype):
        if dtype not in (None, "float32"):
            raise Error(f"{type(self).__name__}: expected dtype float32, got {dtype}")
        self.__dict__["_variables"] = []
        self.__dict__["_own_name"] = name or _cornu.snake_case(type(self).__name__)

    def add_variable(self, shape=(), initializer="zeros", dtype=None, aggregation="sum", name=None):
        """A state that ``reset_state`` sets back.

        Parameters
        ----------
        shape : tuple, default ()
            Its shape; (): a number.
        initializer : "zeros" or "ones", default "zeros"
            Its first value.
        name : str, default None
            Its name.
        dtype, aggregation
            Change nothing: it is float64.
        """
        state = State(shape, initializer, name)
        self._variables.append(state)
        return state

    def add_weight(self, shape=(), initializer="zeros", dtype=None, name=None):
        """``add_variable(shape, initializer, dtype, name=name)``."""
        return self.add_variable(shape, initializer, dtype, name=name)

    @property
    def variables(self):
        """Its states."""
        return list(self._variables)

    def _reset_variables(self):
        for each in self._variables:
            each.reset()

    def _own_config(self):
        return {"name": self.name, "dtype": "float32"}

    def _cornu_counter(self):
        copied = copy.deepcopy(self)
        copied.reset_state()
        return copied

    def _cornu_result(self):
        # Logs may ask before anything was counted; 0 / 0 is then NaN.
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(self.result())

    def _cornu_metric(self):
        return type(self).__name__, self.name, self.get_config()


@ops.with_operators
class State:
    """A number or an array that a metric counts with, in float64."""

    def __init__(self, shape, initializer, name):
        if initializer not in ("zeros", "ones"):
            raise Error(f"add_variable: initializer; expected 'zeros' or 'ones', got "
                        f"{initializer!r}")
        self.name, self._initial = name, float(initializer == "ones")
        self._value = np.empty((shape,) if isinstance(shape, int) else tuple(shape))
        self.reset()

    shape = property(lambda self: self._value.shape)
    value = property(lambda self: self)

    def _cornu_tensor(self):
        return None

    def reset(self):
        """Sets it to its first value."""
        self._value = np.full(self._value.shape, self._initial)

    def assign(self, value):
        """Sets it to ``value``."""
        self._value = np.broadcast_to(np.asarray(value, np.float64), self._value.shape).copy()

    def assign_add(self, value):
        """Adds ``value`` to it."""
        self.assign(self._value + np.asarray(value, np.float64))

    def assign_sub(self, value):
        """Subtracts ``value`` from it."""
        self.assign(self._value - np.asarray(value, np.float64))

    def numpy(self):
        """A copy of its values."""
        return self._value.copy()

    def __float__(self):
        return float(self._value)

    def __array__(self, dtype=None, copy=None):
        return self._value.astype(dtype or np.float64)

    def __repr__(self):
        return f"<Variable {self.name} {self._value}>"
