#!/usr/bin/env python3
"""Makes layers.safetensors: every layer that computes, alone, in Keras.

<Class>/<case>/config: its options as JSON, in bytes. x0, x1, …: inputs; w_<name>: weights, in order;
dy: the gradient with respect to the output. y, dx0, …, dw_<name>: the output and the gradients, in
float64 with ..._error of the same in float32; for BatchNormalization in training also
moving_mean_after and moving_variance_after. Cases named inference call the layer with training=False.

An input to which nothing comes back has no dx.

    python3 tests/goldens/make_layers.py
"""

import json

import numpy as np
from golden_file import save
from golden_numbers import both, keras, single, spread, tf

L = keras.layers


def numbers(shape, salt=0, low=-2, high=2):
    return spread(int(np.prod(shape)), 31 + 2 * salt, 3 + salt, 53, low, high).reshape(shape)


def indices(shape, count):
    return (np.arange(int(np.prod(shape))) * 5 % count).reshape(shape).astype(np.float64)


def equal_numbers(shape):
    return (np.arange(int(np.prod(shape))) * 7 % 11 // 3).reshape(shape).astype(np.float64)


WINDOWS = [
    ("plain", {}, (2, 6, 4, 3)),
    ("cut_off", {"pool_size": 3}, (2, 8, 7, 5)),
    ("overlapping", {"pool_size": [3, 2], "strides": [2, 1]}, (2, 7, 5, 9)),
    ("apart", {"pool_size": 2, "strides": 3}, (2, 8, 7, 17)),
    ("same", {"pool_size": 3, "strides": 2, "padding": "same"}, (2, 8, 5, 4)),
    ("same_wide", {"pool_size": [2, 5], "strides": 1, "padding": "same"}, (2, 3, 4, 33)),
    ("channels_first", {"pool_size": 2, "data_format": "channels_first"}, (2, 3, 4, 6)),
]
LINES = [
    ("plain", {}, (2, 7, 3)),
    ("overlapping", {"pool_size": 3, "strides": 1}, (2, 8, 5)),
    ("same", {"pool_size": 4, "strides": 3, "padding": "same"}, (2, 8, 20)),
    ("channels_first", {"strides": 1, "data_format": "channels_first"}, (2, 3, 6)),
]
TURNED = {"data_format": "channels_first"}
CONVOLUTIONS = [
    ("plain", {"filters": 3, "kernel_size": 3}, (2, 6, 5, 2)),
    ("relu", {"filters": 17, "kernel_size": [2, 3], "activation": "relu", "use_bias": False}, (2, 5, 6, 3)),
    ("strides", {"filters": 4, "kernel_size": 3, "strides": 2}, (2, 8, 7, 3)),
    ("apart", {"filters": 4, "kernel_size": 2, "strides": [3, 4]}, (2, 8, 7, 3)),
    ("same", {"filters": 5, "kernel_size": [4, 3], "padding": "same"}, (2, 5, 6, 2)),
    ("same_strides", {"filters": 5, "kernel_size": [3, 5], "strides": [2, 3], "padding": "same"}, (2, 7, 8, 3)),
    ("dilated", {"filters": 3, "kernel_size": 3, "dilation_rate": 2}, (2, 8, 7, 2)),
    ("dilated_same", {"filters": 3, "kernel_size": 3, "dilation_rate": [1, 3], "padding": "same"}, (2, 5, 6, 2)),
    ("wide", {"filters": 40, "kernel_size": 1}, (2, 4, 3, 33)),
    ("whole", {"filters": 8, "kernel_size": [6, 5]}, (3, 6, 5, 4)),
]
DEPTHWISE = [
    ("plain", {"kernel_size": 3}, (2, 6, 5, 3)),
    ("wide", {"kernel_size": [2, 3], "activation": "relu"}, (2, 5, 6, 37)),
    ("strides", {"kernel_size": 3, "strides": 2, "use_bias": False}, (2, 8, 7, 5)),
    ("same", {"kernel_size": [4, 3], "padding": "same", "activation": "tanh"}, (2, 5, 6, 2)),
    ("same_strides", {"kernel_size": 3, "strides": 2, "padding": "same"}, (2, 7, 8, 17)),
    ("dilated", {"kernel_size": 3, "dilation_rate": 2}, (2, 8, 7, 2)),
    ("dilated_same", {"kernel_size": 3, "dilation_rate": [2, 2], "padding": "same"}, (2, 5, 6, 2)),
    ("multiplier", {"kernel_size": 3, "depth_multiplier": 3, "strides": 2, "padding": "same"}, (2, 6, 5, 4)),
    ("one_channel", {"kernel_size": [2, 3], "depth_multiplier": 5}, (3, 4, 5, 1)),
    ("channels_first", {"kernel_size": [2, 3], "depth_multiplier": 2, "data_format": "channels_first"}, (2, 3, 5, 6)),
]
SEQUENCES = [
    ("plain", {"filters": 3, "kernel_size": 3}, (2, 7, 4)),
    ("causal", {"filters": 4, "kernel_size": 3, "dilation_rate": 2, "padding": "causal"}, (2, 8, 3)),
    ("same_strides", {"filters": 18, "kernel_size": 4, "strides": 3, "padding": "same"}, (2, 8, 5)),
]
FAR = numbers((6, 4), 1, -0.01, 0.01) + single([1000, -50, 3, 0])
CASES = [
    ("Dense", "linear", {"units": 3}, [(5, 4)], True),
    ("Dense", "no_bias_tanh", {"units": 3, "use_bias": False, "activation": "tanh"}, [(5, 4)], True),
    ("Dense", "three_axes", {"units": 3, "activation": "relu"}, [(2, 3, 4)], True),
    ("Flatten", "plain", {}, [(3, 2, 4)], True),
    ("Reshape", "plain", {"target_shape": [4, 2]}, [(3, 8)], True),
    ("Activation", "gelu", {"activation": "gelu"}, [(5, 4)], True),
    ("Dropout", "inference", {"rate": 0.5}, [(5, 4)], False),
    ("Rescaling", "plain", {"scale": 0.25, "offset": -1.0}, [(5, 4)], True),
    ("ReLU", "plain", {}, [(5, 4)], True),
    ("ReLU", "options", {"max_value": 1.5, "negative_slope": 0.25, "threshold": 0.5}, [(5, 4)], True),
    ("LeakyReLU", "plain", {}, [(5, 4)], True),
    ("LeakyReLU", "slope", {"negative_slope": 0.1}, [(5, 4)], True),
    ("ELU", "plain", {}, [(5, 4)], True),
    ("ELU", "alpha", {"alpha": 0.5}, [(5, 4)], True),
    ("Softmax", "plain", {}, [(5, 4)], True),
    ("PReLU", "plain", {}, [(5, 4)], True),
    ("PReLU", "three_axes", {}, [(4, 3, 2)], True),
    ("PReLU", "shared", {"shared_axes": [1]}, [(4, 3, 2)], True),
    ("Add", "three", {}, [(5, 4)] * 3, True),
    ("Subtract", "two", {}, [(5, 4)] * 2, True),
    ("Multiply", "three", {}, [(5, 4)] * 3, True),
    ("Average", "three", {}, [(5, 4)] * 3, True),
    ("Maximum", "two", {}, [(5, 4)] * 2, True),
    ("Minimum", "two", {}, [(5, 4)] * 2, True),
    ("Concatenate", "plain", {}, [(5, 4), (5, 2), (5, 1)], True),
    ("Concatenate", "axis_1", {"axis": 1}, [(3, 2, 4), (3, 1, 4)], True),
    ("BatchNormalization", "plain", {}, [(6, 4)], True),
    ("BatchNormalization", "one_row", {}, [(1, 4)], True),
    ("BatchNormalization", "many_columns", {}, [(7, 70)], True),
    ("BatchNormalization", "three_axes", {}, [(3, 2, 5)], True),
    ("BatchNormalization", "momentum_epsilon", {"momentum": 0.5, "epsilon": 0.1}, [(6, 4)], True),
    ("BatchNormalization", "no_center", {"center": False}, [(6, 4)], True),
    ("BatchNormalization", "no_scale", {"scale": False}, [(6, 4)], True),
    ("BatchNormalization", "neither", {"center": False, "scale": False}, [(6, 4)], True),
    ("BatchNormalization", "far_from_0", {}, [FAR], True),
    ("BatchNormalization", "inference", {}, [(6, 4)], False),
    ("BatchNormalization", "inference_neither", {"center": False, "scale": False}, [(6, 4)], False),
    ("BatchNormalization", "images", {}, [(2, 3, 2, 5)], True),
    ("BatchNormalization", "axis_1", {"axis": 1}, [(3, 2, 5)], True),
    ("BatchNormalization", "axis_2", {"axis": 2}, [(2, 3, 4, 2)], True),
    ("BatchNormalization", "inference_axis_1", {"axis": 1}, [(2, 3, 4, 2)], False),
    ("LayerNormalization", "plain", {}, [(6, 4)], True),
    ("LayerNormalization", "wide", {}, [(3, 37)], True),
    ("LayerNormalization", "three_axes", {}, [(3, 2, 5)], True),
    ("LayerNormalization", "epsilon", {"epsilon": 0.1}, [(6, 4)], True),
    ("LayerNormalization", "no_center", {"center": False}, [(6, 4)], True),
    ("LayerNormalization", "no_scale", {"scale": False}, [(6, 4)], True),
    ("LayerNormalization", "far_from_0", {}, [FAR], True),
    ("Embedding", "plain", {"input_dim": 9, "output_dim": 3}, [indices((4, 5), 7)], True),
    ("Embedding", "one_axis", {"input_dim": 3, "output_dim": 2}, [indices((6,), 3)], True),
    ("Embedding", "fractions", {"input_dim": 4, "output_dim": 40}, [np.array([[0.9, 1.5], [3.25, -0.5]])], True),
    *(("Conv2D", case, options, [shape], True) for case, options, shape in CONVOLUTIONS),
    *(("DepthwiseConv2D", case, options, [shape], True) for case, options, shape in DEPTHWISE),
    *(("Conv1D", case, options, [shape], True) for case, options, shape in SEQUENCES),
    *((kind, case, {"pool_size": 2, **options}, [shape], True)
      for kind in ("MaxPooling2D", "AveragePooling2D") for case, options, shape in WINDOWS),
    *((kind, case, {"pool_size": 2, **options}, [shape], True)
      for kind in ("MaxPooling1D", "AveragePooling1D") for case, options, shape in LINES),
    ("MaxPooling2D", "equal", {"pool_size": 3, "strides": 2}, [equal_numbers((2, 7, 7, 18))], True),
    ("MaxPooling2D", "inference", {"pool_size": 3, "strides": 2}, [(2, 7, 6, 5)], False),
    ("MaxPooling2D", "large", {"pool_size": 17}, [numbers((1, 17, 17, 2))], True),
    *((kind, case, options, [shape], True) for kind in ("GlobalMaxPooling2D", "GlobalAveragePooling2D")
      for case, options, shape in (("plain", {}, (3, 4, 3, 5)), ("keepdims", {"keepdims": True}, (2, 3, 3, 17)),
                                   ("channels_first", {"data_format": "channels_first"}, (2, 3, 4, 3)))),
    *((kind, case, options, [shape], True) for kind in ("GlobalMaxPooling1D", "GlobalAveragePooling1D")
      for case, options, shape in (("plain", {}, (3, 7, 5)), ("keepdims", {"keepdims": True}, (2, 5, 17)),
                                   ("channels_first", {"data_format": "channels_first", "keepdims": True}, (2, 3, 5)))),
    ("ZeroPadding2D", "plain", {}, [(2, 3, 2, 3)], True),
    ("ZeroPadding2D", "edges", {"padding": [[1, 0], [2, 3]]}, [(2, 3, 2, 17)], True),
    ("ZeroPadding2D", "channels_first", {"padding": [2, 1], **TURNED}, [(2, 3, 2, 4)], True),
    ("Cropping2D", "plain", {"cropping": 1}, [(2, 4, 3, 3)], True),
    ("Cropping2D", "edges", {"cropping": [[1, 0], [0, 2]]}, [(2, 3, 4, 17)], True),
    ("Cropping2D", "channels_first", {"cropping": [1, 0], **TURNED}, [(2, 3, 4, 2)], True),
    ("UpSampling2D", "plain", {}, [(2, 3, 2, 3)], True),
    ("UpSampling2D", "size", {"size": [1, 3]}, [(2, 3, 2, 17)], True),
    ("UpSampling2D", "channels_first", TURNED, [(2, 3, 2, 3)], True),
    ("Permute", "two", {"dims": [2, 1]}, [(3, 4, 5)], True),
    ("Permute", "three", {"dims": [3, 1, 2]}, [(2, 3, 4, 5)], True),
    ("RepeatVector", "plain", {"n": 3}, [(4, 5)], True),
    ("RepeatVector", "once", {"n": 1}, [(4, 5)], True),
    ("SpatialDropout1D", "inference", {"rate": 0.5}, [(2, 5, 4)], False),
    ("SpatialDropout2D", "inference", {"rate": 0.5, **TURNED}, [(2, 3, 5, 4)], False),
]


def weight_numbers(name, shape, salt):
    low, high = (0.5, 2) if name in ("moving_variance", "gamma") else (-1, 1)
    return numbers(tuple(shape), salt + 5, low, high)


def run(kind, options, inputs, training):
    shapes = {}

    def compute(cast):
        layer = getattr(L, kind)(**options)
        x = [tf.constant(cast(each)) for each in inputs]
        called = x if len(x) > 1 else x[0]
        layer(called)
        for salt, weight in enumerate(layer.weights):
            value = weight_numbers(weight.name, weight.shape, salt)
            shapes[weight.name] = value
            weight.assign(cast(value))
        takes_mode = kind == "BatchNormalization" or "Dropout" in kind

        @tf.function
        def forward_and_back(dy):
            trained = [w.value for w in layer.trainable_weights]
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = layer(called, training=training) if takes_mode else layer(called)
            return y, tape.gradient(y, x + trained, output_gradients=dy)

        y_shape = layer(called, training=False).shape if takes_mode else layer(called).shape
        dy = numbers(tuple(y_shape), 9, -1, 1)
        shapes["dy"] = dy
        y, back = forward_and_back(tf.constant(cast(dy)))
        found = {"y": y.numpy()}
        for i in range(len(x)):
            if back[i] is not None:
                found[f"dx{i}"] = back[i].numpy()
        for i, weight in enumerate(layer.trainable_weights):
            found[f"dw_{weight.name}"] = tf.convert_to_tensor(back[len(x) + i]).numpy()
        if kind == "BatchNormalization" and training:
            found["moving_mean_after"] = layer.moving_mean.numpy()
            found["moving_variance_after"] = layer.moving_variance.numpy()
        return found

    found = both(compute)
    return found, shapes


def main():
    tensors = {}
    for kind, case, options, given, training in CASES:
        inputs = [
            each if isinstance(each, np.ndarray) else numbers(each, i) for i, each in enumerate(given)
        ]
        found, own = run(kind, options, inputs, training)
        place = f"{kind}/{case}/"
        tensors[place + "config"] = np.frombuffer(json.dumps(options).encode(), np.uint8)
        for i, x in enumerate(inputs):
            tensors[f"{place}x{i}"] = x
        for name, value in own.items():
            tensors[place + ("dy" if name == "dy" else "w_" + name)] = value
        for name, value in found.items():
            tensors[place + name] = value
    print(len(CASES), "cases")
    save("layers.safetensors", tensors, "make_layers.py")


if __name__ == "__main__":
    main()
