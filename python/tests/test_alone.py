"""Losses, metrics, activations and initializers on arrays, without a model."""

import copy
import inspect
import pickle

import numpy as np
import pytest

import cornu
from cornu import keras


def test_a_loss_as_a_function_has_a_value_for_each_sample():
    y_true, y_pred = [[0.0, 1.0], [1.0, 1.0]], [[0.5, 0.5], [1.0, 0.0]]
    assert keras.losses.mean_squared_error(y_true, y_pred).tolist() == [0.25, 0.5]
    assert keras.losses.huber(y_true, y_pred, 0.25).tolist() == [0.09375, 0.109375]
    assert keras.losses.mean_squared_error([0.0, 1.0], [1.0, 1.0]) == 0.5
    assert keras.losses.MeanSquaredError()(y_true, y_pred) == pytest.approx(0.375)
    assert keras.losses.mse is keras.losses.mean_squared_error
    assert list(inspect.signature(keras.losses.binary_crossentropy).parameters) == [
        "y_true", "y_pred", "from_logits", "label_smoothing", "axis"]
    with pytest.raises(TypeError, match="delta"):
        keras.losses.mean_squared_error(y_true, y_pred, delta=2)
    with pytest.raises(cornu.Error, match="targets from 0 to 1"):
        keras.losses.binary_crossentropy([[3.0]], [[0.5]])


def test_labels_of_sparse_crossentropy():
    outputs = [[0.25, 0.75], [0.5, 0.5]]
    expected = -np.log(np.float32([0.75, 0.5]))
    for labels in ([1, 0], [1.0, 0.0], [[1], [0]]):
        found = keras.losses.sparse_categorical_crossentropy(labels, outputs)
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    with pytest.raises(cornu.Error, match="sample 1: a label counts classes.*got 0.5"):
        keras.losses.sparse_categorical_crossentropy([1.0, 0.5], outputs)
    with pytest.raises(cornu.Error, match="label out of range"):
        keras.losses.sparse_categorical_crossentropy([1.0, 2.0], outputs)


def test_labels_in_float32_train_as_integers_do():
    x, labels = np.eye(6, dtype="float32"), np.arange(6) % 3

    def fitted(y):
        model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3, "softmax")])
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, epochs=2, verbose=0).history
        return history, model.get_weights()
    for y in (labels.astype("float32"), labels.astype("float64"), labels[:, None]):
        assert str(fitted(y)) == str(fitted(labels))
    with pytest.raises(cornu.Error, match="a whole number, got 0.5"):
        fitted(labels / 2)


def test_a_metric_alone():
    metric = keras.metrics.Accuracy()
    assert metric.result() == 0
    metric.update_state([1, 2, 3, 4], [1, 2, 4, 4])
    assert metric.result() == 0.75 and metric.result().numpy() == np.float32(0.75)
    assert metric([1], [2]) == pytest.approx(0.6)
    metric.reset_state()
    assert metric([1, 2], [1, 3], sample_weight=[3.0, 1.0]) == 0.75
    assert copy.deepcopy(metric).result() == 0
    assert pickle.loads(pickle.dumps(metric)).get_config() == metric.get_config()
    with pytest.raises(cornu.Error, match="as many targets as outputs"):
        metric.update_state([1, 2], [1])
    with pytest.raises(cornu.Error, match="targets from 0 to 1"):
        keras.metrics.F1Score(threshold=0.5)([[2.0]], [[0.5]])
    assert keras.metrics.binary_accuracy([[1], [0]], [[0.75], [0.75]]).tolist() == [1, 0]
    assert keras.metrics.mae([[1.0, 2.0]], [[2.0, 4.0]]).tolist() == [1.5]


def test_activations_take_keras_arguments():
    x = np.float32([-3, 2, 9])
    relu = keras.activations.relu
    np.testing.assert_allclose(relu(x, negative_slope=0.25, max_value=6), [-0.75, 2, 6])
    np.testing.assert_allclose(relu(x, 0.0, None, 2.5), [0, 0, 9])
    columns = keras.activations.softmax([[1.0, 2.0], [3.0, 4.0]], axis=0)
    np.testing.assert_allclose(columns.sum(0), [1, 1], rtol=1e-6)
    tensor = keras.activations.relu(keras.Input((4,)), max_value=6)
    assert tensor.layer.type == "ReLU" and tensor.shape == (None, 4)
    with pytest.raises(cornu.Error, match="approximate"):
        keras.activations.gelu(x, approximate=True)
    with pytest.raises(TypeError, match="slope"):
        keras.activations.relu(x, slope=1)


def test_initializers_give_values():
    values = keras.initializers.HeNormal(seed=4)((50, 3))
    assert values.shape == (50, 3) and values.dtype == np.float32
    np.testing.assert_array_equal(values, keras.initializers.HeNormal(seed=4)((50, 3)))
    assert (values != keras.initializers.HeNormal(seed=5)((50, 3))).all()
    assert keras.initializers.Constant(0.5)((2,)).tolist() == [0.5, 0.5]


def test_seeds_of_noise():
    def trained(layer):
        model = keras.Sequential([keras.Input((8,)), layer, keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        model.fit(np.ones((20, 8)), np.ones(20), verbose=0)
        return model.get_weights()[0].tolist()
    for made in (keras.layers.Dropout, keras.layers.GaussianNoise, keras.layers.GaussianDropout):
        first = trained(made(0.5, seed=1))
        assert first == trained(made(0.5, seed=1)) != trained(made(0.5, seed=2))
        assert made(0.5, seed=1).get_config()["seed"] == 1
        assert made(0.5).get_config()["seed"] is None
    assert keras.layers.Dropout(0.3).rate == 0.3
