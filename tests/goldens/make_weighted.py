#!/usr/bin/env python3
"""Makes weighted.safetensors: a small fit with sample and class weights, in Keras's float64.

A network 3-4-3 (tanh, softmax), categorical cross-entropy, SGD(0.5), 10 samples in batches of 4, no
shuffle, 3 epochs, 4 samples that validate. x, y (labels), w (sample weights), val_x, val_y, val_w;
first/<weight>; class_weight {0: 0.5, 2: 3}. Keras weighs classes in training only; here the product
goes in as sample weights everywhere, which is what Cornu's class_weight means.

<case>/logs/<name>: by epoch; <case>/<weight>: after the fit. Cases: sample, class, both.

    python3 tests/goldens/make_weighted.py
"""

import numpy as np
from golden_file import save
from golden_numbers import keras, spread, use

CLASS_WEIGHT = {0: 0.5, 1: 1.0, 2: 3.0}


def numbers(shape, salt):
    return spread(int(np.prod(shape)), 31 + 2 * salt, 3 + salt, 53, -1, 1).reshape(shape)


def main():
    use("float64")
    x, val_x = numbers((10, 3), 0), numbers((4, 3), 1)
    y, val_y = np.arange(10) * 7 % 3, np.arange(4) % 3
    w, val_w = (np.arange(10) * 3 % 5) / 4.0, np.array([1.0, 0.0, 2.0, 0.5])
    firsts = {
        "dense/kernel": numbers((3, 4), 2),
        "dense/bias": numbers((4,), 3),
        "dense_1/kernel": numbers((4, 3), 4),
        "dense_1/bias": numbers((3,), 5),
    }
    tensors = {"x": x, "y": y.astype(np.int64), "w": w, "val_x": val_x, "val_y": val_y.astype(np.int64), "val_w": val_w}
    tensors |= {"first/" + name: value for name, value in firsts.items()}
    by_class = lambda labels: np.array([CLASS_WEIGHT[int(label)] for label in labels])
    ones = np.ones
    cases = {
        "sample": (w, val_w),
        "class": (by_class(y), by_class(val_y)),
        "both": (w * by_class(y), val_w * by_class(val_y)),
    }
    for case, (weights, val_weights) in cases.items():
        model = keras.Sequential(
            [keras.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(3, "softmax")]
        )
        model.set_weights(list(firsts.values()))
        model.compile(
            keras.optimizers.SGD(0.5),
            "categorical_crossentropy",
            metrics=["accuracy"],
            weighted_metrics=[keras.metrics.CategoricalAccuracy(name="weighted"), keras.metrics.AUC(name="auc")],
        )
        history = model.fit(
            x,
            np.eye(3)[y],
            batch_size=4,
            epochs=3,
            shuffle=False,
            verbose=0,
            sample_weight=weights,
            validation_data=(val_x, np.eye(3)[val_y], val_weights),
            validation_batch_size=4,
        )
        for name, values in history.history.items():
            tensors[f"{case}/logs/{name}"] = np.asarray(values, np.float64)
        for name, value in zip(firsts, model.get_weights()):
            tensors[f"{case}/{name}"] = value
    save("weighted.safetensors", tensors, "make_weighted.py")


if __name__ == "__main__":
    main()
