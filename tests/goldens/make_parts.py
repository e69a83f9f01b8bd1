#!/usr/bin/env python3
"""Makes parts.safetensors: metrics, optimizers and Dense, alone, in Keras.

Every given value is a float32 value, so float32 and float64 code start from the same numbers.
Results are Keras's in float64 unless the name ends in _float32. Names:

metric/<name>/{y_true, y_pred, matches, result}
optimizer/{w_0, g}, optimizer/<case>/step_<t>/{w, w_float32, m, v}, t = 1 ... 10
dense/{kernel, bias, x, y, dy, dkernel, dbias, dx}
initializer/glorot_uniform/{fans, limit}

dy is a given gradient, dx the gradient with respect to x.

Keras passes momentum and the betas through float32 in some places, in float64 runs too: see
README.md. The cases ending in _exact have settings that float32 holds exactly.

    python3 tests/goldens/make_parts.py
"""

import numpy as np
from golden_file import save
from golden_numbers import keras, single, spread, tf, use


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
    tensors = metrics() | optimizers() | dense() | glorot_uniform()
    for name, value in tensors.items():
        value = np.asarray(value)
        assert np.isfinite(value).all(), name
        assert (value.dtype == np.float32) == name.endswith("_float32"), name
    save("parts.safetensors", tensors, "make_parts.py")


if __name__ == "__main__":
    main()
