"""Losses counted as metrics, in models and alone."""

import numpy as np
import pytest

import cornu
from cornu import keras

M = keras.metrics
X = np.linspace(-2, 2, 24, dtype=np.float32).reshape(8, 3)
Y = (np.arange(8) % 3 == 0).astype(np.float32)[:, None]


def compiled(metrics, loss="binary_crossentropy"):
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", loss, metrics=metrics)
    return model


def test_are_logged_by_the_names_that_keras_gives():
    model = compiled(["mape", "bce", "KLDivergence", M.LogCoshError(), M.CosineSimilarity(axis=1),
                      M.BinaryCrossentropy(label_smoothing=0.1, name="smooth"),
                      keras.losses.poisson, M.squared_hinge])
    names = ["loss", "mape", "bce", "KLDivergence", "logcosh", "cosine_similarity", "smooth",
             "poisson", "squared_hinge"]
    assert model.metrics_names == names
    logs = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert list(logs) == names
    assert logs["bce"] == logs["loss"]
    history = model.fit(X, Y, batch_size=3, verbose=0).history
    assert history["bce"] == history["loss"]


def test_know_the_logits_behind_a_sigmoid():
    model = compiled(["bce"], "mse")
    model.set_weights([np.full((3, 1), 30, np.float32), np.zeros(1, np.float32)])
    x, y = np.ones((1, 3), np.float32), np.zeros((1, 1), np.float32)
    assert model.evaluate(x, y, verbose=0)[1] == 90
    alone = M.BinaryCrossentropy()
    alone.update_state(y, model.predict(x, verbose=0))
    assert alone.result() == pytest.approx(16.118, abs=1e-3)


def test_functions_have_a_value_for_each_sample():
    y_true, y_pred = [[1.0, 2.0], [4.0, 5.0]], [[2.0, 1.0], [4.0, 10.0]]
    assert M.mape(y_true, y_pred).tolist() == pytest.approx([75, 50])
    assert M.cosine_similarity(y_true, y_true).tolist() == pytest.approx([1, 1])
    assert keras.losses.cosine_similarity(y_true, y_true).tolist() == pytest.approx([-1, -1])


def test_thresholds_are_a_number_or_a_list_of_one():
    for thresholds in (0.25, [0.25], (0.25,)):
        metric = M.Precision(thresholds)
        assert metric.thresholds == 0.25
        assert compiled([metric]).metrics_names == ["loss", "precision"]
    with pytest.raises(cornu.Error, match="a metric is one number.*a metric for each threshold"):
        M.Recall(thresholds=[0.25, 0.75])


def test_what_keras_takes_and_cornu_does_not():
    with pytest.raises(cornu.Error, match="ignore_class"):
        M.SparseCategoricalCrossentropy(ignore_class=1)
    with pytest.raises(cornu.Error, match="the last axis"):
        compiled([M.CategoricalCrossentropy(axis=0)]).evaluate(X, Y, verbose=0)
    with pytest.raises(cornu.Error, match="unknown metric"):
        M.get("ce")
