"""Operations under Keras's names, on three kinds of values:

* tensors of a network, such as ``keras.Input(shape)``, where they make layers;
* tensors in a loss or in the call() of a layer. These functions run when a plan is made, gradients
  are derived from what they compute, and training calls no Python;
* NumPy arrays. Sums, products and the like are NumPy's; exp, log and activations are those of the
  library, so that they give the same bits as in a network.
"""

import builtins
import numbers

import numpy as np

from . import _tracing
from .. import _cornu
from .._cornu import Error, Expression, KerasTensor

__all__ = ["abs", "absolute", "add", "cast", "clip", "concatenate", "convert_to_numpy",
           "convert_to_tensor", "divide", "elu", "exp", "expand_dims", "gelu", "greater",
           "greater_equal", "hard_sigmoid", "leaky_relu", "less", "less_equal", "log",
           "log_softmax", "matmul", "maximum", "mean", "minimum", "multiply", "negative",
           "ones_like", "power", "reciprocal", "relu", "relu6", "reshape", "rsqrt", "selu", "shape",
           "sigmoid", "silu", "softmax", "softplus", "softsign", "sqrt", "square", "squeeze",
           "subtract", "sum", "swish", "tanh", "true_divide", "where", "zeros_like"]


class BatchMean:
    """The mean of a loss over the whole batch: numbers may be added to it and multiplied with it,
    and other means of the batch added.
    """

    def __init__(self, per_sample):
        self.per_sample = per_sample

    def __neg__(self):
        return BatchMean(-self.per_sample)

    def __add__(self, other):
        other = other.per_sample if isinstance(other, BatchMean) else _number("add", other)
        return BatchMean(self.per_sample + other)

    __radd__ = __add__

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __mul__(self, other):
        return BatchMean(self.per_sample * _number("multiply", other))

    __rmul__ = __mul__

    def __truediv__(self, other):
        return BatchMean(self.per_sample / _number("divide", other))


def is_tensor(x):
    """Whether x is a tensor of a network, or in a loss or layer."""
    return isinstance(x, (Expression, KerasTensor))


def _operand(x):
    # A weight stands for its tensor while a call is traced.
    tensor = getattr(type(x), "_cornu_tensor", None)
    if tensor is None:
        return x
    traced = tensor(x)
    return x.numpy() if traced is None else traced


def _number(name, x):
    if isinstance(x, numbers.Real):
        return float(x)
    if isinstance(x, (np.ndarray, np.generic)) and np.ndim(x) == 0:
        return float(x)
    if isinstance(x, BatchMean):
        raise Error(f"ops.{name}: the mean over a batch can only be multiplied with numbers and "
                    "added. Hint: ops.mean(x, axis=-1) is the mean of each sample")
    hint = (". Hint: an array becomes a weight: self.add_weight(shape=..., "
            "initializer=lambda shape, dtype=None: array, trainable=False)"
            if isinstance(x, np.ndarray) else "")
    raise Error(f"ops.{name}: expected a tensor, a weight or a number, got "
                f"{type(x).__name__}{hint}")


def _apply(name, operands, on_arrays, **options):
    """A function of tensors and numbers by the library, of arrays by ``on_arrays``."""
    operands = [_operand(each) for each in operands]
    tensors = [each for each in operands if is_tensor(each)]
    if not tensors:
        for each in operands:
            if isinstance(each, BatchMean):
                _number(name, each)
        return on_arrays(*operands)
    for place, each in enumerate(operands):
        if not is_tensor(each):
            side = "left" if place == builtins.max(0, len(operands) - 2) else "right"
            options[side] = _number(name, each)
    if all(isinstance(each, KerasTensor) for each in tensors):
        layer = _layer(name, tensors, options)
        if layer is not None:
            return layer.call(tensors)[0]
    return _cornu.operate(name, tensors, options)


_MERGING = {"add": "Add", "subtract": "Subtract", "multiply": "Multiply", "maximum": "Maximum",
            "minimum": "Minimum"}


def _layer(name, tensors, options):
    """Keras's layer for a function of a network's tensors, if there is one."""
    if name == "concatenate":
        return _cornu.make_layer("Concatenate", {"axis": options["axis"][0]})
    if name == "reshape":
        return _cornu.make_layer("Reshape", {"target_shape": options["shape"]})
    if name in _MERGING and len(tensors) == 2 and tensors[0].shape == tensors[1].shape:
        return _cornu.make_layer(_MERGING[name], {})
    if name == "negative":
        return _rescaling(-1.0, 0.0)
    if name in ("add", "subtract", "multiply") and len(tensors) == 1:
        number = options.get("left", options.get("right"))
        if name == "multiply":
            return _rescaling(number, 0.0)
        if name == "add":
            return _rescaling(1.0, number)
        return _rescaling(-1.0, number) if "left" in options else _rescaling(1.0, -number)
    if name in _ACTIVATIONS and not options:
        return _cornu.make_layer("Activation", {"activation": name})
    if name == "softmax":
        return _cornu.make_layer("Softmax", {"axis": options["axis"][0]})
    return None


def _rescaling(scale, offset):
    return _cornu.make_layer("Rescaling", {"scale": scale, "offset": offset})


def _by_library(name):
    def on_arrays(x):
        from ._compute import operation_of
        return operation_of(name, x)
    return on_arrays


def _unary(name, on_arrays, note=""):
    def operation(x):
        return _apply(name, [x], on_arrays)
    return _named(operation, name, f"{name}(x), element by element{note}.")


def _binary(name, on_arrays, note=""):
    def operation(x1, x2):
        return _apply(name, [x1, x2], on_arrays)
    return _named(operation, name, f"{name}(x1, x2), element by element{note}.")


def _named(operation, name, text):
    operation.__name__ = operation.__qualname__ = name
    operation.__doc__ = text
    return operation


_ACTIVATIONS = ("relu", "relu6", "sigmoid", "tanh", "softplus", "softsign", "silu", "selu",
                "hard_sigmoid", "elu", "gelu", "leaky_relu", "softmax", "log_softmax")

relu, relu6, sigmoid, tanh, softplus, softsign, silu, selu, hard_sigmoid = (
    _unary(name, _by_library(name)) for name in _ACTIVATIONS[:9])
swish = silu
exp = _unary("exp", _by_library("exp"))
log = _unary("log", _by_library("log"))
negative = _unary("negative", np.negative)
abs = absolute = _unary("abs", np.abs)
square = _unary("square", np.square)
sqrt = _unary("sqrt", np.sqrt)
add = _binary("add", np.add)
subtract = _binary("subtract", np.subtract)
multiply = _binary("multiply", np.multiply)
divide = true_divide = _binary("divide", np.divide)
maximum = _binary("maximum", np.maximum)
minimum = _binary("minimum", np.minimum)
_COMPARED = ": 1 or 0 of tensors, a bool of arrays"
less = _binary("less", np.less, _COMPARED)
less_equal = _binary("less_equal", np.less_equal, _COMPARED)
greater = _binary("greater", np.greater, _COMPARED)
greater_equal = _binary("greater_equal", np.greater_equal, _COMPARED)


def power(x1, x2):
    """x1 to the power of x2, a number: of tensors 0.5, or a whole number of at most 16."""
    return _apply("power", [x1, x2], np.power)


def reciprocal(x):
    """1 / x."""
    return divide(1.0, x)


def rsqrt(x):
    """1 / sqrt(x)."""
    return divide(1.0, sqrt(x))


def clip(x, x_min, x_max):
    """x, but x_min below it and x_max above it, which are numbers."""
    return _apply("clip", [x, x_min, x_max], np.clip)


def where(condition, x1=None, x2=None):
    """x1 where the condition is not 0, else x2."""
    if x1 is None or x2 is None:
        raise Error("ops.where: expected a condition and two values")
    return _apply("where", [condition, x1, x2], np.where)


def elu(x, alpha=1.0):
    """x, or alpha (exp(x) - 1) below 0; alpha must be 1."""
    return _with_default("elu", x, alpha=(alpha, 1.0))


def gelu(x, approximate=True):
    """x by the share of a normal distribution below it; exactly only, with approximate=False."""
    return _with_default("gelu", x, approximate=(approximate, False))


def leaky_relu(x, negative_slope=0.2):
    """x, or negative_slope x below 0; negative_slope must be 0.2."""
    return _with_default("leaky_relu", x, negative_slope=(negative_slope, 0.2))


def softmax(x, axis=-1):
    """exp(x) divided by its sum along an axis, of tensors another than the batch's."""
    return _along_axis("softmax", x, axis)


def log_softmax(x, axis=-1):
    """The logarithm of softmax(x, axis)."""
    return _along_axis("log_softmax", x, axis)


def _along_axis(name, x, axis):
    along_last = _by_library(name)
    shape = x.shape if hasattr(x, "shape") else np.shape(x)
    if axis in (-1, len(shape) - 1):
        return _apply(name, [x], along_last)

    def on_arrays(x):
        return np.moveaxis(along_last(np.moveaxis(np.asarray(x), axis, -1)), -1, axis)
    return _apply(name, [x], on_arrays, axis=[int(axis)])


def _with_default(name, x, **parameters):
    for parameter, (given, only) in parameters.items():
        if given != only:
            raise Error(f"ops.{name}: {parameter}; expected {only}, got {given!r}. Hint: Cornu has "
                        "no other")
    return _apply(name, [x], _by_library(name))


def sum(x, axis=None, keepdims=False):
    """The sum of x over axis: one or several, None: all. The batch axis of tensors cannot be one.

    With keepdims these axes stay, with extent 1.
    """
    x = _operand(x)
    if isinstance(x, Expression) and axis is None and _has_batch(x):
        raise Error("ops.sum: expected the axes, such as axis=-1, got None, which includes the "
                    "batch's. Hint: the mean of a loss over the batch is taken anyway")
    return _reduced("sum", x, axis, keepdims, np.sum)


def mean(x, axis=None, keepdims=False):
    """The mean of x over axis: one or several, None: all. In a loss, the mean over all of them is
    the mean over the batch.

    With keepdims these axes stay, with extent 1.
    """
    x = _operand(x)
    if isinstance(x, Expression) and axis is None and _has_batch(x):
        return BatchMean(x if len(x.shape) == 1 else _cornu.operate("mean", [x], {}))
    return _reduced("mean", x, axis, keepdims, np.mean)


def _has_batch(x):
    return len(x.shape) > 0 and x.shape[0] is None


def _reduced(name, x, axis, keepdims, on_arrays):
    if not is_tensor(x):
        return on_arrays(x, axis=axis, keepdims=keepdims)
    if axis is None and _has_batch(x):
        axis = range(len(x.shape))
    axes = [axis] if isinstance(axis, numbers.Integral) else list(axis or ())
    if axis is not None and not axes:
        return x
    return _apply(name, [x], on_arrays, axis=axes, keepdims=bool(keepdims))


def matmul(x1, x2):
    """x1 times x2 along the last axis of x1; of tensors, x2 is a weight (depth, units)."""
    return _apply("matmul", [x1, x2], np.matmul)


def reshape(x, newshape):
    """The elements of x under newshape, of which the first axis of tensors is -1 or None."""
    x = _operand(x)
    if not is_tensor(x):
        return np.reshape(x, newshape)
    extents = list(newshape)
    if _has_batch(x):
        first = extents.pop(0) if extents else 0
        if first not in (-1, None):
            raise Error(f"ops.reshape: expected -1 or None for the batch axis, got {first}")
    return _apply("reshape", [x], np.reshape, shape=extents)


def expand_dims(x, axis):
    """x with an axis of extent 1 at ``axis``, counted in the result."""
    extents = list(np.shape(x) if not is_tensor(_operand(x)) else _operand(x).shape)
    extents.insert(axis if axis >= 0 else axis + len(extents) + 1, 1)
    return reshape(x, extents)


def squeeze(x, axis=None):
    """x without its axes of extent 1, or without this axis."""
    if not is_tensor(_operand(x)):
        return np.squeeze(x, axis)
    extents = list(_operand(x).shape)
    gone = ([i for i, extent in enumerate(extents) if extent == 1] if axis is None
            else [axis % len(extents)])
    for i in gone:
        if extents[i] != 1:
            raise Error(f"ops.squeeze: expected an axis of extent 1, got axis {i} of "
                        f"{tuple(extents)}")
    return reshape(x, [extent for i, extent in enumerate(extents) if i not in gone])


def concatenate(xs, axis=0):
    """The arrays or tensors xs side by side along axis; of tensors another than the batch's."""
    return _apply("concatenate", list(xs), lambda *arrays: np.concatenate(arrays, axis),
                  axis=[int(axis)])


def shape(x):
    """The shape of x, with None for the batch axis of tensors."""
    return tuple(x.shape) if is_tensor(x) else np.shape(x)


def cast(x, dtype):
    """An array x in another dtype; tensors are float32, and stay so."""
    if not is_tensor(_operand(x)):
        return np.asarray(x, dtype)
    if np.dtype(getattr(dtype, "name", dtype)) != np.float32:
        raise Error(f"ops.cast: expected float32, which tensors are, got {dtype}")
    return x


def convert_to_tensor(x, dtype=None):
    """A tensor x as it is, an array of anything else, of this dtype."""
    return x if is_tensor(_operand(x)) else np.asarray(x, dtype)


def convert_to_numpy(x):
    """An array of x: an array, a weight or a list."""
    if is_tensor(_operand(x)):
        raise Error("ops.convert_to_numpy: a tensor has no values while it is traced. Hint: "
                    "keras.layers.NumpyLayer computes on arrays")
    return np.asarray(x)


def ones_like(x):
    """1 in the shape of x."""
    return _constant_as(x, 1.0)


def zeros_like(x):
    """0 in the shape of x."""
    return _constant_as(x, 0.0)


def _constant_as(x, value):
    return _apply("clip", [x, value, value],
                  lambda array, *_: np.full_like(np.asarray(array), value))


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise AttributeError(f"cornu.keras.ops has no {name!r}; expected one of "
                         f"{_cornu.nearest_first(name, __all__)}")


_OPERATORS = {"add": add, "sub": subtract, "mul": multiply, "truediv": divide, "matmul": matmul,
              "pow": power}
_COMPARISONS = {"lt": less, "le": less_equal, "gt": greater, "ge": greater_equal}


def with_operators(made):
    """Gives a class Python's operators."""
    def both(function):
        return (lambda self, other: function(self, other),
                lambda self, other: function(other, self))
    for name, function in _OPERATORS.items():
        forward, backward = both(function)
        setattr(made, f"__{name}__", forward)
        setattr(made, f"__r{name}__", backward)
    for name, function in _COMPARISONS.items():
        setattr(made, f"__{name}__", both(function)[0])
    made.__neg__ = lambda self: negative(self)
    made.__abs__ = lambda self: abs(self)
    made.__array_ufunc__ = None  # NumPy's arrays leave operators to the other side
    return made


def _no_value(what, hint):
    def fail(self, *args, **kwargs):
        raise Error(f"{what}: a tensor has no values while a network, loss or layer is described. "
                    f"Hint: {hint}")
    return fail


for _type in (Expression, KerasTensor):
    with_operators(_type)
    _type.__bool__ = _no_value("bool", "ops.where(condition, a, b) chooses by element")
    _type.__array__ = _no_value("np.asarray", "ops.* are the functions of tensors; "
                                "keras.layers.NumpyLayer computes on arrays")
    _type.__getitem__ = _no_value("x[...]", "a Reshape, or two layers instead of one, do without")
    _type.__iter__ = _no_value("iteration", "ops.* compute with whole tensors")
    _type.__float__ = _no_value("float", "ops.* are the functions of tensors")
