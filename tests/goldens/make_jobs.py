#!/usr/bin/env python3
"""Makes jobs.safetensors: where five jobs end in real Keras, five seeds each.

<job>/<name>: the last epoch's value of val_loss and of each metric on the validation data, by seed. The
data of all but the tutorial's job are made by formula: `drawn` here and in tests/jobs_test.cc.

Keras weighs classes in training alone, Cornu in validation too: the weights go in as sample weights.
After keras.utils.set_random_seed Keras on TensorFlow draws one order of the samples and repeats it in
every epoch; here each epoch has its own, as it has without a seed.

    CORNU_DATASETS=folder python3 tests/goldens/make_jobs.py [JOB…]
"""

import gzip
import os
import sys
from pathlib import Path

import numpy as np
from golden_file import load, save
from golden_numbers import keras

L = keras.layers
SEEDS = range(5)


def drawn(rows, columns, stream):
    """Numbers in [0, 1) by (row, column, stream), multiples of 2**-24: a hash of the three."""
    i = np.arange(rows, dtype=np.uint64)[:, None]
    j = np.arange(columns, dtype=np.uint64)[None, :]
    h = i * 0x9E3779B97F4A7C15 + j * 0xBF58476D1CE4E5B9 + np.uint64(stream) * 0x94D049BB133111EB
    h = (h ^ (h >> 31)) * 0x7FB5D329728EA185
    h = (h ^ (h >> 27)) * 0x81DADEF4BC2DD44D
    h ^= h >> 33
    return ((h >> 40).astype(np.float64) / 2**24).astype(np.float32)


def features(rows, columns, stream):
    return drawn(rows, columns, stream) * np.float32(2) - np.float32(1)


def fit(model, x, y, validation, batch_size, epochs, seed, weights=None):
    """Trains on samples in a new order each epoch and returns the last epoch's logs."""
    rng = np.random.default_rng(seed)
    picked = lambda data, order: [a[order] for a in data] if isinstance(data, list) else data[order]
    rows = len(x[0] if isinstance(x, list) else x)
    for _ in range(epochs):
        order = rng.permutation(rows)
        history = model.fit(
            picked(x, order),
            picked(y, order),
            sample_weight=None if weights is None else weights[order],
            batch_size=batch_size,
            verbose=0,
            shuffle=False,
            validation_data=validation,
        )
    return {name: values[-1] for name, values in history.history.items()}


def split(*arrays):
    """The first two thirds train, the others validate."""
    parts = [(a[: len(a) * 2 // 3], a[len(a) * 2 // 3 :]) for a in arrays]
    return [p[0] for p in parts], [p[1] for p in parts]


def idx(path):
    with gzip.open(path) as file:
        data = file.read()
    axes = data[3]
    shape = [int.from_bytes(data[4 + 4 * k : 8 + 4 * k], "big") for k in range(axes)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def tutorial(seed):
    folder = Path(os.environ["CORNU_DATASETS"]) / "mnist"
    read = lambda name: idx(next(folder.glob(name + "*")))
    x, y = read("train-images"), np.eye(10)[read("train-labels")]
    val_x, val_y = read("t10k-images"), np.eye(10)[read("t10k-labels")]
    flat = lambda images: images.reshape(len(images), 784).astype(np.float32) / 255
    model = keras.Sequential([keras.Input((784,)), L.Dense(64, "sigmoid"), L.Dense(10, "softmax")])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return fit(model, flat(x), y, (flat(val_x), val_y), 128, 10, seed)


def binary(seed):
    x = features(12000, 8, 1)
    score = x[:, 0] * x[:, 1] + x[:, 2] * np.float32(0.5) - x[:, 3] * x[:, 3]
    flipped = drawn(12000, 1, 2)[:, 0] < 0.1
    y = ((score > 0.1) != flipped).astype(np.float32)[:, None]
    w = np.where(y[:, 0] == 1, np.float32(3), np.float32(1))
    (x, y, w), (val_x, val_y, val_w) = split(x, y, w)
    model = keras.Sequential(
        [keras.Input((8,)), L.Dense(32, "relu"), L.Dense(16, "tanh"), L.Dense(1, "sigmoid")]
    )
    model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.AUC(name="auc"), "binary_accuracy"])
    return fit(model, x, y, (val_x, val_y, val_w), 64, 12, seed, w)


def regression(seed):
    x = features(9000, 6, 3)
    y = x[:, 0] * x[:, 1] + x[:, 2] * x[:, 2] * x[:, 2] - x[:, 3] * np.float32(0.5)
    noise = drawn(9000, 2, 4)
    y = (y + (noise[:, 0] - noise[:, 1]) * np.float32(0.8))[:, None]
    (x, y), validation = split(x, y)
    model = keras.Sequential([keras.Input((6,)), L.Dense(48, "gelu"), L.Dense(24, "silu"), L.Dense(1)])
    rate = keras.optimizers.schedules.CosineDecay(0.05, 15 * 94)
    model.compile(
        keras.optimizers.SGD(rate, momentum=0.9), keras.losses.Huber(0.5), metrics=["mae", "mse"]
    )
    return fit(model, x, y, tuple(validation), 64, 15, seed)


def functional(seed):
    x, words = features(9000, 6, 5), (drawn(9000, 3, 6) * 12).astype(np.int64)
    odd = (words % 2).sum(1)
    noise = drawn(9000, 2, 7)
    label = np.where(noise[:, 0] < 0.15, (noise[:, 0] * 1000).astype(np.int64) % 3, (odd + (x[:, 0] > 0)) % 3)
    number = (x[:, 1] * x[:, 2] + (odd - 1) * np.float32(0.5) + (noise[:, 1] - np.float32(0.5)))[:, None]
    (x, words, label, number), (val_x, val_words, val_label, val_number) = split(x, words, label, number)
    a, b = keras.Input((6,), name="x"), keras.Input((3,), name="words", dtype="int64")
    shared = L.Dense(24, "tanh", name="shared")
    left = shared(L.Dense(16, "relu")(a))
    right = shared(L.Dense(16, "relu")(L.Flatten()(L.Embedding(12, 4)(b))))
    both = L.Dense(32, "relu")(L.Concatenate()([left, right, L.Multiply()([left, right])]))
    model = keras.Model([a, b], [L.Dense(3, "softmax", name="label")(both), L.Dense(1, name="number")(both)])
    model.compile(
        "rmsprop",
        {"label": "sparse_categorical_crossentropy", "number": "mse"},
        loss_weights={"label": 1.0, "number": 0.5},
        metrics={"label": ["accuracy"], "number": ["mae"]},
    )
    validation = ([val_x, val_words], [val_label, val_number])
    return fit(model, [x, words], [label, number], validation, 64, 15, seed)


def deep(seed):
    x = features(15000, 10, 8)
    label = (x[:, 0] * x[:, 1] > 0) * 2 + (x[:, 2] + x[:, 3] * x[:, 4] > 0)
    noise = drawn(15000, 1, 9)[:, 0]
    y = np.where(noise < 0.2, (noise * 1000).astype(np.int64) % 4, label)
    (x, y), validation = split(x, y)
    model = keras.Sequential([keras.Input((10,))])
    for _ in range(11):
        model.add(L.Dense(32, use_bias=False))
        model.add(L.BatchNormalization())
        model.add(L.Activation("relu"))
    model.add(L.Dense(4, "softmax"))
    rate = keras.optimizers.schedules.CosineDecay(0.002, 24 * 79)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return fit(model, x, y, tuple(validation), 128, 24, seed)


def main(only):
    jobs = [job for job in (binary, regression, functional, deep, tutorial) if not only or job.__name__ in only]
    tensors = {}
    for job in jobs:
        runs = []
        for seed in SEEDS:
            keras.utils.set_random_seed(seed)
            runs.append({name: value for name, value in job(seed).items() if name.startswith("val_")})
        for name in runs[0]:
            values = np.asarray([run[name] for run in runs], np.float64)
            print(f"{job.__name__:12} {name:20} {values.mean():.4f} ± {values.std(ddof=1):.4f} ({values.std(ddof=1)/values.mean():.1%})", flush=True)
            tensors[f"{job.__name__}/{name}"] = values
    kept = {} if not only else load("jobs.safetensors")
    save("jobs.safetensors", kept | tensors, "make_jobs.py")


if __name__ == "__main__":
    main(sys.argv[1:])
