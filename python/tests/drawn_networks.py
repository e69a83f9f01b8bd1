"""Random networks, optimizers and callbacks, each trained by a function of the module keras, as
those of fit_models.py: it gives logs, outputs and weights by name.
"""

import csv
import functools
import os
import tempfile

import numpy as np

import drawn
from golden.differences import WITHOUT_LOGS
from drawn import between, normal, one_of, some, whole


def numbered(**lists):
    """Arrays by name and place: "weight 0", "weight 1", ..."""
    return {f"{name} {i}": np.asarray(each, np.float64)
            for name, values in lists.items() for i, each in enumerate(values)}


def set_weights(model, seed):
    """The same first weights in every library; vectors stay near what they are, so that a variance
    is positive.
    """
    random = np.random.default_rng(seed)
    weights = [np.asarray(each) for each in model.get_weights()]
    model.set_weights([
        normal(random, *each.shape, scale=1 / np.sqrt(each.shape[0])) if each.ndim > 1
        else np.float32(each + random.uniform(-0.2, 0.2, each.shape)) for each in weights])


def merged(random):
    return {}, 2, (whole(random, 1, 6),)


def any_shape(random):
    return tuple(whole(random, 1, 5) for _ in range(whole(random, 1, 2)))


def elementwise(**draws):
    """Options drawn by functions; the input is of any shape."""
    def options(random):
        given = some(random, **{name: draw(random) for name, draw in draws.items()})
        return given, 1, any_shape(random)
    return options


def _dense(random):
    l1l2 = {"class_name": "L1L2", "config": {"l1": between(random, 0, 0.1),
                                             "l2": between(random, 0, 0.1)}}
    options = some(random, activation=one_of(random, *drawn.ACTIVATIONS[1:]), use_bias=False,
                   kernel_regularizer=one_of(random, l1l2, "l2", "l1"))
    if options.get("use_bias", True):
        options |= some(random, bias_regularizer="l2")
    return {"units": whole(random, 1, 6), **options}, 1, any_shape(random)


def _reshape(random):
    a, b, c = (whole(random, 1, 4) for _ in range(3))
    return {"target_shape": one_of(random, (b, a, c), (-1, a), (c * b, a))}, 1, (a, b * c)


def _softmax(random):
    shape = (whole(random, 2, 4), whole(random, 2, 4))
    return some(random, axis=one_of(random, -2, -1, 1, 2)), 1, shape


def _concatenate(random):
    shape = tuple(whole(random, 1, 4) for _ in range(whole(random, 1, 2)))
    return some(random, axis=whole(random, 1, len(shape))), whole(random, 2, 3), shape


def _prelu(random):
    shape = tuple(whole(random, 1, 4) for _ in range(whole(random, 1, 3)))
    return some(random, shared_axes=[whole(random, 1, len(shape))],
                alpha_regularizer="l2"), 1, shape


def _embedding(random):
    options = some(random, embeddings_regularizer="l2")
    return {"input_dim": whole(random, 2, 7), "output_dim": whole(random, 1, 4), **options}, 1, (
        whole(random, 1, 4),)


def _batch_normalization(random):
    shape = any_shape(random)
    return some(random, axis=whole(random, 1, len(shape)), momentum=between(random, 0.5, 0.99),
                epsilon=between(random, 0.001, 0.1), center=False, scale=False), 1, shape


def _layer_normalization(random):
    shape = (*any_shape(random)[:1], whole(random, 3, 6))
    return some(random, epsilon=between(random, 0.001, 0.1), center=False, scale=False), 1, shape


def _relu(random):
    return some(random, max_value=between(random, 0.5, 3), negative_slope=between(random, 0, 1),
                threshold=between(random, 0, 0.5)), 1, (whole(random, 1, 5),)


def image(random):
    return tuple(whole(random, 3, 6) for _ in range(2)) + (whole(random, 1, 3),)


def turned(random):
    return {"data_format": "channels_first"} if random.random() < 0.25 else {}


def _pooling(axes):
    def options(random):
        size = tuple(whole(random, 1, 3) for _ in range(axes))
        return {"pool_size": one_of(random, size, size[0]), **turned(random),
                **some(random, strides=whole(random, 1, 3), padding="same")}, 1, (
                    tuple(whole(random, 3, 6) for _ in range(axes)) + (whole(random, 3, 5),))
    return options


def _convolution(axes):
    def options(random):
        groups = whole(random, 1, 2)
        size = tuple(whole(random, 1, 3) for _ in range(axes))
        steps = {"strides": whole(random, 1, 2)}
        if random.random() < 0.3:
            steps = {"dilation_rate": whole(random, 1, 2)}
        padding = ["same"] + (["causal"] if axes == 1 else [])
        return {"filters": groups * whole(random, 1, 5), "kernel_size": one_of(random, size, size[0]),
                **steps, **some(random, padding=one_of(random, *padding), groups=groups,
                                activation="tanh", use_bias=False)}, 1, (
                    tuple(whole(random, 5, 7) for _ in range(axes)) + (2 * whole(random, 1, 3),))
    return options


def _depthwise(random):
    size = whole(random, 1, 3), whole(random, 1, 3)
    steps = {"strides": whole(random, 1, 2)}
    if random.random() < 0.3:
        steps = {"dilation_rate": whole(random, 1, 2)}
    shape = whole(random, 5, 7), whole(random, 5, 7), whole(random, 1, 5)
    return {"kernel_size": one_of(random, size, size[0]), **steps, **some(
        random, padding="same", depth_multiplier=whole(random, 1, 3), activation="tanh",
        use_bias=False)}, 1, shape


def _global_pooling(axes):
    def options(random):
        shape = tuple(whole(random, 1, 5) for _ in range(axes + 1))
        return {**turned(random), **some(random, keepdims=True)}, 1, shape
    return options


def _zero_padding(random):
    edges = tuple(tuple(whole(random, 0, 2) for _ in range(2)) for _ in range(2))
    return {"padding": one_of(random, edges, edges[0], edges[0][0]), **turned(random)}, 1, image(
        random)


def _cropping(random):
    edges = tuple(tuple(whole(random, 0, 1) for _ in range(2)) for _ in range(2))
    return {"cropping": one_of(random, edges, edges[0], edges[0][0])}, 1, image(random)


def _up_sampling(random):
    size = whole(random, 1, 3), whole(random, 1, 3)
    return {"size": one_of(random, size, size[0]), **turned(random)}, 1, image(random)


def _permute(random):
    dims = tuple(int(each) + 1 for each in random.permutation(whole(random, 1, 4)))
    return {"dims": dims}, 1, tuple(whole(random, 1, 4) for _ in dims)


# Options, number of inputs and shape of an input of each layer.
LAYERS = {
    "Dense": _dense, "Flatten": elementwise(), "Reshape": _reshape,
    "Activation": lambda random: (
        {"activation": one_of(random, *drawn.ACTIVATIONS)}, 1, any_shape(random)),
    "Dropout": elementwise(), "GaussianNoise": elementwise(), "GaussianDropout": elementwise(),
    "Rescaling": lambda random: (
        {"scale": between(random, -2, 2), **some(random, offset=between(random, -1, 1))}, 1,
        any_shape(random)),
    "ReLU": _relu,
    "LeakyReLU": elementwise(negative_slope=lambda random: between(random, 0, 1)),
    "ELU": elementwise(alpha=lambda random: between(random, 0.1, 2)), "Softmax": _softmax,
    "Add": merged, "Subtract": merged, "Multiply": merged, "Average": merged, "Maximum": merged,
    "Minimum": merged, "Concatenate": _concatenate, "PReLU": _prelu, "Embedding": _embedding,
    "BatchNormalization": _batch_normalization, "LayerNormalization": _layer_normalization,
    "Conv1D": _convolution(1), "Conv2D": _convolution(2),
    "DepthwiseConv2D": _depthwise, "MaxPooling1D": _pooling(1), "MaxPooling2D": _pooling(2), "AveragePooling1D": _pooling(1),
    "AveragePooling2D": _pooling(2), "GlobalMaxPooling1D": _global_pooling(1),
    "GlobalMaxPooling2D": _global_pooling(2), "GlobalAveragePooling1D": _global_pooling(1),
    "GlobalAveragePooling2D": _global_pooling(2), "ZeroPadding2D": _zero_padding,
    "Cropping2D": _cropping, "UpSampling2D": _up_sampling, "Permute": _permute,
    "RepeatVector": lambda random: ({"n": whole(random, 1, 4)}, 1, (whole(random, 1, 5),)),
    "SpatialDropout1D": lambda random: ({}, 1, image(random)[:2]),
    "SpatialDropout2D": lambda random: (turned(random), 1, image(random)),
}
# With these, training is random; a rate of 0 is not.
_NOISE = {"Dropout": {"rate": 0.0}, "GaussianNoise": {"stddev": 0.0},
          "GaussianDropout": {"rate": 0.0}, "SpatialDropout1D": {"rate": 0.0},
          "SpatialDropout2D": {"rate": 0.0}}


def layer(random, name):
    """The options of a layer, and a function that trains a network with it in the middle."""
    options, count, shape = LAYERS[name](random)
    options = {**_NOISE.get(name, {}), **options}
    rows = whole(random, 5, 12)
    if name == "Embedding":
        x = [random.integers(0, options["input_dim"], (rows, *shape)).astype(np.int32)]
    else:
        x = [normal(random, rows, *shape) for _ in range(count)]
    y = normal(random, rows, 2)
    units = shape[-1]
    arguments = {"x": x[0] if count == 1 else x, "y": y, "batch_size": 4, "epochs": 2}
    return options, functools.partial(
        _trained_layer, name=name, options=options, shape=shape, count=count, units=units,
        arguments=arguments, seed=whole(random, 0, 10**6))


def _trained_layer(keras, name, options, shape, count, units, arguments, seed):
    layers = keras.layers
    inputs = [keras.Input(shape) for _ in range(count)]
    # A bias before a normalization would get noise alone.
    has_bias = name not in ("BatchNormalization", "LayerNormalization")
    before = inputs if name == "Embedding" else [
        layers.Dense(units, use_bias=has_bias)(each) for each in inputs]
    made = getattr(layers, name)(**options)
    inside = made(before[0] if count == 1 else before)
    flat = layers.Flatten()(inside)
    model = keras.Model(inputs, [layers.Dense(2, "tanh")(flat)])
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"], run_eagerly=True)
    set_weights(model, seed)
    # Outputs after the fit would multiply the rounding of its weights.
    output = model.predict(arguments["x"], verbose=0)
    history = model.fit(**arguments, shuffle=False, verbose=0).history
    return {**history, **numbered(weight=model.get_weights()), "output": output}


def optimizer(random, name):
    """The options of an optimizer, and a function that trains a network by it."""
    _, _, options = drawn.optimizer(random, name)
    x, y = normal(random, 40, 4), normal(random, 40, 2)
    arguments = {"x": x, "y": y, "batch_size": 8, "epochs": 3}
    return options, functools.partial(_optimized, name=name, options=options, arguments=arguments,
                                      seed=whole(random, 0, 10**6))


def _optimized(keras, name, options, arguments, seed):
    rate = options.get("learning_rate")
    if isinstance(rate, dict):
        options = {**options, "learning_rate": keras.optimizers.schedules.deserialize(rate)}
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(5, "tanh"),
                              keras.layers.Dense(2)])
    model.compile(getattr(keras.optimizers, name)(**options), "mse", run_eagerly=True)
    set_weights(model, seed)
    history = model.fit(**arguments, shuffle=False, verbose=0).history
    return {**history, **numbered(weight=model.get_weights())}


def callback(random, name):
    """The options of a callback, and a function that trains with it on scripted logs."""
    monitor = one_of(random, "val_loss", "val_mae", "loss")
    is_worse_when_high = random.random() < 0.8
    options = some(random, patience=whole(random, 0, 3), min_delta=between(random, 0, 0.1),
                   mode="min" if is_worse_when_high else "max")
    if name == "EarlyStopping":
        options |= some(random, baseline=between(random, 0.2, 0.8), restore_best_weights=True,
                        start_from_epoch=whole(random, 0, 3))
    else:
        options |= some(random, factor=between(random, 0.1, 0.9), cooldown=whole(random, 0, 2),
                        min_lr=between(random, 0, 0.02))
    script = [between(random, 0, 1) for _ in range(10)]
    x, y = normal(random, 12, 3), normal(random, 12, 1)
    return {"monitor": monitor, **options}, functools.partial(
        _watched, name=name, options={"monitor": monitor, **options}, script=script,
        arguments={"x": x, "y": y, "validation_split": 0.25, "epochs": len(script)},
        seed=whole(random, 0, 10**6))


CALLBACKS = ("EarlyStopping", "ReduceLROnPlateau")


def _watched(keras, name, options, script, arguments, seed):
    rates = []

    class Script(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs[options["monitor"]] = script[epoch]

    class Rates(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            rates.append(float(np.asarray(self.model.optimizer.learning_rate)))
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.05), "mse", metrics=["mae"], run_eagerly=True)
    set_weights(model, seed)
    watched = getattr(keras.callbacks, name)(**options)
    history = model.fit(**arguments, callbacks=[Script(), watched, Rates()], shuffle=False,
                        verbose=0).history
    found = {**history, **numbered(weight=model.get_weights()), "rates": rates}
    if name == "EarlyStopping":
        found["stopped_epoch"] = [watched.stopped_epoch]
        found["best_epoch"] = [watched.best_epoch]
    return found


def logged(keras):
    """The logs of a fit whose rate a callback sets, in the history and in the file of CSVLogger."""
    x = np.float32([[1, 2], [3, 1], [2, -2]]) / 4
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log.csv")
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"], run_eagerly=True)
        set_weights(model, 0)
        rate = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / (epoch + 1))
        history = model.fit(x, x[:, :1], epochs=4, validation_data=(x, x[:, 1:]), verbose=0,
                            shuffle=False,
                            callbacks=[rate, keras.callbacks.CSVLogger(path, ";")]).history
        with open(path, newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
    columns = {f"file {name}": [float(row[name]) for row in rows] for name in rows[0]}
    return {**history, **columns, **numbered(weight=model.get_weights())}


HOOKS = [f"on_{what}_{when}" for what in ("train", "epoch", "train_batch", "test", "test_batch",
                                          "predict", "predict_batch") for when in ("begin", "end")]


def hooks(keras):
    """Each call of a hook in fit, evaluate and predict: its name, number and the names of logs, but
    for those that Cornu leaves out.
    """
    calls = []

    def recorded(name):
        def record(*number, logs):
            calls.append((name, *number, sorted({*(logs or ())} - {*WITHOUT_LOGS.get(name, ())})))
        if "epoch" in name or "batch" in name:
            return lambda self, number, logs=None: record(number, logs=logs)
        return lambda self, logs=None: record(logs=logs)
    Recorder = type("Recorder", (keras.callbacks.Callback,), {
        name: recorded(name) for name in HOOKS})
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    x, y = np.ones((10, 3), np.float32), np.ones((10, 1), np.float32)
    model.fit(x, y, batch_size=4, epochs=2, validation_data=(x[:5], y[:5]), verbose=0,
              callbacks=[Recorder()])
    model.evaluate(x, y, batch_size=4, verbose=0, callbacks=[Recorder()])
    model.predict(x, batch_size=4, verbose=0, callbacks=[Recorder()])
    return calls
