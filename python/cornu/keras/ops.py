"""Operations: on the tensors of a loss that is a Python function, and on arrays.

``def error(y_true, y_pred): return ops.square(y_pred - y_true)`` is a loss. The library derives
its gradient and calls no Python while it trains: the function runs once, when the plan is made.
The mean over samples and elements is taken of what it returns.
"""

import numpy as np

from .. import _cornu
from .._cornu import Error, Expression

__all__ = ["abs", "absolute", "add", "exp", "maximum", "minimum", "multiply", "negative", "relu",
           "sigmoid", "softplus", "square", "subtract", "tanh"]


def _unary(name, on_arrays):
    def operation(x):
        if isinstance(x, Expression):
            return getattr(x, name)()
        return on_arrays(x)
    operation.__name__ = operation.__qualname__ = name
    operation.__doc__ = f"{name}(x), element by element."
    return operation


def _activation(name):
    def on_arrays(x):
        from ._compute import activation_of
        return activation_of(name, x)
    return _unary(name, on_arrays)


def _binary(name, on_arrays):
    def operation(x1, x2):
        if isinstance(x1, Expression) and isinstance(x2, Expression):
            return getattr(x1, name)(x2)
        if isinstance(x1, Expression) or isinstance(x2, Expression):
            raise Error(f"ops.{name}: expected two tensors of a loss, got "
                        f"{type(x1).__name__} and {type(x2).__name__}")
        return on_arrays(x1, x2)
    operation.__name__ = operation.__qualname__ = name
    operation.__doc__ = f"{name}(x1, x2), element by element."
    return operation


square = _unary("square", np.square)
abs = absolute = _unary("abs", np.abs)
exp = _unary("exp", np.exp)
tanh, sigmoid, softplus, relu = map(_activation, ("tanh", "sigmoid", "softplus", "relu"))
maximum = _binary("maximum", np.maximum)
minimum = _binary("minimum", np.minimum)


def add(x1, x2):
    """x1 + x2."""
    return x1 + x2


def subtract(x1, x2):
    """x1 - x2."""
    return x1 - x2


def multiply(x1, x2):
    """x1 * x2."""
    return x1 * x2


def negative(x):
    """-x."""
    return -x


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    hint = ". Hint: the mean of a loss is taken anyway" if name in ("mean", "sum") else ""
    raise AttributeError(f"cornu.keras.ops has no {name!r}; expected one of "
                         f"{_cornu.nearest_first(name, __all__)}{hint}")
