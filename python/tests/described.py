"""What Keras says of its parts: the goldens' side of the comparison with cornu.keras.

Numbers are computed in float32 and in float64. JAX knows float64 only if it is told so before it
is imported.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_ENABLE_X64", "1")

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras.src import backend  # noqa: E402
from keras.src.backend.common import dtypes  # noqa: E402

KINDS = {"layers": keras.layers, "optimizers": keras.optimizers,
         "schedules": keras.optimizers.schedules, "regularizers": keras.regularizers,
         "initializers": keras.initializers, "losses": keras.losses, "metrics": keras.metrics}


def _take_float64_in_top_k():
    """TensorFlow's in_top_k takes float32 alone, whose order is that of the float64 numbers."""
    in_top_k = backend.math.in_top_k
    backend.math.in_top_k = lambda targets, predictions, k: in_top_k(
        targets, keras.ops.cast(predictions, "float32"), k)


if keras.backend.backend() == "tensorflow":
    _take_float64_in_top_k()


def number(x, digits=10):
    """A number in few digits."""
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    return int(x) if isinstance(x, (int, np.integer)) else float(f"{float(x):.{digits}g}")


def plain(value, digits=8):
    """A configuration or an array as JSON holds it. Nine digits keep every float32; eight are
    enough for one that was given in fewer.
    """
    if isinstance(value, dict):
        return {name: plain(each, digits) for name, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(each, digits) for each in value]
    return value if value is None or isinstance(value, str) else number(value, digits)


def set_floatx(floatx):
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(floatx)
    if keras.backend.backend() != "tensorflow":
        # Elsewhere Keras makes float32 of each float64 that it promotes, as in tanh.
        dtypes.BIT64_TO_BIT32_DTYPE["float64"] = floatx


def both(compute):
    """What a function of "float32" and "float64" gives for each, an array or a dict of them."""
    found = {}
    try:
        for floatx in ("float64", "float32"):
            set_floatx(floatx)
            found[floatx] = compute(floatx)
    finally:
        set_floatx("float32")
    return found


def numbers(compute):
    """The numbers that a function gives in float64 and in float32."""
    return {floatx: plain(np.asarray(found, np.float64)[()], 10)
            for floatx, found in both(compute).items()}


def compared(exact, rounded):
    """The numbers of a float64 run, and the farthest that those of float32 are from one."""
    exact, rounded = np.asarray(exact, np.float64), np.asarray(rounded, np.float64)
    return {"values": plain(np.ravel(exact), 10),
            "distance": number(np.max(np.abs(exact - rounded), initial=0), 3)}


def run(compute):
    """``compared`` of each array in the dict that a function of keras gives."""
    def anew(floatx):
        keras.utils.clear_session()
        set_floatx(floatx)
        return compute(keras)
    found = both(anew)
    return {name: compared(exact, found["float32"][name])
            for name, exact in found["float64"].items()}


def made(kind, name, args, kwargs):
    """A part; a schedule among the arguments is made, too."""
    schedules = keras.optimizers.schedules

    def argument(given):
        is_schedule = isinstance(given, dict) and hasattr(schedules, given["class_name"])
        return schedules.deserialize(given) if is_schedule else given
    return getattr(KINDS[kind], name)(*map(argument, args),
                                      **{each: argument(value) for each, value in kwargs.items()})


def part(kind, name, args=(), kwargs=None):
    """How a part is made, and its configuration."""
    kwargs = kwargs or {}
    return {"class": name, "args": list(args), "kwargs": kwargs,
            "config": plain(made(kind, name, args, kwargs).get_config())}


def loss(name, kwargs, y_true, y_pred, sample_weight=None):
    """A loss: what it gives, with weights too, and as a function its value for each sample."""
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred, np.float32)
    options = {each: value for each, value in kwargs.items() if each != "reduction"}
    function = getattr(keras.losses, name)().fn

    def called(*weights):
        return numbers(lambda floatx: getattr(keras.losses, name)(**kwargs)(
            y_true, y_pred.astype(floatx), *weights))
    return {**part("losses", name, [], kwargs), "function": function.__name__,
            "y_true": plain(y_true, 9), "y_pred": plain(y_pred, 9), "result": called(),
            "values": numbers(lambda floatx: function(y_true, y_pred.astype(floatx), **options)),
            "sample_weight": None if sample_weight is None else plain(np.asarray(sample_weight), 9),
            "weighted": None if sample_weight is None else called(np.asarray(sample_weight))}


def metric(name, kwargs, counts):
    """A metric counted several times anew; a count is a list of (y_true, y_pred, sample_weight).
    It has what the metric gives after each of them.
    """
    counts = [[(np.asarray(y_true), np.asarray(y_pred, np.float32),
                None if weight is None else np.asarray(weight))
               for y_true, y_pred, weight in count] for count in counts]

    def results(floatx):
        counted = made("metrics", name, [], kwargs)
        all_results = []
        for count in counts:
            counted.reset_state()
            for y_true, y_pred, weight in count:
                counted.update_state(y_true, y_pred.astype(floatx), weight)
                all_results.append(float(counted.result()))
        return all_results
    return {**part("metrics", name, [], kwargs), "results": numbers(results), "counts": [
        [{"y_true": plain(y_true, 9), "y_pred": plain(y_pred, 9),
          "sample_weight": None if weight is None else plain(weight, 9)}
         for y_true, y_pred, weight in count] for count in counts]}


def schedule(name, args, kwargs, steps):
    """A schedule with its rates at these steps."""
    def rates(floatx):
        # Keras on TensorFlow makes float32 of a Python float, whatever floatx is.
        is_rounded = floatx == "float64" and keras.backend.backend() == "tensorflow"

        def exact(value):
            return np.float64(value) if isinstance(value, float) and is_rounded else value
        at = made("schedules", name, [exact(each) for each in args],
                  {option: exact(value) for option, value in kwargs.items()})
        return [float(at(step)) for step in steps]
    return {**part("schedules", name, args, kwargs), "rates": numbers(rates)}


def initializer(name, args, kwargs, shape):
    """An initializer, with mean, deviation and largest of many values, in as many digits as are
    the same on every CPU.
    """
    values = np.asarray(made("initializers", name, args, kwargs)(shape), np.float64)
    return {**part("initializers", name, args, kwargs), "shape": list(shape),
            "mean": number(values.mean(), 5), "std": number(values.std(), 5),
            "largest": number(np.abs(values).max(), 5)}


def regularizer(name, args, kwargs, x):
    """A regularizer with the penalty of an array."""
    x = np.asarray(x, np.float32)
    return {**part("regularizers", name, args, kwargs), "x": plain(x, 9), "penalty": numbers(
        lambda floatx: made("regularizers", name, args, kwargs)(x.astype(floatx)))}


def activation(name, kwargs, x):
    """An activation with its values at those of an array."""
    x = np.asarray(x, np.float32)
    return {"name": name, "kwargs": kwargs, "x": plain(x, 9), "y": numbers(
        lambda floatx: getattr(keras.activations, name)(x.astype(floatx), **kwargs))}


def callback(name, args, kwargs):
    """A callback with the attributes that it has by the names of its parameters."""
    attributes = vars(getattr(keras.callbacks, name)(*args, **kwargs))
    return {"class": name, "args": list(args), "kwargs": kwargs, "attributes": {
        each: plain(value) for each, value in sorted(attributes.items())
        if not each.startswith("_") and isinstance(value, (bool, int, float, str))}}


def name_of(found):
    """The name of a function or of a part's class."""
    return getattr(found, "__name__", None) or type(found).__name__


def names(kind, known):
    """What ``get`` makes of each name."""
    found = {each: getattr(keras, kind).get(each) for each in known}
    return {each: value if isinstance(value, str) else name_of(value)
            for each, value in found.items()}
