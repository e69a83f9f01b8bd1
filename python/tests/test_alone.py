"""Losses, metrics, activations and initializers on arrays, without a model."""

import copy
import inspect
import pickle

import numpy as np
import pytest

import cornu
from cornu import keras
from cornu.keras import ops


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


def test_a_model_minimizes_the_mean_of_a_loss():
    x = keras.Input((2,))
    model = keras.Model([x], [keras.layers.Dense(2, name="a")(x), keras.layers.Dense(2)(x)])
    for reduction in ("sum", "none", None, "mean_with_sample_weight"):
        loss = keras.losses.MeanSquaredError(reduction=reduction)
        assert type(loss).from_config(loss.get_config()).reduction == reduction
        for given in (loss, ["mse", loss], {"a": loss}):
            with pytest.raises(cornu.Error, match="MeanSquaredError: reduction; expected "
                                                  "'sum_over_batch_size' in a model, got"):
                model.compile("sgd", given)
    model.compile("sgd", keras.losses.MeanSquaredError(reduction="mean"))


def test_own_losses_on_arrays_are_reduced():
    class Own(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return keras.ops.square(y_true - y_pred)
    y_true, y_pred = np.float32([[0, 1], [1, 1]]), np.float32([[0.5, 0.5], [1, 0]])
    assert Own()(y_true, y_pred) == 0.375
    assert Own(reduction="sum")(y_true, y_pred) == 1.5
    assert Own(reduction=None)(y_true, y_pred, [1.0, 2.0]).tolist() == [[0.25, 0.25], [0, 2]]
    with pytest.raises(cornu.Error, match="weight"):
        Own(reduction=None)(y_true, y_pred, [1.0, -2.0])
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    with pytest.raises(cornu.Error, match="Own: reduction"):
        model.compile("sgd", Own(reduction="sum"))
    inside = keras.losses.Huber(reduction="sum")
    model.compile("sgd", lambda y_true, y_pred: inside(y_true, y_pred))
    with pytest.raises(cornu.Error, match="Huber: reduction"):
        model.fit(y_true, y_true, verbose=0)


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


def test_a_sample_may_have_several_labels():
    labels = np.int32([[1, 0], [2, 2], [0, 1]])
    outputs = np.float32([[[0.25, 0.5, 0.25], [0.5, 0.25, 0.25]]] * 3)
    values = keras.losses.sparse_categorical_crossentropy(labels, outputs)
    np.testing.assert_allclose(values, -np.log(np.take_along_axis(outputs, labels[..., None], 2)[
        ..., 0]), rtol=1e-6)
    hits = keras.metrics.sparse_categorical_accuracy(labels, outputs)
    assert hits.tolist() == [[1, 1], [0, 0], [0, 0]]
    accuracy = keras.metrics.SparseCategoricalAccuracy()
    assert accuracy(labels, outputs, sample_weight=[3.0, 1.0, 0.0]) == 0.75
    model = keras.Sequential([keras.Input((2, 3)), keras.layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(outputs, labels, verbose=0)
    assert model.predict_classes(outputs).shape == (3, 2)
    with pytest.raises(cornu.Error, match="sample 1: label out of range; expected 0 … 2"):
        model.evaluate(outputs, labels * 2, verbose=0)
    with pytest.raises(cornu.Error, match=r"labels of shape \(None, 2\), got targets of shape"):
        model.evaluate(outputs, labels[:, :1], verbose=0)


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
    with pytest.raises(cornu.Error, match=r"shape \(2, 3\) of the outputs, got \(2,\). Hint: Cat"):
        metric.update_state([1, 0], [[0.1, 0.9, 0], [0.8, 0.2, 0]])
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


@pytest.mark.parametrize("axis", [1, 2, -1, -2])
def test_softmax_runs_along_any_axis_of_a_sample(axis):
    x = np.random.default_rng(3).normal(size=(5, 3, 4)).astype("float32")
    powers = np.exp(x)
    expected = powers / powers.sum(axis, keepdims=True)
    tensor = keras.Input((3, 4))

    class Own(keras.layers.Layer):
        def call(self, x):
            return ops.softmax(x, axis) + ops.exp(ops.log_softmax(x, axis)) - ops.exp(
                keras.activations.log_softmax(x, axis=axis))
    for made in (keras.layers.Softmax(axis)(tensor), ops.softmax(tensor, axis),
                 keras.activations.softmax(tensor, axis), Own()(tensor)):
        found = keras.Model(tensor, made).predict(x)
        np.testing.assert_allclose(found, expected, atol=1e-6)
    for made in (ops.log_softmax(tensor, axis), keras.activations.log_softmax(tensor, axis)):
        found = keras.Model(tensor, made).predict(x)
        np.testing.assert_allclose(np.exp(found), expected, atol=1e-6)
    np.testing.assert_allclose(ops.softmax(x, axis), expected, atol=1e-6)
    np.testing.assert_allclose(np.exp(ops.log_softmax(x.tolist(), axis)), expected, atol=1e-6)


def test_softmax_needs_an_axis_of_a_sample():
    for axis in (0, 3, -3):
        with pytest.raises(cornu.Error, match=r"Softmax: expected an axis of a sample of \(None, 3, "
                                              rf"4\), got {axis}"):
            keras.layers.Softmax(axis)(keras.Input((3, 4)))
    with pytest.raises(cornu.Error, match="log_softmax.*each sample is computed by itself"):
        ops.log_softmax(keras.Input((3, 4)), 0)


def test_initializers_give_values():
    values = keras.initializers.HeNormal(seed=4)((50, 3))
    assert values.shape == (50, 3) and values.dtype == np.float32
    np.testing.assert_array_equal(values, keras.initializers.HeNormal(seed=4)((50, 3)))
    assert (values != keras.initializers.HeNormal(seed=5)((50, 3))).all()
    assert keras.initializers.Constant(0.5)((2,)).tolist() == [0.5, 0.5]


def test_regularizers_give_penalties():
    weight = keras.initializers.Constant(-2.0)((3, 2))
    assert keras.regularizers.L2(0.25)(weight) == 6.0
    assert keras.regularizers.l1_l2(0.5, 0.25)(weight) == 12.0
    layer = keras.layers.Dense(2, kernel_initializer="ones")
    keras.Sequential([keras.Input((3,)), layer])
    assert keras.regularizers.L1(0.5)(layer.kernel).numpy() == np.float32(3)
    with pytest.raises(cornu.Error, match="L1: expected a weight with elements, got none"):
        keras.regularizers.L1()(np.ones((0, 3)))
    with pytest.raises(cornu.Error, match="finite numbers, got nan"):
        keras.regularizers.L1()([1.0, np.nan])


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
