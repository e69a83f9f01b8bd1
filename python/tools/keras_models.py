"""Models for any version of Keras: every layer, activation, loss and optimizer that Cornu has, as
far as that version has it. keras_files.py saves them. Runs on Python 3.6 and later.
"""

import os
import re

import numpy as np

if os.environ.get("CORNU_KERAS") == "tensorflow":
    from tensorflow import keras
else:
    try:
        import keras
    except ImportError:
        from tensorflow import keras

VERSION = tuple(int(part) for part in re.findall(r"\d+", keras.__version__)[:2])
L = keras.layers
ROWS = 8

ACTIVATIONS = [
    "relu", "sigmoid", "tanh", "softmax", "elu", "selu", "softplus", "softsign", "linear",
    "exponential", "hard_sigmoid", "swish", "silu", "gelu", "leaky_relu", "relu6", "mish", "celu",
    "hard_silu", "hard_tanh", "log_sigmoid", "log_softmax", "soft_shrink", "hard_shrink",
    "sparse_plus", "squareplus", "tanh_shrink", "threshold", "glu", "sparsemax"]
LOSSES = ["mse", "mae", "mape", "msle", "poisson", "hinge", "squared_hinge", "logcosh", "huber",
          "kullback_leibler_divergence", "kl_divergence", "cosine_similarity", "categorical_hinge",
          "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"]


class Case:
    """A model, its data, and what compile() is given, or nothing."""

    def __init__(self, model, x, y=None, **compile_options):
        self.model, self.x, self.y = model, listed(x), None if y is None else listed(y)
        self.compile_options = compile_options


def listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def alone(values):
    return values[0] if len(values) == 1 else values


class Numbers:
    def __init__(self, name):
        self.random = np.random.RandomState(sum(ord(c) * (i + 1) for i, c in enumerate(name)))

    def __call__(self, *shape, **limits):
        low, high = limits.get("low", -1), limits.get("high", 1)
        return self.random.uniform(low, high, shape).astype(np.float32)

    def one_hot(self, classes):
        return np.eye(classes, dtype=np.float32)[self.random.randint(0, classes, ROWS)]

    def labels(self, classes, *shape):
        return self.random.randint(0, classes, shape or (ROWS,)).astype(np.int32)


def model_of(inputs, outputs, **options):
    return keras.models.Model(inputs, outputs, **options)


CASES = {}


def case(make):
    CASES[make.__name__] = make
    return make


def add(name, make):
    make.__name__ = name
    CASES[name] = make


def first_dense(units, shape, **options):
    return L.Dense(units, input_shape=shape, **options)


def chain_of(shape, *layers):
    """As people wrote it in every version: the first layer has the input's shape."""
    model = keras.models.Sequential()
    if VERSION >= (3,):
        model.add(keras.Input(shape))
    for layer in layers:
        model.add(layer)
    return model


def D(units, shape, **options):
    """A first Dense layer."""
    return L.Dense(units, **options) if VERSION >= (3,) else first_dense(units, shape, **options)


def first(layer, shape, *args, **options):
    if VERSION < (3,):
        options["input_shape"] = shape
    return layer(*args, **options)


# --- activations, by name and as layers

def activation_case(name):
    def make(n):
        model = chain_of((6,), D(4, (6,), activation=name), L.Activation(name), L.Dense(2))
        # exp(exp(x)) has a steep gradient.
        optimizer = keras.optimizers.SGD(1e-5 if name == "exponential" else 0.01)
        return Case(model, n(ROWS, 6), n(ROWS, 2), optimizer=optimizer, loss="mse")
    return make


for each in ACTIVATIONS:
    add("activation_" + each, activation_case(each))


# --- layers

def layer_case(make_layer, shape=(6,), **limits):
    def make(n):
        layers = [D(shape[-1], shape), make_layer(), L.Flatten() if len(shape) > 1 else L.Activation("tanh"),
                  L.Dense(2)]
        return Case(chain_of(shape, *layers), n(ROWS, *shape, **limits), n(ROWS, 2),
                    optimizer="rmsprop", loss="mse")
    return make


LAYERS = {
    "dropout": lambda: L.Dropout(0.0),
    "gaussian_noise": lambda: L.GaussianNoise(0.0),
    "gaussian_dropout": lambda: L.GaussianDropout(0.0),
    "relu": lambda: L.ReLU(max_value=0.8, negative_slope=0.1, threshold=0.05),
    "leaky_relu": lambda: L.LeakyReLU(0.2),
    "leaky_relu_default": lambda: L.LeakyReLU(),
    "elu": lambda: L.ELU(0.7),
    "prelu": lambda: L.PReLU(),
    "softmax": lambda: L.Softmax(),
    "batch_normalization": lambda: L.BatchNormalization(),
    "batch_normalization_plain": lambda: L.BatchNormalization(
        momentum=0.8, epsilon=0.01, center=False, scale=False),
    "layer_normalization": lambda: L.LayerNormalization(),
    "rescaling": lambda: L.Rescaling(0.5, 0.25),
    "dense_regularized": lambda: L.Dense(
        5, kernel_regularizer=keras.regularizers.l2(0.01), bias_regularizer="l1",
        kernel_initializer=keras.initializers.RandomNormal(stddev=0.1, seed=3)),
    "dense_no_bias": lambda: L.Dense(5, use_bias=False, kernel_initializer="he_normal"),
    "activation_function": lambda: L.Activation(keras.activations.relu),
}
for each in sorted(LAYERS):
    add("layer_" + each, layer_case(LAYERS[each]))
add("layer_prelu_shared", layer_case(lambda: L.PReLU(shared_axes=[1]), (3, 4)))
add("layer_softmax_axis", layer_case(lambda: L.Softmax(axis=1), (3, 4)))
add("layer_reshape", layer_case(lambda: L.Reshape((4, 3)), (3, 4)))
add("layer_reshape_open", layer_case(lambda: L.Reshape((-1, 2)), (3, 4)))
add("layer_batch_normalization_axes", layer_case(lambda: L.BatchNormalization(axis=1), (3, 4)))
add("layer_layer_normalization_axes", layer_case(lambda: L.LayerNormalization(axis=[1, 2]), (3, 4)))
add("layer_convolution", layer_case(lambda: L.Conv2D(3, 2, activation="relu"), (5, 4, 2)))
add("layer_convolution_same", layer_case(
    lambda: L.Conv2D(4, (3, 2), strides=(2, 1), padding="same", use_bias=False), (5, 4, 2)))
add("layer_convolution_dilated", layer_case(
    lambda: L.Conv2D(3, 2, dilation_rate=(2, 1), kernel_regularizer="l2"), (5, 4, 2)))
add("layer_convolution_lines", layer_case(
    lambda: L.Conv1D(3, 2, padding="causal", dilation_rate=2), (5, 4)))
add("layer_depthwise", layer_case(
    lambda: L.DepthwiseConv2D(2, depth_multiplier=2, activation="relu"), (5, 4, 2)))
add("layer_depthwise_same", layer_case(
    lambda: L.DepthwiseConv2D(3, strides=2, padding="same", use_bias=False), (5, 4, 3)))
add("layer_max_pooling", layer_case(lambda: L.MaxPooling2D(2), (5, 4, 2)))
add("layer_max_pooling_same", layer_case(
    lambda: L.MaxPooling2D((3, 2), strides=(2, 1), padding="same"), (5, 4, 2)))
add("layer_average_pooling", layer_case(
    lambda: L.AveragePooling2D((2, 3), strides=1, padding="same"), (5, 4, 2)))
add("layer_pooling_lines", layer_case(lambda: L.MaxPooling1D(3, strides=1), (5, 4)))
add("layer_global_pooling", layer_case(lambda: L.GlobalAveragePooling2D(), (5, 4, 2)))
add("layer_global_max_pooling", layer_case(lambda: L.GlobalMaxPooling1D(), (5, 4)))
add("layer_zero_padding", layer_case(lambda: L.ZeroPadding2D(((1, 0), (2, 1))), (5, 4, 2)))
add("layer_cropping", layer_case(lambda: L.Cropping2D(1), (5, 4, 2)))
add("layer_up_sampling", layer_case(lambda: L.UpSampling2D((1, 2)), (5, 4, 2)))
add("layer_permute", layer_case(lambda: L.Permute((2, 1)), (5, 4)))
add("layer_repeat_vector", layer_case(lambda: L.RepeatVector(3), (5,)))
add("layer_spatial_dropout", layer_case(lambda: L.SpatialDropout2D(0.0), (5, 4, 2)))
add("layer_dense_of_rows", layer_case(lambda: L.Dense(3, activation="tanh"), (3, 4)))


@case
def layer_flatten(n):
    model = chain_of((3, 4), first(L.Flatten, (3, 4)), L.Dense(3, activation="softmax"))
    return Case(model, n(ROWS, 3, 4), n.labels(3), optimizer="adam",
                loss="sparse_categorical_crossentropy", metrics=["accuracy"])


@case
def layer_embedding(n):
    options = {} if VERSION >= (3,) else {"input_length": 4}
    model = chain_of((4,), L.Embedding(10, 3, **options), L.Flatten(), L.Dense(2))
    return Case(model, n.labels(10, ROWS, 4).astype(np.float32), n(ROWS, 2), optimizer="adam", loss="mse")


def merge_case(name):
    def make(n):
        a, b = keras.layers.Input((4,), name="a"), keras.layers.Input((4,), name="b")
        merged = getattr(L, name)()([L.Dense(4)(a), b, L.Dense(4, activation="tanh")(b)][:2 if name == "Subtract" else 3])
        model = model_of([a, b], L.Dense(2)(merged))
        return Case(model, [n(ROWS, 4), n(ROWS, 4)], n(ROWS, 2), optimizer="sgd", loss="mse")
    return make


for each in ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"]:
    add("merge_" + each.lower(), merge_case(each))


# --- losses and optimizers

def loss_case(name):
    def make(n):
        y, last = n(ROWS, 3), None
        if "crossentropy" in name or "divergence" in name:
            y, last = n.one_hot(3), "softmax"
        if name.startswith("binary"):
            y, last = n.labels(2, ROWS, 3).astype(np.float32), "sigmoid"
        if name.startswith("sparse"):
            y = n.labels(3)
        if "hinge" in name:
            y = np.sign(y) if name != "categorical_hinge" else n.one_hot(3)
        if name in ("msle", "poisson", "mape"):
            y, last = n(ROWS, 3, low=0.1), "softplus"
        model = chain_of((6,), D(5, (6,), activation="tanh"), L.Dense(3, activation=last))
        return Case(model, n(ROWS, 6), y, optimizer="adam", loss=name)
    return make


for each in LOSSES:
    add("loss_" + each, loss_case(each))


if VERSION >= (3,):
    add("loss_chosen", lambda n: Case(chain_of((6,), D(3, (6,), activation="softmax")), n(ROWS, 6),
                                      n.one_hot(3), optimizer="sgd", loss="crossentropy"))


def optimizer(name, **options):
    return lambda: getattr(keras.optimizers, name)(**options)


OPTIMIZERS = {
    "sgd": optimizer("SGD"),
    "sgd_momentum": optimizer("SGD", momentum=0.9),
    "sgd_nesterov": optimizer("SGD", momentum=0.9, nesterov=True),
    "rmsprop": optimizer("RMSprop"),
    "rmsprop_centered": optimizer("RMSprop", momentum=0.5, centered=True),
    "adam": optimizer("Adam"),
    "adam_options": optimizer("Adam", beta_1=0.8, beta_2=0.99, epsilon=1e-4),
    "adam_amsgrad": optimizer("Adam", amsgrad=True),
    "adam_clipped": optimizer("Adam", clipnorm=0.5),
    "adam_clipvalue": optimizer("Adam", clipvalue=0.05),
    "adam_global_clipnorm": optimizer("Adam", global_clipnorm=0.5),
    "adam_weight_decay": optimizer("Adam", weight_decay=0.01),
    "adam_average": optimizer("Adam", use_ema=True),
    "adamw": optimizer("AdamW"),
    "adamax": optimizer("Adamax"),
    "nadam": optimizer("Nadam"),
    "adagrad": optimizer("Adagrad"),
    "adadelta": optimizer("Adadelta"),
    "lion": optimizer("Lion"),
}
if VERSION < (2, 11):
    OPTIMIZERS["sgd_lr"] = optimizer("SGD", lr=0.05, momentum=0.9, decay=0.1)
    OPTIMIZERS["adam_decay"] = optimizer("Adam", lr=0.02, decay=0.1)


def schedule(name, *args, **options):
    return lambda: keras.optimizers.SGD(getattr(keras.optimizers.schedules, name)(*args, **options),
                                        momentum=0.9)


if VERSION >= (2, 4) or hasattr(keras.optimizers, "schedules"):
    OPTIMIZERS["schedule_exponential"] = schedule("ExponentialDecay", 0.1, 2, 0.5)
    OPTIMIZERS["schedule_inverse_time"] = schedule("InverseTimeDecay", 0.1, 2, 0.5, staircase=True)
    OPTIMIZERS["schedule_piecewise"] = schedule("PiecewiseConstantDecay", [1, 2], [0.1, 0.05, 0.01])
    OPTIMIZERS["schedule_polynomial"] = schedule("PolynomialDecay", 0.1, 4, 0.01, power=2.0)
    OPTIMIZERS["schedule_cosine"] = schedule("CosineDecay", 0.1, 5)
    OPTIMIZERS["schedule_cosine_restarts"] = schedule("CosineDecayRestarts", 0.1, 5)


def optimizer_case(make_optimizer):
    def make(n):
        model = chain_of((4,), D(3, (4,), activation="tanh"), L.BatchNormalization(), L.Dense(2))
        return Case(model, n(ROWS, 4), n(ROWS, 2), optimizer=make_optimizer(), loss="mse")
    return make


for each in sorted(OPTIMIZERS):
    add("optimizer_" + each, optimizer_case(OPTIMIZERS[each]))


# --- networks of other shapes

@case
def shared_layers(n):
    a, b = L.Input((4,), name="a"), L.Input((4,), name="b")
    shared, again = L.Dense(3, activation="tanh", name="shared"), L.BatchNormalization()
    both = L.Concatenate()([again(shared(a)), again(shared(b)), L.Dense(2)(b)])
    return Case(model_of([a, b], L.Dense(1)(both)), [n(ROWS, 4), n(ROWS, 4)], n(ROWS, 1),
                optimizer="adam", loss="mse")


# A bias right before a BatchNormalization, or before a relu there that lets all pass, has the
# gradient 0 but for rounding, and these optimizers divide it by its own size. Behind tanh it has one.
@case
def nested_chain(n):
    inner = chain_of((4,), D(3, (4,), activation="tanh"), L.BatchNormalization(), L.Dense(3))
    model = chain_of((6,), D(4, (6,)), inner, L.Dense(2))
    return Case(model, n(ROWS, 6), n(ROWS, 2), optimizer="adam", loss="mse")


@case
def nested_functional(n):
    p = L.Input((4,))
    inner = model_of(p, L.Add()([L.Dense(4)(p), p]), name="inner")
    a, b = L.Input((4,), name="a"), L.Input((4,), name="b")
    out = L.Dense(2)(L.Concatenate()([inner(a), inner(L.Dense(4)(b))]))
    return Case(model_of([a, b], out), [n(ROWS, 4), n(ROWS, 4)], n(ROWS, 2), optimizer="adam",
                loss="mse")


@case
def nested_twice(n):
    innermost = chain_of((3,), D(3, (3,), activation="tanh"), L.BatchNormalization())
    p = L.Input((3,))
    inner = model_of(p, innermost(L.Dense(3)(p)), name="middle")
    model = chain_of((3,), D(3, (3,)), inner)
    model.add(L.Dense(1))
    return Case(model, n(ROWS, 3), n(ROWS, 1), optimizer="rmsprop", loss="mse")


def two_outputs(n, **compile_options):
    a, b = L.Input((4,), name="a"), L.Input((3,), name="b")
    both = L.Concatenate()([L.Dense(3, activation="tanh")(a), b])
    label = L.Dense(2, activation="softmax", name="label")(both)
    number = L.Dense(1, name="number")(L.Dense(3, activation="sigmoid")(both))
    return Case(model_of([a, b], [label, number]), [n(ROWS, 4), n(ROWS, 3)],
                [n.one_hot(2), n(ROWS, 1)], **compile_options)


@case
def outputs_one_loss(n):
    return two_outputs(n, optimizer="adam", loss="mse")


@case
def outputs_list(n):
    return two_outputs(n, optimizer="adam", loss=["categorical_crossentropy", "mse"],
                       loss_weights=[1.0, 0.25])


@case
def outputs_dict(n):
    return two_outputs(n, optimizer="adam", loss={"label": "categorical_crossentropy", "number": "mae"},
                       loss_weights={"label": 0.5, "number": 2.0},
                       metrics={"label": ["accuracy"], "number": "mae"})


@case
def outputs_metrics_lists(n):
    return two_outputs(n, optimizer="sgd", loss=["categorical_crossentropy", "mse"],
                       metrics=[["accuracy"], ["mae"]])


@case
def compiled_with_objects(n):
    model = chain_of((6,), D(4, (6,), activation="relu"), L.Dense(3, activation="softmax"))
    return Case(model, n(ROWS, 6), n.one_hot(3), optimizer=keras.optimizers.Adam(0.01),
                loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
                metrics=[keras.metrics.CategoricalAccuracy(name="acc"), "mae"],
                weighted_metrics=["mse"])


@case
def compiled_with_logits(n):
    model = chain_of((6,), D(4, (6,), activation="relu"), L.Dense(3))
    return Case(model, n(ROWS, 6), n.labels(3), optimizer=keras.optimizers.SGD(0.1, momentum=0.5),
                loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                metrics=[keras.metrics.SparseCategoricalAccuracy()])


@case
def compiled_with_functions(n):
    model = chain_of((6,), D(4, (6,), activation="relu"), L.Dense(1, activation="sigmoid"))
    return Case(model, n(ROWS, 6), n.labels(2, ROWS, 1).astype(np.float32), optimizer="adam",
                loss=keras.losses.binary_crossentropy, metrics=[keras.metrics.binary_accuracy])


@case
def compiled_with_more_metrics(n):
    model = chain_of((6,), D(4, (6,), activation="relu"), L.Dense(1, activation="sigmoid"))
    return Case(model, n(ROWS, 6), n.labels(2, ROWS, 1).astype(np.float32), optimizer="adam",
                loss="binary_crossentropy",
                metrics=[keras.metrics.AUC(), keras.metrics.Precision(), keras.metrics.Recall(thresholds=0.4)])


@case
def not_compiled(n):
    return Case(chain_of((6,), D(4, (6,), activation="tanh"), L.Dense(3)), n(ROWS, 6))


@case
def fresh(n):
    model = chain_of((6,), D(4, (6,), activation="tanh"), L.Dense(3))
    return Case(model, n(ROWS, 6), n(ROWS, 3), optimizer="adam", loss="mse")


@case
def frozen_layers(n):
    fixed = L.Dense(5, activation="tanh", name="fixed")
    normalization = L.BatchNormalization(name="fixed_too")
    model = chain_of((6,), D(5, (6,)), fixed, normalization, L.Dense(2))
    fixed.trainable = normalization.trainable = False
    return Case(model, n(ROWS, 6), n(ROWS, 2), optimizer="adam", loss="mse")


@case
def frozen_network(n):
    inner = chain_of((4,), D(3, (4,)), L.BatchNormalization())
    inner.trainable = False
    model = chain_of((6,), D(4, (6,)), inner, L.Dense(2))
    return Case(model, n(ROWS, 6), n(ROWS, 2), optimizer="adam", loss="mse")


@case
def residual(n):
    a = L.Input((4,))
    x = L.Dense(4)(a)
    for _ in range(3):
        x = L.Add()([x, L.Activation("relu")(L.BatchNormalization()(L.Dense(4)(x)))])
    return Case(model_of(a, L.Dense(2)(x)), n(ROWS, 4), n(ROWS, 2), optimizer="adam", loss="mse")


@case
def many_layers(n):
    layers = [D(3, (3,))] + [L.Dense(3, activation="tanh") for _ in range(13)]
    return Case(chain_of((3,), *layers), n(ROWS, 3), n(ROWS, 3), optimizer="adam", loss="mse")


@case
def named(n):
    model = chain_of((3,), D(3, (3,), name="Layer.1"), L.Dense(2, name="my layer"))
    return Case(model, n(ROWS, 3), n(ROWS, 2), optimizer="adam", loss="mse")


@case
def arithmetic(n):
    a = L.Input((4,))
    return Case(model_of(a, L.Dense(2)(L.Dense(3)(a * 2 - 1) / 4 + 1)), n(ROWS, 4), n(ROWS, 2),
                optimizer="adam", loss="mse")


@case
def same_input_twice(n):
    a = L.Input((4,))
    return Case(model_of(a, [L.Dense(2, name="one")(a), L.Dense(3, name="two")(a)]), n(ROWS, 4),
                [n(ROWS, 2), n(ROWS, 3)], optimizer="adam", loss="mse")
