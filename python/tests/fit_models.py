"""Seven models and their data, of whole numbers alone, for Keras and for cornu.keras.

Each function takes the module keras and returns a compiled model and the arguments of its fit.
"""

import functools

import numpy as np


def numbers(count, seed):
    """Numbers of -0.5 to 0.5 that every machine makes alike and float32 holds."""
    values = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(2654435761 + 2 * seed)
    values ^= values >> np.uint64(15)
    values *= np.uint64(40503)
    return ((values >> np.uint64(8)) % np.uint64(4096)).astype(np.float64) / 4096 - 0.5


def array(*shape, seed=0):
    return numbers(int(np.prod(shape)), seed).reshape(shape).astype(np.float32)


def set_weights(model):
    """The same first weights in every library: kernels by formula, the others as they are."""
    weights = model.get_weights()
    for i, each in enumerate(weights):
        if each.ndim > 1:
            weights[i] = array(*each.shape, seed=i) * np.float32(2 / np.sqrt(each.shape[0]))
    model.set_weights(weights)


def regression(keras):
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(12, "tanh"),
                              keras.layers.Dense(8, "softplus"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.03, momentum=0.9, nesterov=True), "mse",
                  metrics=["mae", keras.metrics.RootMeanSquaredError()])
    x = array(120, 6, seed=1)
    return model, {"x": x, "y": x[:, 0] * x[:, 1] + 2 * x[:, 2] - x[:, 3], "batch_size": 16,
                   "epochs": 6, "validation_split": 0.2}


def binary(keras):
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((5,)),
        layers.Dense(10, "relu", kernel_regularizer=keras.regularizers.L2(0.001)),
        layers.LeakyReLU(0.1), layers.Dense(6, "silu"), layers.Dense(1, "sigmoid")])
    model.compile(keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True),
                  keras.losses.BinaryCrossentropy(label_smoothing=0.1),
                  metrics=["accuracy", keras.metrics.Precision(), keras.metrics.AUC()])
    x = array(100, 5, seed=2)
    return model, {"x": x, "y": (x[:, 0] + x[:, 1] * x[:, 2] > 0.02).astype("uint8"),
                   "batch_size": 10, "epochs": 6, "class_weight": {0: 0.75, 1: 1.5}}


def images(keras):
    layers = keras.layers
    model = keras.Sequential([keras.Input((8, 8)), layers.Flatten(), layers.Rescaling(1 / 255),
                              layers.Dense(20, "relu"), layers.Dense(10, "softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    labels = np.arange(240) % 10
    x = (array(240, 8, 8, seed=3) * 120 + 100).astype("uint8")
    for i, label in enumerate(labels):
        x[i, label % 8, label // 2:] = 240
    return model, {"x": x, "y": labels, "batch_size": 32, "epochs": 6,
                   "validation_data": (x[:50], labels[:50])}


def two_outputs(keras):
    layers = keras.layers
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    joined = layers.Concatenate()([layers.Dense(8, "elu")(a), layers.Dense(6, "gelu")(b)])
    shared = layers.Dense(10, "relu")(joined)
    value = layers.Dense(2, name="value")(shared)
    kind = layers.Dense(3, "softmax", name="kind")(shared)
    model = keras.Model([a, b], [value, kind])
    model.compile(keras.optimizers.AdamW(0.01, weight_decay=0.02),
                  {"value": keras.losses.Huber(0.5), "kind": "categorical_crossentropy"},
                  loss_weights={"value": 0.75, "kind": 0.5},
                  metrics={"value": ["mse"], "kind": ["accuracy"]})
    x = [array(90, 4, seed=4), array(90, 3, seed=5)]
    y = [np.stack([x[0][:, 0] * 2 - x[1][:, 0], x[1][:, 1] - x[0][:, 2]], 1),
         np.eye(3, dtype="float32")[np.argmax(x[1], 1)]]
    return model, {"x": x, "y": y, "batch_size": 15, "epochs": 6}


def normalized(keras):
    layers = keras.layers
    rate = keras.optimizers.schedules.ExponentialDecay(0.02, 10, 0.9)
    model = keras.Sequential([
        keras.Input((7,)), layers.Dense(12, use_bias=False),  # a bias would get noise alone
        layers.BatchNormalization(momentum=0.8),
        layers.ReLU(), layers.Dense(9), layers.LayerNormalization(), layers.Activation("tanh"),
        layers.Dense(4, "softmax")])
    model.compile(keras.optimizers.Adam(rate, amsgrad=True, clipnorm=0.5),
                  "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = array(96, 7, seed=6)
    return model, {"x": x, "y": np.argmax(x[:, :4] + 0.5 * x[:, 3:], 1), "batch_size": 12,
                   "epochs": 5, "sample_weight": (1 + array(96, seed=7)).astype("float32"),
                   "validation_split": 0.25}


def drifting(keras):
    """Far from its targets, so that every step moves the last bias the same way."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh"),
                              keras.layers.Dense(1)])
    model.compile(keras.optimizers.Nadam(0.02), "mse")
    x = array(64, 3, seed=8)
    return model, {"x": x, "y": 3 + x.sum(1), "batch_size": 16, "epochs": 4}


def sequences(keras):
    """A label for each of four steps, whose layers are weighed over the steps."""
    layers = keras.layers
    steps = keras.Input((4, 5))
    weights = layers.Softmax(axis=1)(layers.Dense(6)(steps))
    weighed = layers.Multiply()([layers.Dense(6, "tanh")(steps), weights])
    model = keras.Model(steps, layers.Dense(3, "softmax")(weighed))
    model.compile(keras.optimizers.Adam(0.03), "sparse_categorical_crossentropy",
                  metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2)])
    x = array(72, 4, 5, seed=9)
    return model, {"x": x, "y": np.argmax(x[..., :3] + x[..., 2:], -1), "batch_size": 16,
                   "epochs": 5, "validation_split": 0.25}


MODELS = {each.__name__: each
          for each in (regression, binary, images, two_outputs, normalized, drifting,
                      sequences)}


def fitted(keras, made):
    """The logs by epoch and the weights of a model after its fit."""
    model, arguments = made(keras)
    set_weights(model)
    history = model.fit(**arguments, shuffle=False, verbose=0).history
    return {**history, **{f"weight {i}": np.asarray(each, np.float64)
                          for i, each in enumerate(model.get_weights())}}


FITTED = {name: functools.partial(fitted, made=made) for name, made in MODELS.items()}
