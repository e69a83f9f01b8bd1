#!/usr/bin/env python3
"""Makes keras_files/*, files that real Keras saves, and keras_files.safetensors.

<file's stem>/x<i>: inputs; y<i>: the model's outputs for them, in float32; target<i>: targets of one
more step of training on these inputs, after<i>: the outputs after it. metrics/logs: JSON, in bytes,
of what evaluate() counts with the weights metrics/weights.

    python3 tests/goldens/make_keras_files.py
"""

import json
from pathlib import Path

import numpy as np
from golden_file import save
from golden_numbers import keras, spread

L, M, R, O = keras.layers, keras.metrics, keras.regularizers, keras.optimizers


def numbers(shape, salt, low=-1, high=1):
    values = spread(int(np.prod(shape)), 31 + 2 * salt, 3 + salt, 53, low, high)
    return values.reshape(shape).astype(np.float32)


WEIGHTS = np.float32([1, 0, 2, 0.5, 3, 1, 0.25, 1])


def chain():
    """The tutorial's network, small."""
    model = keras.Sequential(
        [keras.Input((6,)), L.Dense(4, "sigmoid"), L.Dense(3, "softmax")], name="chain")
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model, [numbers((8, 6), 1)], [np.eye(3, dtype=np.float32)[np.arange(8) % 3]]


def layers():
    """Layers with weights that do not train, and one that is frozen."""
    frozen = L.Dense(5, "tanh", trainable=False, name="fixed")
    model = keras.Sequential(
        [keras.Input((6,)), L.Dense(5, kernel_regularizer=R.L2(0.01)), L.BatchNormalization(),
         L.Activation("relu"), frozen, L.LayerNormalization(), L.PReLU(), L.Dropout(0.0),
         L.Dense(1, use_bias=False)], name="layers")
    model.compile(O.RMSprop(0.01, momentum=0.5, centered=True), keras.losses.Huber(1.0),
                  metrics=[keras.metrics.MeanAbsoluteError(name="mae")])
    return model, [numbers((8, 6), 2)], [numbers((8, 1), 3)]


def network():
    """Two inputs, two outputs, a shared layer, and a network within it that is shared, too."""
    inner = keras.Sequential(
        [keras.Input((4,)), L.Dense(3, "relu"), L.BatchNormalization()], name="inner")
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    both = L.Concatenate()([inner(a), inner(b), L.Dense(2, name="own")(b)])
    label = L.Dense(2, "softmax", name="label")(both)
    number = L.Dense(1, name="number")(both * 2)
    model = keras.Model([a, b], [label, number], name="network")
    model.compile(O.SGD(O.schedules.ExponentialDecay(0.1, 2, 0.5), momentum=0.9, nesterov=True),
                  {"label": "sparse_categorical_crossentropy", "number": "mse"},
                  loss_weights={"label": 1.0, "number": 0.5}, metrics={"number": ["mae"]})
    return model, [numbers((8, 4), 4), numbers((8, 4), 5)], [np.arange(8) % 2, numbers((8, 1), 6)]


def optimizer(made):
    def make():
        model = keras.Sequential([keras.Input((4,)), L.Dense(3, "tanh"), L.Dense(2)], name="one")
        model.compile(made(), "mse")
        return model, [numbers((8, 4), 7)], [numbers((8, 2), 8)]
    return make


def fresh():
    """Compiled and never trained."""
    model, x, y = chain()
    return model, x, y


def activations():
    """Layers as activations of others."""
    model = keras.Sequential(
        [keras.Input((6,)), L.Dense(5, activation=L.LeakyReLU(negative_slope=0.2)),
         L.Dense(5, activation=L.ReLU(max_value=0.5, negative_slope=0.25, threshold=0.125)),
         L.Activation(L.ELU(alpha=0.75)), L.Dense(3, activation=L.Softmax())], name="activations")
    model.compile("adam", "categorical_crossentropy")
    return model, [numbers((8, 6), 9)], [np.eye(3, dtype=np.float32)[np.arange(8) % 3]]


def metrics():
    """Metrics that average losses, by names and as objects, and several thresholds."""
    x = keras.Input((4,))
    hidden = L.Dense(5, "tanh")(x)
    ends = [L.Dense(3, "softmax", name="share")(hidden), L.Dense(3, "softmax", name="label")(hidden),
            L.Dense(1, "sigmoid", name="yes")(hidden), L.Dense(2, "sigmoid", name="number")(hidden)]
    model = keras.Model(x, ends, name="metrics")
    model.compile(
        "sgd", ["categorical_crossentropy", "sparse_categorical_crossentropy", "mse", "mae"],
        metrics={
            "share": ["categorical_crossentropy", "categorical_hinge", M.KLDivergence(),
                      M.CategoricalCrossentropy(name="smooth", label_smoothing=0.25, axis=1)],
            "label": ["SparseCategoricalCrossentropy",
                      M.SparseCategoricalCrossentropy(name="logits", from_logits=True)],
            "yes": ["bce", M.BinaryCrossentropy(label_smoothing=0.25), M.Hinge(), "squared_hinge",
                    M.Precision(thresholds=[0.25, 0.48]), M.Recall(thresholds=[0.5], name="found")],
            "number": ["mape", "MSLE", M.LogCoshError(), "poisson", M.CosineSimilarity(axis=1)],
        },
        weighted_metrics={"number": ["mape", "log_cosh_error"]})
    y = [np.eye(3, dtype=np.float32)[np.arange(8) % 3], np.arange(8) * 5 % 3,
         (np.arange(8) % 3 == 0).astype(np.float32)[:, None], numbers((8, 2), 12, 0.125, 0.875)]
    return model, [numbers((8, 4), 13, -3, 3)], y


MODELS = {
    "chain": chain,
    "layers": layers,
    "network": network,
    "fresh": fresh,
    "adamw": optimizer(lambda: O.AdamW(amsgrad=True, clipnorm=0.5)),
    "nadam": optimizer(O.Nadam),
    "adamax": optimizer(O.Adamax),
    "adadelta": optimizer(lambda: O.Adadelta(0.5)),
    "adagrad": optimizer(lambda: O.Adagrad(0.1)),
    "lion": optimizer(O.Lion),
    "average": optimizer(lambda: O.Adam(use_ema=True, gradient_accumulation_steps=2)),
    "activations": activations,
    "metrics": metrics,
}
# How each is saved; the first three in each way.
ENDINGS = {name: [".keras", ".h5", ".weights.h5"] if name in ("chain", "layers", "network")
           else [".keras", ".h5"] if name in ("activations", "metrics") else [".keras"]
           for name in MODELS}


def listed(y):
    return y if isinstance(y, list) else [y]


def alone(list_):
    return list_ if len(list_) > 1 else list_[0]


def main():
    keras.utils.set_random_seed(1)
    folder = Path(__file__).parent / "keras_files"
    folder.mkdir(exist_ok=True)
    tensors = {}
    for name, make in MODELS.items():
        model, x, y = make()
        for i, weight in enumerate(model.weights):
            weight.assign(numbers(tuple(weight.shape), i, 0.5 if "variance" in weight.path else -1))
        if name != "fresh":
            for _ in range(3):
                model.train_on_batch(alone(x), alone(y))
        for ending in ENDINGS[name]:
            place = str(folder / (name + ending))
            model.save_weights(place) if ending == ".weights.h5" else model.save(place)
        for i, each in enumerate(x):
            tensors[f"{name}/x{i}"] = each
        for i, each in enumerate(listed(model.predict(alone(x), verbose=0))):
            tensors[f"{name}/y{i}"] = each
        for i, each in enumerate(y):
            tensors[f"{name}/target{i}"] = np.asarray(each, np.int64 if each.ndim == 1 else np.float32)
        if name == "metrics":
            logs = model.evaluate(x, y, sample_weight=[WEIGHTS] * len(y), verbose=0, return_dict=True)
            text = json.dumps({log: np.asarray(each).tolist() for log, each in logs.items()})
            tensors[f"{name}/weights"] = WEIGHTS
            tensors[f"{name}/logs"] = np.frombuffer(text.encode(), np.uint8)
        model.train_on_batch(alone(x), alone(y))
        for i, each in enumerate(listed(model.predict(alone(x), verbose=0))):
            tensors[f"{name}/after{i}"] = each
    save("keras_files.safetensors", tensors, "make_keras_files.py")


if __name__ == "__main__":
    main()
