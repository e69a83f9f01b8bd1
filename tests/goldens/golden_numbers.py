"""Shared by the scripts that make goldens: numbers to feed Keras, and gradients of its outputs."""

import os

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

tf.get_logger().setLevel("ERROR")


def single(values):
    """Float32 values, as float64: float32 and float64 code start from the same numbers."""
    return np.asarray(values, np.float64).astype(np.float32).astype(np.float64)


def spread(count, multiplier, offset, modulus, low, high):
    """low + (high - low) * ((k * multiplier + offset) mod modulus) / modulus for k < count."""
    k = np.arange(count)
    return single(low + (high - low) * ((k * multiplier + offset) % modulus) / modulus)


MAGNITUDES = single([0, 1e-30, 1, 20, 88, 104, 1e4])
AWKWARD = np.stack([MAGNITUDES, -MAGNITUDES], 1).ravel()  # 0, -0, 1e-30, -1e-30, 1, ...


def use(dtype):
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)


def value_and_gradients(function, inputs, dy=None):
    """The function's value, and the gradient of each input given dy (ones where it is None),
    inside a graph as in fit()."""

    @tf.function
    def run(*tensors):
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            y = function(*tensors)
        seed = tf.ones_like(y) if dy is None else tf.constant(dy, y.dtype)
        return y, tape.gradient(y, tensors, output_gradients=seed)

    y, gradients = run(*map(tf.constant, inputs))
    return y.numpy(), [None if g is None else tf.convert_to_tensor(g).numpy() for g in gradients]


def error(found, exact):
    """The largest difference, as a share of the largest number."""
    largest = np.abs(exact).max(initial=0)
    return np.abs(found - exact).max(initial=0) / largest if largest > 0 else 0.0


def both(function):
    """{key: array} of Keras in float64, with {key}_error of the same in float32 beside each.

    `function(cast)` computes them; cast(array) gives it in the dtype of the run."""
    use("float32")
    narrow = function(lambda array: np.asarray(array).astype(np.float32))
    use("float64")
    wide = function(lambda array: np.asarray(array, np.float64))
    tensors = {}
    for key, exact in wide.items():
        exact = np.asarray(exact, np.float64)
        tensors[key] = exact
        tensors[key + "_error"] = np.float64(error(np.asarray(narrow[key], np.float64), exact))
    return tensors
