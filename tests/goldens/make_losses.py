#!/usr/bin/env python3
"""Makes losses.safetensors: every loss alone, in Keras.

<name>/<case>/{y_true, y_pred}, and {loss, dy_pred} in float64, each with the same of float32 as
{loss, dy_pred}_error. loss has the values of Keras's function, one per row, or for outputs of three
axes one per line along the last; dy_pred is the gradient of the plain sum of those values. Inside a
graph, as in fit().

Cases: rows_of_1, rows_of_3, rows_of_17 lie where the loss is smooth; three_axes has two lines per row;
awkward has zeros of both signs, ones, exact hits, negatives, tiny and huge numbers; at_kinks has
inputs exactly on a kink; a case named like an option has that option. Under logits y_pred is the
input of the sigmoid or softmax before the loss, and the loss recovers it, as Keras's TensorFlow
backend does; under from_logits the option says so.

cosine_similarity has no dy_pred in of_zeros, where Keras's is NaN, nor in rows_of_1, where it is 0
but for rounding.

    python3 tests/goldens/make_losses.py
"""

import numpy as np
from golden_file import save
from golden_numbers import both, keras, single, spread, tf, value_and_gradients

PROBABILITIES = (
    "categorical_crossentropy sparse_categorical_crossentropy binary_crossentropy kl_divergence"
).split()
POSITIVE = "mean_squared_logarithmic_error poisson".split()
SIGNED = "hinge squared_hinge".split()
ONE_HOT = "categorical_crossentropy categorical_hinge".split()
REGRESSION = (
    "mean_squared_error mean_absolute_error mean_absolute_percentage_error huber log_cosh "
    "cosine_similarity"
).split()
NAMES = [*PROBABILITIES, *POSITIVE, *SIGNED, "categorical_hinge", *REGRESSION]


def labels_of(rows, classes):
    return np.arange(rows) * 7 % classes


def targets(name, shape):
    size = int(np.prod(shape))
    if name in ONE_HOT:
        lines = size // shape[-1]
        return np.eye(shape[-1])[labels_of(lines, shape[-1])].reshape(shape)
    if name == "binary_crossentropy":
        return (np.arange(size) % 3 == 0).astype(np.float64).reshape(shape)
    if name in SIGNED:
        return np.where(np.arange(size) % 3 == 0, 1.0, -1.0).reshape(shape)
    if name == "kl_divergence":
        return spread(size, 29, 5, 61, 0.02, 0.9).reshape(shape)
    if name in POSITIVE:
        return spread(size, 29, 5, 61, 0, 6).reshape(shape)
    return spread(size, 29, 5, 61, -3, 3).reshape(shape)


def outputs(name, shape):
    size = int(np.prod(shape))
    low, high = (0.03, 0.95) if name in PROBABILITIES else (0.05, 5) if name in POSITIVE else (-3, 3)
    return spread(size, 37, 11, 101, low, high).reshape(shape)


def pairs(*columns):
    """Pairs (t, p) as two arrays of rows of three."""
    t, p = np.array(sum(columns, []), np.float64).T
    return single(t.reshape(-1, 3)), single(p.reshape(-1, 3))


def smooth(name):
    for shape in ((5, 1), (7, 3), (4, 17), (3, 2, 5)):
        case = "three_axes" if len(shape) == 3 else f"rows_of_{shape[-1]}"
        yield case, targets(name, shape), outputs(name, shape), {}


def of_regression(name):
    huge = [(0.5, 1e4), (-1e4, 1e4), (1e-30, 2e-30), (1e6, 1), (3, 3.0001), (0, 1e-4)]
    if name == "mean_absolute_percentage_error":
        yield "awkward", *pairs([(1, -1), (2, 2), (-4, 1e4), (1e4, 1), (5, 5.0001), (-1, 0)]), {}
        yield "small_targets", *pairs([(0, 0.5), (-0.0, -1), (1e-9, 2), (1e-30, -1), (0, 0), (2e-7, 1)]), {}
    elif name == "cosine_similarity":
        t, p = pairs(huge, [(1, 1), (0, 1), (0, 2), (1, 0), (0, -1), (0, 0)])
        yield "awkward", t, p, {}
        t = single([[3, 4, 0], [1, 2, 3], [1e-9, 1e-9, 0], [0, 0, 0]])
        p = single([[6, 8, 0], [-2, -4, -6], [1, 2, 3], [1, 2, 3]])
        yield "aligned", t, p, {}
        yield "short", single([[1, 2, 2], [3, 0, 4]]), single([[1e-9, 0, 0], [2e-8, -1e-8, 0]]), {}
        yield "of_zeros", single([[1, 2, 2], [0, 0, 0]]), np.zeros((2, 3)), {}
    else:
        yield "awkward", *pairs([(0, 0), (-0.0, 0), (1, 1), (1, -1), (3, 3.0001), (0, 1e-30)]), {}
        yield "huge", *pairs(huge), {}
        yield "at_kinks", *pairs([(0, 1), (1, 0), (0, -1), (2, 2), (-2, -2), (0, 0)]), {}
    if name == "huber":
        for delta in (0.25, 2.0):
            t, p = targets(name, (6, 3)), outputs(name, (6, 3))
            t[0], p[0] = 0, [delta, -delta, 2 * delta]
            yield f"delta_{delta}", t, p, {"delta": delta}


def of_probabilities(name):
    if name == "kl_divergence":
        inside = [(0.5, 0.5), (1, 1), (1, 1e-6), (0, 0.5), (1e-9, 0.25), (0.25, 0.75)]
        yield "awkward", *pairs(inside), {}
        yield "outside", *pairs([(0.5, 0), (0.5, -1), (2, 0.5), (0.5, 1.5), (1, 1e-8), (-1, 0.2)]), {}
    elif name == "binary_crossentropy":
        inside = [(1, 0.5), (0, 0.5), (0.25, 0.75), (1, 1e-6), (0, 0.999), (0.5, 1e-3)]
        yield "awkward", *pairs(inside), {}
        yield "outside", *pairs([(1, 0), (0, 1), (1, 1), (0, 0), (0.5, -1), (0.5, 2)]), {}
        t, p = targets(name, (7, 3)), outputs(name, (7, 3))
        yield "label_smoothing", t, p, {"label_smoothing": 0.1}
    elif name == "categorical_crossentropy":
        t, p = targets(name, (7, 3)), outputs(name, (7, 3))
        yield "label_smoothing", t, p, {"label_smoothing": 0.1}


def probabilities_of_classes():
    """Ten rows: some add up to 1, some are certain, some are at the clip."""
    p = spread(100, 31, 7, 103, 0.001, 1).reshape(10, 10)
    p[:4] /= p[:4].sum(1, keepdims=True)
    p[4] = np.eye(10)[labels_of(10, 10)[4]]
    p[5] = np.eye(10)[0]
    p[6] = [1e-10, 1e-8, 1e-7, 1e-6, 1e-3, 0.25, 0.25, 0.25, 0.25, 0]
    p[7] = 0.1
    return single(p)


def logits_of_classes():
    """Ten rows, some far out."""
    z = spread(100, 37, 11, 101, -4, 4).reshape(10, 10)
    z[1] = 0
    z[2, 9], z[3, 5] = 80, -80
    z[4] = -80
    z[4, 6] = 80
    z[5] = np.where(np.arange(10) % 2, 80, -80)
    z[6, 1] = z[7, 1] = 1e4
    z[8] *= 1e-3
    return single(z)


def soft_targets():
    """One-hot rows, and two that are spread."""
    t = np.eye(10)[labels_of(10, 10)]
    t[0] = single(np.arange(1, 11) / 55)
    t[5] = 0.125
    t[5, 8:] = 0
    return t


def without_a_class(y_true):
    """One row has no class. Not with logits: TensorFlow's gradient there is that of a row whose
    targets add up to 1, softmax - y_true, whatever they add up to."""
    y_true = y_true.copy()
    y_true[9] = 0
    return y_true


def through(activation, loss):
    """The loss behind the activation, which it must see through."""

    def function(y_true, logits):
        y_pred = keras.activations.get(activation)(logits)
        assert hasattr(y_pred, "_keras_logits")
        return loss(y_true, y_pred)

    return function


def cases(name):
    """(case, y_true, y_pred or logits, function) each."""
    loss = getattr(keras.losses, name)

    def with_options(options):
        return lambda y_true, y_pred: loss(y_true, y_pred, **options)

    if name.endswith("categorical_crossentropy"):
        sparse = name.startswith("sparse")
        hard = np.eye(10)[labels_of(10, 10)]
        for case, one_hot in (("", hard), ("soft_", soft_targets())):
            if sparse and case:
                continue
            y_true = labels_of(10, 10) if sparse else one_hot
            logits = logits_of_classes()
            given = without_a_class(y_true) if case else y_true
            yield f"{case}probabilities", given, probabilities_of_classes(), loss
            yield f"{case}logits", y_true, logits, through("softmax", loss)
            yield f"{case}from_logits", y_true, logits, with_options({"from_logits": True})
            if not sparse:
                smoothing = with_options({"label_smoothing": 0.25})
                yield f"{case}logits_smoothed", y_true, logits, through("softmax", smoothing)
        if sparse:
            for classes in (3, 17):
                y_pred = outputs(name, (5, classes))
                yield f"rows_of_{classes}", labels_of(5, classes), y_pred, loss
            return
    for case, y_true, y_pred, options in smooth(name):
        if name == "categorical_crossentropy" and case == "rows_of_1":
            continue  # one class is certain
        yield case, y_true, y_pred, with_options(options)
    more = ()
    if name in REGRESSION:
        more = of_regression(name)
    elif name in PROBABILITIES:
        more = of_probabilities(name)
    for case, y_true, y_pred, options in more:
        yield case, y_true, y_pred, with_options(options)

    if name == "binary_crossentropy":
        z = spread(24, 37, 11, 101, -6, 6).reshape(8, 3)
        z[1], z[2], z[3] = [0, -0.0, 1e-30], [20, -20, 88], [1e4, -1e4, 104]
        t = targets(name, (8, 3))
        t[4] = single([0.25, 0.5, 0.9])
        z = single(z)
        yield "logits", t, z, through("sigmoid", loss)
        yield "from_logits", t, z, with_options({"from_logits": True})
        smoothing = with_options({"label_smoothing": 0.25})
        yield "logits_smoothed", t, z, through("sigmoid", smoothing)
    if name == "mean_squared_logarithmic_error":
        awkward = [(0, 0), (1, 1), (-1, 2), (1e4, 1), (1, 1e4), (0.5, 1e-3)]
        yield "awkward", *pairs(awkward), loss
        yield "outside", *pairs([(1, 0), (2, -1), (3, -0.5), (0.5, -1e4), (1, 1e-8), (0, 1)]), loss
    if name == "poisson":
        awkward = [(0, 0), (0, 1), (1, 1), (3, 1e-3), (20, 1e4), (2, 0.5)]
        yield "awkward", *pairs(awkward), loss
        yield "zero", *pairs([(1, 0), (0, 0), (2, 1e-8)]), loss
    if name in SIGNED:
        binary = (np.arange(18) % 4 == 0).astype(np.float64).reshape(6, 3)
        yield "labels_of_0_and_1", binary, outputs(name, (6, 3)), loss
        kinks = [(1, 1), (-1, -1), (1, 0), (-1, 0), (1, 2), (-1, 1e4), (2, 0.5), (0.5, 2), (0.25, 1)]
        yield "at_kinks", *pairs(kinks), loss
    if name == "categorical_hinge":
        t = np.eye(3)[[0, 1, 2, 0, 1, 0, 2, 1]]
        t[5], t[7] = [0.5, 0.25, 0.25], 0
        p = [[0, 0, 0], [1, 1, 1], [-1, -2, -3], [2, 1, 1], [0.5, 2, 0.5], [1, 2, 3]]
        p += [[1e4, 1, -1e4], [0.25, -0.5, 0.25]]
        yield "at_kinks", t, single(p), loss


def main():
    tensors = {}
    count = 0
    for name in sorted(NAMES):
        for case, y_true, y_pred, function in cases(name):
            y_pred = single(y_pred)
            no_gradient = name == "cosine_similarity" and case in ("of_zeros", "rows_of_1")

            def run(cast, y_true=y_true, y_pred=y_pred, function=function, without=no_gradient):
                given = y_true if y_true.dtype == np.int64 else cast(y_true)
                loss, (dy_pred,) = value_and_gradients(
                    lambda y: function(tf.constant(given), y), [cast(y_pred)]
                )
                return {"loss": loss} | ({} if without else {"dy_pred": dy_pred})

            place = f"{name}/{case}/"
            assert place + "y_pred" not in tensors, place
            if y_true.dtype != np.int64:
                y_true = single(y_true)
            tensors |= {place + "y_true": y_true, place + "y_pred": y_pred}
            results = both(run)
            tensors |= {place + key: value for key, value in results.items()}
            count += 1
    for name, value in tensors.items():
        assert np.isfinite(value).all(), name
    print(f"{count} cases")
    save("losses.safetensors", tensors, "make_losses.py")


if __name__ == "__main__":
    main()
