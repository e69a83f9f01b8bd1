#!/usr/bin/env python3
"""Makes regularizers.safetensors: penalties alone, and a fit with them, in Keras.

<class>/<case>/config: options as JSON, in bytes; w: a weight; y, dw: the penalty and its gradient in
float64, with ..._error of the same in float32.

fit/: two inputs of 4 indices that share Embedding(7, 3, L1), Dense(5, tanh, L2 and L1L2) and PReLU(L2);
then a Dense(4, L2) that does not train, LayerNormalization(L1, L2) and Dense(1). MSE, SGD(0.1), 10 samples
in batches of 4, no shuffle, 3 epochs, 4 samples that validate. a, b, y, val_a, val_b, val_y;
first/<weight>, last/<weight>; logs/<name> by epoch. In float64.

    python3 tests/goldens/make_regularizers.py
"""

import json

import numpy as np
from golden_file import save
from golden_numbers import both, keras, single, spread, use, value_and_gradients

L, R = keras.layers, keras.regularizers

WEIGHTS = {
    "spread": spread(35, 31, 3, 53, -2, 2).reshape(5, 7),
    "awkward": single([0, -0.0, 1e-30, -1e-30, 1, -1, 1e4, -1e4, 3e-3]),
    "zeros": np.zeros((3, 2)),
}
CASES = [
    ("L1", {}),
    ("L1", {"l1": 0.5}),
    ("L2", {}),
    ("L2", {"l2": 0.25}),
    ("L1L2", {"l2": 0.125}),
    ("L1L2", {"l1": 0.125, "l2": 0.0625}),
]


def penalties():
    tensors = {}
    for i, (kind, options) in enumerate(CASES):
        for name, w in WEIGHTS.items():

            def compute(cast):
                y, (dw,) = value_and_gradients(getattr(R, kind)(**options), [cast(w)])
                return {"y": y.reshape(1), "dw": dw}

            place = f"{kind}/{i}_{name}/"
            tensors[place + "config"] = np.frombuffer(json.dumps(options).encode(), np.uint8)
            tensors[place + "w"] = w
            tensors |= {place + key: value for key, value in both(compute).items()}
    return tensors


def numbers(shape, salt):
    return spread(int(np.prod(shape)), 31 + 2 * salt, 3 + salt, 53, -1, 1).reshape(shape)


def indices(rows, salt):
    return (np.arange(rows * 4) * (5 + 2 * salt) % 7).reshape(rows, 4).astype(np.int64)


def fit():
    use("float64")
    a, b = keras.Input((4,)), keras.Input((4,))
    shared = [
        L.Embedding(7, 3, embeddings_regularizer=R.L1(0.01), name="embedding"),
        L.Flatten(),
        L.Dense(5, "tanh", kernel_regularizer=R.L2(0.1), bias_regularizer=R.L1L2(0.02, 0.03), name="dense"),
        L.PReLU(alpha_regularizer="l2", name="p_re_lu"),
    ]
    ways = []
    for x in (a, b):
        for layer in shared:
            x = layer(x)
        ways.append(x)
    x = L.Concatenate()(ways)
    x = L.Dense(4, kernel_regularizer="l2", trainable=False, name="dense_1")(x)
    x = L.LayerNormalization(beta_regularizer=R.L1(0.5), gamma_regularizer=R.L2(0.05), name="layer_normalization")(x)
    model = keras.Model([a, b], L.Dense(1, name="dense_2")(x))
    firsts = {w.path: numbers(tuple(w.shape), 2 + i) for i, w in enumerate(model.weights)}
    for w in model.weights:
        w.assign(firsts[w.path])
    data = {"a": indices(10, 0), "b": indices(10, 1), "y": numbers((10, 1), 1)}
    data |= {"val_a": indices(4, 2), "val_b": indices(4, 3), "val_y": numbers((4, 1), 7)}
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    history = model.fit(
        [data["a"], data["b"]],
        data["y"],
        batch_size=4,
        epochs=3,
        shuffle=False,
        verbose=0,
        validation_data=([data["val_a"], data["val_b"]], data["val_y"]),
    )
    tensors = dict(data)
    tensors |= {"first/" + name: value for name, value in firsts.items()}
    tensors |= {"last/" + w.path: w.numpy() for w in model.weights}
    tensors |= {"logs/" + name: np.asarray(values) for name, values in history.history.items()}
    return {"fit/" + name: value for name, value in tensors.items()}


if __name__ == "__main__":
    save("regularizers.safetensors", penalties() | fit(), "make_regularizers.py")
