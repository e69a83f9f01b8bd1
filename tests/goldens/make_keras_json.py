#!/usr/bin/env python3
"""Makes keras_json/*.json, as model.to_json() of real Keras writes networks, and keras_json.safetensors.

<network>/w<i>: the weights in Keras's order; x<i>: inputs; y<i>: its outputs for them,
in float64. chain.json has no input shape.

    python3 tests/goldens/make_keras_json.py
"""

import json
from pathlib import Path

import numpy as np
from golden_file import save
from golden_numbers import keras, spread, use

L, R, I = keras.layers, keras.regularizers, keras.initializers


def numbers(shape, salt, low=-1, high=1):
    return spread(int(np.prod(shape)), 31 + 2 * salt, 3 + salt, 53, low, high).reshape(shape)


def every_layer():
    return keras.Sequential(
        [
            keras.Input((4, 6), name="pictures"),
            L.Rescaling(0.5, offset=0.25),
            L.Flatten(),
            L.Dense(12, "relu", kernel_initializer=I.HeNormal(seed=3), kernel_regularizer=R.L2(0.25), bias_regularizer="l1"),
            L.Dropout(0.25),
            L.BatchNormalization(momentum=0.5),
            L.Dense(12, use_bias=False, kernel_initializer="orthogonal"),
            L.LayerNormalization(epsilon=0.01),
            L.PReLU(),
            L.Reshape((3, 4)),
            L.LeakyReLU(negative_slope=0.1),
            L.ELU(alpha=0.5),
            L.ReLU(max_value=3, negative_slope=0.25),
            L.GaussianNoise(0.1),
            L.Activation("gelu"),
            L.Flatten(),
            L.Dense(5, name="last", trainable=False),
            L.Softmax(),
        ],
        name="every_layer",
    )


def images():
    return keras.Sequential(
        [
            keras.Input((5, 6, 3)),
            L.ZeroPadding2D(((1, 0), (2, 1))),
            L.MaxPooling2D((3, 2), strides=(1, 2), padding="same"),
            L.BatchNormalization(axis=1),
            L.UpSampling2D((1, 2)),
            L.AveragePooling2D(2, strides=1, data_format="channels_first"),
            L.Cropping2D(((0, 1), (1, 0))),
            L.SpatialDropout2D(0.25),
            L.Permute((3, 1, 2)),
            L.Reshape((16, 5)),
            L.MaxPooling1D(),
            L.AveragePooling1D(3, strides=1, padding="same"),
            L.SpatialDropout1D(0.25),
            L.GlobalAveragePooling1D(),
            L.RepeatVector(4),
            L.Reshape((4, 5, 1)),
            L.GlobalMaxPooling2D(keepdims=True),
            L.Flatten(),
            L.Dense(3),
        ],
        name="images",
    )


def convolutions():
    return keras.Sequential(
        [
            keras.Input((9, 8, 4)),
            L.Conv2D(6, (3, 2), strides=(2, 1), padding="same", activation="relu"),
            L.Conv2D(8, 3, dilation_rate=(2, 1), groups=2, use_bias=False, kernel_regularizer="l2"),
            L.Reshape((6, 8)),
            L.Conv1D(5, 3, padding="causal", dilation_rate=2, activation="tanh", bias_initializer="ones"),
            L.Conv1D(4, 2, strides=2),
            L.Flatten(),
            L.Dense(3),
        ],
        name="convolutions",
    )


def depthwise():
    return keras.Sequential(
        [
            keras.Input((9, 8, 3)),
            L.DepthwiseConv2D((3, 2), strides=2, padding="same", depth_multiplier=2, activation="relu"),
            L.DepthwiseConv2D(2, dilation_rate=2, use_bias=False, depthwise_regularizer="l2"),
            L.DepthwiseConv2D(2, data_format="channels_first", bias_initializer="ones"),
            L.Flatten(),
            L.Dense(3),
        ],
        name="depthwise",
    )


def two_ways():
    words, numbers_in = keras.Input((3,), name="words", dtype="int32"), keras.Input((6,), name="numbers")
    inner_in = keras.Input((6,))
    inner = keras.Model(inner_in, L.Dense(4, "tanh")(inner_in), name="inner")
    shared = L.Dense(6, "sigmoid", name="shared")
    a = shared(L.Flatten()(L.Embedding(9, 2, embeddings_initializer=I.RandomUniform(-1, 1))(words)))
    b = shared(numbers_in)
    joined = [L.Add()([a, b]), L.Subtract()([a, b]), L.Multiply()([a, b]), L.Average()([a, b])]
    joined += [L.Maximum()([a, b]), L.Minimum()([a, b]), inner(b), inner(a)]
    both = L.Concatenate(name="both")(joined)
    return keras.Model(
        [words, numbers_in], [L.Dense(2, "softmax", name="label")(both), L.Dense(1, name="number")(both)], name="two_ways"
    )


def chain():
    return keras.Sequential([L.Flatten(), L.Dense(3, "sigmoid")], name="chain")


def main():
    use("float64")
    tensors = {}
    inputs = {
        "every_layer": [numbers((3, 4, 6), 1)],
        "images": [numbers((3, 5, 6, 3), 4)],
        "convolutions": [numbers((3, 9, 8, 4), 5)],
        "depthwise": [numbers((3, 9, 8, 3), 6)],
        "two_ways": [(np.arange(9) * 5 % 9).reshape(3, 3).astype(np.int64), numbers((3, 6), 2)],
        "chain": [numbers((3, 2, 2), 3)],
    }
    for make in (every_layer, two_ways, chain, images, convolutions, depthwise):
        model = make()
        text = json.loads(model.to_json())
        place = Path(__file__).parent / "keras_json" / f"{model.name}.json"
        # The dtype of ordinary models.
        place.write_text(json.dumps(text, indent=1).replace("float64", "float32") + "\n")
        x = inputs[model.name]
        model(x if len(x) > 1 else x[0])
        for i, weight in enumerate(model.weights):
            low = 0.5 if "variance" in weight.path else -1
            weight.assign(numbers(tuple(weight.shape), i, low))
            tensors[f"{model.name}/w{i}"] = weight.numpy()
        y = model.predict(x if len(x) > 1 else x[0], verbose=0)
        for i, each in enumerate(x):
            tensors[f"{model.name}/x{i}"] = each
        for i, each in enumerate(y if isinstance(y, list) else [y]):
            tensors[f"{model.name}/y{i}"] = each
    save("keras_json.safetensors", tensors, "make_keras_json.py")


if __name__ == "__main__":
    main()
