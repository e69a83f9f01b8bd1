"""Layers as the activations of others."""

import json
import pickle

import numpy as np
import pytest

import cornu
from cornu import keras

L = keras.layers
X = np.linspace(-2, 2, 24, dtype=np.float32).reshape(8, 3)
LAYERS = [lambda: L.LeakyReLU(0.2), lambda: L.ReLU(0.5, 0.25, 0.125), lambda: L.ELU(0.75),
          lambda: L.Softmax()]


def network(*layers):
    keras.utils.set_random_seed(3)
    return keras.Sequential([keras.Input((3,)), *layers])


@pytest.mark.parametrize("make", LAYERS)
def test_is_the_layer_behind_the_other(make, tmp_path):
    model = network(L.Dense(4, activation=make()))
    expected = network(L.Dense(4), make()).predict(X)
    assert model.predict(X).tobytes() == expected.tobytes()
    for again in (keras.models.clone_model(model), pickle.loads(pickle.dumps(model))):
        again.set_weights(model.get_weights())
        assert again.predict(X).tobytes() == expected.tobytes()
    for ending in ("keras", "h5", "safetensors"):
        path = str(tmp_path / f"m.{ending}")
        model.save(path)
        assert keras.models.load_model(path).predict(X).tobytes() == expected.tobytes()


def test_is_described_as_keras_describes_it():
    dense = L.Dense(4, activation=L.LeakyReLU(0.2, name="mine"))
    config = dense.get_config()
    written = config["activation"]
    assert (written["module"], written["class_name"]) == ("keras.layers", "LeakyReLU")
    assert written["config"]["negative_slope"] == pytest.approx(0.2)
    again = L.Dense.from_config(json.loads(json.dumps(config)))
    assert again.get_config() == config
    assert type(dense.activation) is L.LeakyReLU
    assert L.Dense(4, activation=L.Activation("tanh")).activation == "tanh"
    # As Keras 3 writes it.
    given = {"module": "keras.layers", "class_name": "LeakyReLU", "registered_name": None,
             "config": {"name": "leaky_re_lu", "trainable": True, "negative_slope": 0.2,
                        "dtype": {"module": "keras", "class_name": "DTypePolicy",
                                  "config": {"name": "float32"}, "registered_name": None}}}
    assert L.Dense.from_config({**config, "activation": given}).get_config() == config


def test_has_no_weights():
    with pytest.raises(cornu.Error, match="a PReLU has weights"):
        L.Dense(4, activation=L.PReLU())
    with pytest.raises(cornu.Error, match="expected a name, or a ReLU, LeakyReLU, ELU or Softmax"):
        L.Dense(4, activation=L.Dropout(0.5))
