"""Losses and metrics as Python functions, and batches from Python."""

import numpy as np
import pytest

import cornu
from cornu import keras
from cornu.keras import ops

from data import blobs, classifier

X, Y = blobs()
TARGETS = X[:, :1] * 2


def regressor(loss, **options):
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(8,))])
    model.compile(keras.optimizers.SGD(0.05), loss, **options)
    return model


def test_a_loss_of_ops_is_the_loss_of_the_library():
    def squared(y_true, y_pred):
        return ops.square(y_pred - y_true)
    own, known = regressor(squared), regressor("mse")
    for model in (own, known):
        model.fit(X, TARGETS, epochs=3, verbose=0)
    for a, b in zip(own.get_weights(), known.get_weights()):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_ops_work_on_arrays():
    x = np.float32([-1, 2])
    assert ops.relu(x).tolist() == [0, 2]
    assert ops.maximum(x, 0 * x).tolist() == [0, 2]
    assert ops.square(x).tolist() == [1, 4]


def test_a_loss_that_raises():
    def wrong(y_true, y_pred):
        raise KeyError("in the loss")
    with pytest.raises(KeyError, match="in the loss"):
        regressor(wrong).fit(X, TARGETS, verbose=0)


def test_metrics_of_arrays():
    def bias(y_true, y_pred):
        assert y_true.shape == y_pred.shape
        return (y_pred - y_true).mean()

    def error(y_true, y_pred):
        return np.abs(y_pred - y_true)[:, 0]
    model = regressor("mae", metrics=[bias, error])
    logs = model.evaluate(X, TARGETS, verbose=0, return_dict=True)
    assert list(logs) == ["loss", "bias", "error"]
    assert logs["error"] == pytest.approx(logs["loss"], rel=1e-5)


class Sequence:
    def __init__(self, size=50):
        self.size, self.ended = size, 0

    def __len__(self):
        return -(-len(X) // self.size)

    def __getitem__(self, i):
        rows = slice(i * self.size, (i + 1) * self.size)
        return X[rows], Y[rows]

    def on_epoch_end(self):
        self.ended += 1


def test_a_sequence_trains_as_its_arrays_do():
    streamed, whole = classifier(), classifier()
    sequence = Sequence()
    history = streamed.fit(sequence, epochs=2, verbose=0)
    assert sequence.ended >= 1
    whole.fit(X, Y, batch_size=50, epochs=2, shuffle=False, verbose=0)
    assert len(history.history["loss"]) == 2
    for a, b in zip(streamed.get_weights(), whole.get_weights()):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
    assert streamed.evaluate(Sequence(), verbose=0) == streamed.evaluate(X, Y, verbose=0)


def test_a_generator_with_batches_of_any_size_and_weights():
    def batches():
        while True:
            yield X[:30], Y[:30], np.ones(30)
            yield X[30:70], Y[30:70], np.ones(40)
    model = keras.Sequential([keras.layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    history = model.fit(batches(), steps_per_epoch=4, epochs=3, verbose=0, class_weight={0: 2})
    assert history.epoch == [0, 1, 2]


def test_wrong_batches_are_named():
    def batches():
        yield X[:8], Y[:8]
        yield X[:8, :3], Y[:8]
    with pytest.raises(cornu.Error, match="as in the first batch"):
        classifier().fit(batches(), verbose=0)
    with pytest.raises(cornu.Error, match="got none"):
        classifier().fit(iter([]), verbose=0)
