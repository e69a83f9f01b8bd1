#!/usr/bin/env python3
"""Makes parts.safetensors: losses, metrics, optimizers and Dense, alone, in Keras.

Every given value is a float32 value, so float32 and float64 code start from the same numbers.
Results are Keras's in float64 unless the name ends in _float32. Names:

loss/<name>/logits/{y_true, x, y_pred, loss, dx}
loss/<name>/probabilities/{y_true, y_pred, loss, dy_pred}
metric/<name>/{y_true, y_pred, matches, result}
optimizer/{w_0, g}, optimizer/<case>/step_<t>/{w, w_float32, m, v}, t = 1 ... 10
dense/{kernel, bias, x, y, dy, dkernel, dbias, dx}
initializer/glorot_uniform/{fans, limit}

dy is a given gradient, dx what comes back. loss holds one
value a sample; its gradients are of the plain sum of losses, not divided by the number of samples.
Under logits, y_pred is softmax(x) and the loss is the form that Keras's TensorFlow backend takes
when it finds a softmax before the loss. Under probabilities, y_pred is given as it is; Keras
divides it by its row's sum and then clips it to [1e-7, 1 - 1e-7] for categorical_crossentropy,
and clips it and then normalizes it for sparse_categorical_crossentropy: log(p) serves as logits.

Keras passes momentum and the betas through float32 in some places, in float64 runs too: see
README.md. The cases ending in _exact have settings that float32 holds exactly.

    python3 tests/goldens/make_parts.py
"""

import numpy as np
from golden_file import save
from golden_numbers import keras, single, spread, tf, use


def with_gradient(function, *inputs):
    """The function's value and what comes back to each input, inside a graph as in fit()."""

    @tf.function
    def run(dy, *tensors):
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            y = function(*tensors)
        return y, tape.gradient(y, tensors, output_gradients=dy)

    def call(dy):
        y, gradients = run(dy, *map(tf.constant, inputs))
        return y.numpy(), [g.numpy() for g in gradients]

    return call


def losses():
    tensors = {}
    classes = 10
    labels = np.array([3, 0, 9, 5, 5, 7, 1, 2, 4, 8])
    one_hot = np.eye(classes)[labels]

    logits = spread(100, 37, 11, 101, -4, 4).reshape(10, classes)
    logits[1] = 0
    logits[2, 9], logits[3, 5] = 80, -80
    logits[4] = -80
    logits[4, 6] = 80
    logits[5] = np.where(np.arange(classes) % 2, 80, -80)
    logits[6, 1] = 1e4
    logits[7, 1] = 1e4
    logits[8] *= 1e-3
    logits = single(logits)

    soft = one_hot.copy()
    soft[0] = single(np.arange(1, 11) / 64)
    soft[0, 9] = 1 - soft[0, :9].sum()
    soft[5] = 0.125
    soft[5, 8:] = 0

    probabilities = single(spread(100, 31, 7, 103, 0.001, 1).reshape(10, classes))
    probabilities[:4] = single(probabilities[:4] / probabilities[:4].sum(1, keepdims=True))
    probabilities[4] = one_hot[4]
    probabilities[5] = np.eye(classes)[0]
    probabilities[6] = single([1e-10, 1e-8, 1e-7, 1e-6, 1e-3, 0.25, 0.25, 0.25, 0.25, 0])
    probabilities[7] = single(0.1)
    # Rows 8 and 9 do not add up to 1.

    for name, y_true in (
        ("categorical_crossentropy", one_hot),
        ("categorical_crossentropy_soft", soft),
        ("sparse_categorical_crossentropy", labels),
    ):
        function = keras.losses.get(name.removesuffix("_soft"))

        def through_softmax(x):
            y_pred = keras.activations.softmax(x)
            assert hasattr(y_pred, "_keras_logits")
            return function(tf.constant(y_true), y_pred)

        ones = tf.ones(len(labels), tf.float64)
        loss, (dx,) = with_gradient(through_softmax, logits)(ones)
        tensors |= {
            f"loss/{name}/logits/y_true": y_true,
            f"loss/{name}/logits/x": logits,
            f"loss/{name}/logits/y_pred": keras.activations.softmax(tf.constant(logits)).numpy(),
            f"loss/{name}/logits/loss": loss,
            f"loss/{name}/logits/dx": dx,
        }
        assert loss[3] > 80, "the clipped form was taken"

        loss, (dy_pred,) = with_gradient(
            lambda y_pred: function(tf.constant(y_true), y_pred), probabilities
        )(ones)
        tensors |= {
            f"loss/{name}/probabilities/y_true": y_true,
            f"loss/{name}/probabilities/y_pred": probabilities,
            f"loss/{name}/probabilities/loss": loss,
            f"loss/{name}/probabilities/dy_pred": dy_pred,
        }
    return tensors


def metrics():
    y_pred = np.array(
        [
            [0.1, 0.7, 0.1, 0.1],
            [0.4, 0.4, 0.1, 0.1],
            [0.4, 0.4, 0.1, 0.1],
            [0.25, 0.25, 0.25, 0.25],
            [0.25, 0.25, 0.25, 0.25],
            [0.0, 0.0, 0.5, 0.5],
            [0.0, 0.0, 0.5, 0.5],
        ]
    )
    labels = np.array([1, 0, 1, 0, 3, 2, 3])
    one_hot = np.eye(4)[labels]
    one_hot[6] = [0, 0, 0.5, 0.5]
    tensors = {}
    cases = {"categorical_accuracy": one_hot, "sparse_categorical_accuracy": labels}
    for name, y_true in cases.items():
        function = getattr(keras.metrics, name)
        counted = keras.metrics.get(name)
        for rows in (slice(0, 5), slice(5, 7)):
            counted.update_state(y_true[rows], single(y_pred[rows]))
        tensors |= {
            f"metric/{name}/y_true": y_true,
            f"metric/{name}/y_pred": single(y_pred),
            f"metric/{name}/matches": np.asarray(function(y_true, single(y_pred)), np.float64),
            f"metric/{name}/result": np.float64(counted.result()),
        }
    return tensors


STEPS = 10
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(),
    "sgd_momentum": lambda: keras.optimizers.SGD(momentum=0.9),
    "sgd_nesterov": lambda: keras.optimizers.SGD(momentum=0.9, nesterov=True),
    "adam": lambda: keras.optimizers.Adam(),
    "adam_epsilon": lambda: keras.optimizers.Adam(learning_rate=0.01, epsilon=1e-3),
    "sgd_nesterov_exact": lambda: keras.optimizers.SGD(2**-6, momentum=0.875, nesterov=True),
    "adam_exact": lambda: keras.optimizers.Adam(2**-7, 0.875, 0.9921875, 2**-20),
}


def optimizers():
    w_0 = single((np.arange(7) - 3) / 4)
    # g[t - 1, k] = (((31 t + 17 k) mod 23) - 11) / 8, but element 5 a millionth of that,
    # and element 6 zero until step 4, where v is still zero.
    t, k = np.arange(1, STEPS + 1)[:, None], np.arange(7)
    g = ((31 * t + 17 * k) % 23 - 11) / 8
    g[:, 5] *= 1e-6
    g[:4, 6] = 0
    g = single(g)
    tensors = {"optimizer/w_0": w_0, "optimizer/g": g}
    for dtype in ("float64", "float32"):
        use(dtype)
        for case, make in OPTIMIZERS.items():
            optimizer = make()
            w = keras.Variable(w_0.astype(dtype), dtype=dtype)
            optimizer.build([w])
            for step in range(1, STEPS + 1):
                optimizer.apply([tf.constant(g[step - 1].astype(dtype))])
                place = f"optimizer/{case}/step_{step}"
                if dtype == "float32":
                    tensors[f"{place}/w_float32"] = w.numpy()
                    continue
                tensors[f"{place}/w"] = w.numpy()
                if case != "sgd":
                    first = "_momentums" if case.startswith("adam") else "momentums"
                    tensors[f"{place}/m"] = getattr(optimizer, first)[0].numpy()
                if case.startswith("adam"):
                    tensors[f"{place}/v"] = optimizer._velocities[0].numpy()
            assert w.numpy().dtype == dtype
    use("float64")
    return tensors


def dense():
    kernel = spread(12, 5, 3, 13, -1, 1).reshape(4, 3)
    bias = single([0.5, -0.25, 0.125])
    x = spread(8, 7, 2, 11, -2, 2).reshape(2, 4)
    dy = spread(6, 3, 1, 7, -1, 1).reshape(2, 3)
    layer = keras.layers.Dense(3, activation="sigmoid")
    layer.build(x.shape)
    layer.set_weights([kernel, bias])
    x_tensor = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x_tensor)
        y = layer(x_tensor)
    sources = [x_tensor, layer.kernel.value, layer.bias.value]
    dx, dkernel, dbias = tape.gradient(y, sources, output_gradients=tf.constant(dy))
    values = {"kernel": kernel, "bias": bias, "x": x, "y": y, "dy": dy}
    values |= {"dkernel": dkernel, "dbias": dbias, "dx": dx}
    return {f"dense/{key}": np.asarray(value) for key, value in values.items()}


def glorot_uniform():
    fans, limits = [], []
    # fan_in and fan_out of a convolution count its window: (height, width, in, out).
    for shape, fan in (((784, 64), (784, 64)), ((64, 10), (64, 10)), ((3, 3, 8, 16), (72, 144))):
        limit = np.sqrt(6 / sum(fan))
        sample = np.abs(keras.initializers.GlorotUniform(seed=0)(shape))
        assert 0.99 * limit < sample.max() <= limit
        fans.append(fan)
        limits.append(limit)
    return {
        "initializer/glorot_uniform/fans": np.array(fans),
        "initializer/glorot_uniform/limit": np.array(limits),
    }


def main():
    use("float64")
    tensors = losses() | metrics() | optimizers() | dense() | glorot_uniform()
    for name, value in tensors.items():
        value = np.asarray(value)
        assert np.isfinite(value).all(), name
        assert (value.dtype == np.float32) == name.endswith("_float32"), name
    save("parts.safetensors", tensors, "make_parts.py")


if __name__ == "__main__":
    main()
