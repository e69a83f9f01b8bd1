#!/usr/bin/env python3
"""Makes steps_mnist.safetensors and steps_digits.safetensors: one epoch, step by step, in Keras.

The net: inputs - Dense(64, sigmoid) - Dense(10, softmax); categorical cross-entropy; Adam with
Keras's defaults; batches of 128, the last one short. Everything random is given by formula.

Data. MNIST: the 60,000 training images, 784 inputs, 469 steps, the last of 96 samples.
digits: the first 4,000 images of the embedded set, 400 inputs, label i mod 10, 32 steps, the
last of 32 samples. An input is byte / 255, divided in the run's own precision (float32 or
float64); a label is one-hot.

Order. With n samples, position i of the epoch (i = 0 ... n - 1) holds sample
(i * 7919 + 13) mod n. Step s takes positions 128 s up to, not including, min(128 (s + 1), n).

Weights. Number t: 0 dense/kernel (inputs, 64), 1 dense/bias (64), 2 dense_1/kernel (64, 10),
3 dense_1/bias (10). Biases are 0. Element e (row-major) of a kernel, in unsigned 64-bit
integers and then in float64:
    h = (e * 2654435761 + (t + 1) * 40503) mod 2^32
    u = h / 4294967296
    limit = sqrt(6 / (fan_in + fan_out)), the kernel's two sides
    value = (2 u - 1) * limit, rounded once to float32
Both runs start from these float32 values; the float64 run widens them.

A step's loss is the mean over its own batch, before the update. It is computed as fit()
computes it: from the softmax's logits. main() checks that fit() ends at the same weights.

    CORNU_DATASETS=folder python3 tests/goldens/make_steps.py [mnist] [digits]
"""

import os
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools/reference"))
from golden_file import save  # noqa: E402
from keras_job import load, make_model  # noqa: E402

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

BATCH, CLASSES = 128, 10
NAMES = ("dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias")


def initial_weights(inputs):
    def kernel(t, rows, columns):
        e = np.arange(rows * columns, dtype=np.uint64)
        h = (e * np.uint64(2654435761) + np.uint64((t + 1) * 40503)) % np.uint64(2**32)
        u = h.astype(np.float64) / 4294967296.0
        limit = np.sqrt(6.0 / (rows + columns))
        return ((2.0 * u - 1.0) * limit).astype(np.float32).reshape(rows, columns)

    zeros = [np.zeros(n, np.float32) for n in (64, CLASSES)]
    return [kernel(0, inputs, 64), zeros[0], kernel(2, 64, CLASSES), zeros[1]]


def start(dtype, x, y):
    """The model with its first weights, and the epoch's inputs and labels in its order."""
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    model = make_model(x.shape[1])
    model.set_weights(initial_weights(x.shape[1]))
    n = len(x)
    order = (np.arange(n) * 7919 + 13) % n
    inputs = x[order].astype(dtype) / np.asarray(255, dtype)
    labels = keras.utils.to_categorical(y[order], CLASSES).astype(dtype)
    return model, inputs, labels


def run_by_steps(dtype, x, y):
    model, inputs, labels = start(dtype, x, y)
    model.optimizer.build(model.trainable_variables)
    loss_function = keras.losses.CategoricalCrossentropy()

    @tf.function
    def step(x_batch, y_batch):
        with tf.GradientTape() as tape:
            y_pred = model(x_batch, training=True)
            assert hasattr(y_pred, "_keras_logits"), "the loss would not see the logits"
            loss = loss_function(y_batch, y_pred)
        variables = model.trainable_variables
        model.optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    losses = []
    for begin in range(0, len(inputs), BATCH):
        rows = slice(begin, begin + BATCH)
        losses.append(step(tf.constant(inputs[rows]), tf.constant(labels[rows])).numpy())
    losses = np.array(losses)
    weights = model.get_weights()
    assert losses.dtype == dtype and all(w.dtype == dtype for w in weights)
    return losses, weights


def run_by_fit(dtype, x, y):
    model, inputs, labels = start(dtype, x, y)
    model.fit(inputs, labels, batch_size=BATCH, epochs=1, shuffle=False, verbose=0)
    return model.get_weights()


def relative_l2(a, b):
    b = b.astype(np.float64)
    return np.linalg.norm(a.astype(np.float64) - b) / np.linalg.norm(b)


def main():
    for dataset in sys.argv[1:] or ("mnist", "digits"):
        (x, y), _ = load(dataset)
        loss_float64, weights_float64 = run_by_steps("float64", x, y)
        loss_float32, weights_float32 = run_by_steps("float32", x, y)
        tensors = {"loss_float64": loss_float64, "loss_float32": loss_float32}
        for name, wide, single in zip(NAMES, weights_float64, weights_float32):
            tensors[f"final/{name}"] = wide.astype(np.float32)
            tensors[f"relative_l2_keras_float32/{name}"] = np.float64(relative_l2(single, wide))
        save(f"steps_{dataset}.safetensors", tensors, "make_steps.py")

        print("loss, first steps and last:", *loss_float64[[0, 1, 2, -1]])
        print("loss, float32 against float64, largest:", np.abs(loss_float32 - loss_float64).max())
        fits = [run_by_fit(dtype, x, y) for dtype in ("float64", "float32")]
        for name, wide, single, fit_wide, fit_single in zip(
            NAMES, weights_float64, weights_float32, *fits
        ):
            far = relative_l2(fit_wide, wide)
            print(
                f"{name}: float32 {relative_l2(single, wide):.3g}, fit() in float64 {far:.3g}, "
                f"fit() in float32 {relative_l2(fit_single, wide):.3g}"
            )
            assert far < 1e-9


if __name__ == "__main__":
    main()
