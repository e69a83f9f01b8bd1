"""Classes of layers, losses, ...: Keras's names, positions and defaults."""

import inspect

import numpy as np
import pytest

import cornu
from cornu import keras
from cornu.keras import _parts

MODULES = {"layers": keras.layers, "losses": keras.losses, "metrics": keras.metrics,
           "optimizers": keras.optimizers, "schedules": keras.optimizers.schedules,
           "initializers": keras.initializers, "regularizers": keras.regularizers}
GIVEN = {"Dense": (3,), "Embedding": (5, 2), "Reshape": ((4,),), "InputLayer": ((4,),),
         "Conv1D": (4, 3), "Conv2D": (4, 3), "DepthwiseConv2D": (3,), "Permute": ((2, 1),), "RepeatVector": (3,),
         "Activation": ("relu",), "Rescaling": (0.5,), "PiecewiseConstantDecay": ([1], [1.0, 0.5])}
EVERY = [(kind, name) for kind in MODULES for name in _parts.listed(kind)]


@pytest.mark.parametrize("kind, name", EVERY)
def test_every_part_survives_its_configuration(kind, name):
    made = getattr(MODULES[kind], name)
    part = made(*GIVEN.get(name, ()))
    config = part.get_config()
    assert made.from_config(config).get_config() == config
    assert made.__name__ == name
    assert name in dir(MODULES[kind])


def test_signatures_are_keras():
    shown = inspect.signature(keras.layers.Dense)
    assert list(shown.parameters)[:5] == ["units", "activation", "use_bias", "kernel_initializer",
                                          "bias_initializer"]
    assert shown.parameters["activation"].default is None
    assert shown.parameters["kernel_initializer"].default == "glorot_uniform"
    adam = inspect.signature(keras.optimizers.Adam).parameters
    assert [adam[name].default for name in list(adam)[:5]] == [0.001, 0.9, 0.999, 1e-7, False]


def test_parts_within_parts():
    layer = keras.layers.Dense(4, keras.activations.relu,
                               kernel_initializer=keras.initializers.HeNormal(seed=3),
                               kernel_regularizer=keras.regularizers.l2(0.1))
    config = layer.get_config()
    assert config["activation"] == "relu"
    assert config["kernel_regularizer"]["config"] == {"l2": 0.1}
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    assert schedule(10) == pytest.approx(0.05)
    assert keras.optimizers.SGD(schedule).learning_rate(10) == pytest.approx(0.05)


@pytest.mark.parametrize("module, name, nearest", [
    (keras.layers, "LSTM", "Conv1D"), (keras.layers, "Desne", "Dense"),
    (keras.losses, "Dice", "binary_crossentropy"), (keras.optimizers, "Adamm", "adam"),
    (keras.callbacks, "OrbaxCheckpoint", "model_checkpoint"),
    (keras.datasets, "minst", "mnist"), (keras, "layer", "layers")])
def test_unknown_names_are_answered_with_the_nearest(module, name, nearest):
    with pytest.raises(AttributeError, match=nearest):
        getattr(module, name)


def test_wrong_options_say_what_is_right():
    with pytest.raises(cornu.Error, match="units > 0"):
        keras.layers.Dense(0)
    with pytest.raises(cornu.Error, match="activation"):
        keras.layers.Dense(3, activaton="relu")
    with pytest.raises(TypeError, match="units"):
        keras.layers.Dense()
    with pytest.raises(cornu.Error, match="reduction; expected one of 'sum_over_batch_size'"):
        keras.losses.Huber(reduction="product")
    assert issubclass(cornu.Error, ValueError)


def test_options_without_effect_are_taken():
    keras.layers.Dense(3, dtype="float32", activity_regularizer=None)
    keras.losses.MeanSquaredError(reduction="sum_over_batch_size", name="mse")


def test_activations_and_losses_compute():
    x = np.float32([[-1, 0, 2]])
    assert keras.activations.relu(x).tolist() == [[0, 0, 2]]
    assert keras.activations.get("tanh")(np.float32(0.5)) == pytest.approx(np.tanh(0.5))
    loss = keras.losses.MeanAbsoluteError()([[1.0, 2.0]], [[2.0, 4.0]])
    assert loss == pytest.approx(1.5)


def test_get_takes_names_and_configurations():
    assert keras.losses.get("mse") is keras.losses.mean_squared_error
    assert type(keras.losses.get("MeanSquaredError")) is keras.losses.MeanSquaredError
    assert type(keras.optimizers.get("rmsprop")).__name__ == "RMSprop"
    huber = keras.losses.get({"class_name": "Huber", "config": {"delta": 2.0}})
    assert huber.delta == 2.0


def test_pooling_has_keras_other_names_and_configuration():
    layers = keras.layers
    assert layers.MaxPool2D is layers.MaxPooling2D
    assert layers.GlobalAvgPool1D is layers.GlobalAveragePooling1D
    assert "AvgPool2D" in dir(layers)
    config = layers.AvgPool2D(3, padding="same").get_config()
    assert config["pool_size"] == config["strides"] == [3, 3]
    assert config["data_format"] == "channels_last"
    assert layers.MaxPool1D(4, 2, "valid", "channels_first", "mine").name == "mine"
    assert "trainable" not in layers.SpatialDropout1D(0.5).get_config()
    with pytest.raises(cornu.Error, match="windows that fit into the input"):
        layers.MaxPool2D(3)(keras.Input((2, 2, 1)))
