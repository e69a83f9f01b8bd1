"""Losses and metrics that are Python classes, with their models saved and copied."""

import copy
import pickle

import numpy as np
import pytest

import cornu
from cornu import keras
from cornu.keras import ops

from data import blobs

X, Y = blobs()
TARGETS = (X[:, :1] * 2 + 0.5).astype("float32")


class MyHuber(keras.losses.Loss):
    def __init__(self, delta=1.0, name="my_huber", **kwargs):
        super().__init__(name=name, **kwargs)
        self.delta = delta

    def call(self, y_true, y_pred):
        error = y_pred - y_true
        small = ops.abs(error) <= self.delta
        return ops.mean(ops.where(small, 0.5 * ops.square(error),
                                  self.delta * ops.abs(error) - 0.5 * self.delta ** 2), axis=-1)

    def get_config(self):
        return {**super().get_config(), "delta": self.delta}


class MyRecall(keras.metrics.Metric):
    """Of the targets above 0, those that are predicted above 0."""

    def __init__(self, threshold=0.0, name="my_recall", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold
        self.found = self.add_weight(name="found", initializer="zeros")
        self.all = self.add_variable(shape=(), initializer="zeros", name="all")

    def update_state(self, y_true, y_pred, sample_weight=None):
        positive = ops.cast(y_true > self.threshold, "float32")
        found = ops.multiply(positive, ops.cast(y_pred > self.threshold, "float32"))
        self.found.assign_add(ops.sum(found))
        self.all.assign_add(ops.sum(positive))

    def result(self):
        return self.found / self.all

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}


def squared(y_true, y_pred):
    return ops.square(y_pred - y_true)


def bias(y_true, y_pred):
    return (y_pred - y_true).mean()


def regressor(loss, **options):
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.05), loss, **options)
    return model


def test_a_loss_class_trains_as_the_librarys():
    own, known = regressor(MyHuber(0.75)), regressor(keras.losses.Huber(0.75))
    for model in (own, known):
        model.fit(X, TARGETS, epochs=4, verbose=0)
    for a, b in zip(own.get_weights(), known.get_weights()):
        np.testing.assert_allclose(a, b, rtol=1e-5)
    y_pred = own.predict(X)
    assert MyHuber(0.75)(TARGETS, y_pred) == pytest.approx(
        float(keras.losses.Huber(0.75)(TARGETS, y_pred)), rel=1e-6)


@pytest.mark.parametrize("loss, known", [
    (lambda t, p: ops.mean(ops.square(p - t)), "mse"),
    (lambda t, p: ops.mean(ops.square(p - t)) * 2.0 - ops.mean(ops.square(p - t), axis=None),
     "mse"),
    (lambda t, p: ops.sum(ops.abs(p - t), axis=-1), "mae"),
    (lambda t, p: keras.losses.mean_squared_error(t, p), "mse"),
    (lambda t, p: keras.losses.LogCosh()(t, p), "log_cosh"),
    (lambda t, p: ops.power(p - t, 2), "mse"),
    (lambda t, p: (p - t) ** 4 / (p - t) ** 2, "mse"),
    (lambda t, p: ops.sqrt(ops.square(ops.square(p - t))), "mse"),
    (lambda t, p: ops.log(ops.exp(ops.maximum(p - t, t - p))), "mae"),
    (lambda t, p: ops.clip(ops.square(p - t), 0.0, 1e9), "mse"),
])
def test_loss_functions_of_many_ops(loss, known):
    own, other = regressor(loss), regressor(known)
    for model in (own, other):
        model.fit(X, TARGETS, epochs=2, verbose=0)
    for a, b in zip(own.get_weights(), other.get_weights()):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=1e-6)


def test_a_metric_class_counts_over_the_epoch():
    model = regressor("mse", metrics=[MyRecall(), bias])
    history = model.fit(X, TARGETS, validation_split=0.25, epochs=3, verbose=0, batch_size=16)
    assert set(history.history) == {"loss", "my_recall", "bias", "val_loss", "val_my_recall",
                                    "val_bias"}
    logs = model.evaluate(X, TARGETS, verbose=0, return_dict=True, batch_size=7)
    y_pred = model.predict(X)
    positive = TARGETS > 0
    assert logs["my_recall"] == pytest.approx((positive & (y_pred > 0)).sum() / positive.sum())


def test_metrics_get_weights_of_samples():
    class Weighted(keras.metrics.Metric):
        def __init__(self, name="weighted", **kwargs):
            super().__init__(name=name, **kwargs)
            self.total = self.add_weight(initializer="zeros")

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.total.assign_add(len(y_true) if sample_weight is None else sample_weight.sum())

        def result(self):
            return self.total.value

    model = regressor("mse", metrics=[Weighted()], weighted_metrics=[Weighted(name="by_weight")])
    logs = model.evaluate(X, TARGETS, sample_weight=np.full(len(X), 0.5), verbose=0,
                          return_dict=True)
    assert logs["weighted"] == len(X) and logs["by_weight"] == len(X) / 2


@pytest.mark.parametrize("loss, metrics, custom", [
    (MyHuber(0.5), [MyRecall(0.25), "mae"], {"MyHuber": MyHuber, "MyRecall": MyRecall}),
    (squared, [bias], {"squared": squared, "bias": bias})], ids=["classes", "functions"])
def test_models_are_saved_and_copied_with_them(loss, metrics, custom, tmp_path):
    model = regressor(loss, metrics=metrics)
    model.fit(X, TARGETS, verbose=0)
    expected = model.evaluate(X, TARGETS, verbose=0)
    path = tmp_path / "model.safetensors"
    model.save(path)
    with pytest.raises(cornu.Error, match=next(iter(custom))):
        keras.models.load_model(path)
    assert keras.models.load_model(path, compile=False).predict(X).shape == (len(X), 1)
    loaded = keras.models.load_model(path, custom_objects=custom)
    for made in (loaded, copy.deepcopy(model), pickle.loads(pickle.dumps(model)),
                 copy.deepcopy(loaded), pickle.loads(pickle.dumps(loaded))):
        assert made.evaluate(X, TARGETS, verbose=0) == expected
        made.fit(X, TARGETS, verbose=0)


def test_what_pickle_cannot_name_is_its_own_error():
    model = regressor(lambda t, p: ops.square(p - t))
    model.fit(X, TARGETS, verbose=0)
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(model)
    assert copy.deepcopy(model).predict(X).shape == (len(X), 1)


def test_two_functions_of_one_name_are_not_mixed_up():
    model = regressor("mse", metrics=[lambda t, p: 1.0, lambda t, p: 2.0])
    model.fit(X, TARGETS, verbose=0)
    with pytest.raises(cornu.Error, match="two different.*<lambda>"):
        copy.deepcopy(model)


def test_a_models_metrics_are_listed(tmp_path):
    model = regressor("mse", metrics=[MyRecall(0.25), bias, "mae"])
    recall, function, known = model.metrics
    assert type(recall) is MyRecall and recall.threshold == 0.25 and function is bias
    assert known.name == "mae"
    model.fit(X, TARGETS, verbose=0)
    model.save(tmp_path / "model.safetensors")
    loaded = keras.models.load_model(tmp_path / "model.safetensors",
                                     {"MyRecall": MyRecall, "bias": bias})
    assert [type(each) for each in loaded.metrics] == [type(each) for each in model.metrics]


def test_a_metric_class_counts_alone():
    metric = MyRecall()
    metric.update_state(np.float32([[1], [-1], [1], [1]]), np.float32([[2], [1], [-1], [1]]))
    assert metric.result() == pytest.approx(2 / 3)
    metric.reset_state()
    assert metric(np.float32([[1]]), np.float32([[1]])) == 1


def test_mistakes_are_said():
    class Nothing(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return 1.0

    class Steps(keras.metrics.Metric):
        def update_state(self, y_true, y_pred, sample_weight=None):
            raise KeyError("in the metric")

        def result(self):
            return 0.0

    kept = []

    def keeps(y_true, y_pred):
        kept.append(y_pred)
        return y_pred - y_true

    for loss, text in ((Nothing(), "got float"),
                       (lambda t, p: ops.sqrt(ops.mean(ops.square(p - t))), "mean over a batch"),
                       (lambda t, p: ops.sum(ops.square(p - t)), "axis=-1"),
                       (lambda t, p: p - X, "add_weight"),
                       (lambda t, p: np.square(p - t), "ufuncs")):
        with pytest.raises((cornu.Error, TypeError), match=text):
            regressor(loss).fit(X, TARGETS, verbose=0)
    with pytest.raises(KeyError, match="in the metric"):
        regressor("mse", metrics=[Steps()]).fit(X, TARGETS, verbose=0)
    regressor(keeps).fit(X, TARGETS, verbose=0)
    with pytest.raises(cornu.Error, match="afterwards"):
        kept[0] + 1.0
    with pytest.raises(cornu.Error, match="reduction"):
        MyHuber(reduction="product")


def test_labels_that_are_computed_are_refused():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    sparse = keras.losses.sparse_categorical_crossentropy
    model.compile("sgd", lambda y_true, y_pred: sparse(5 * y_true, y_pred))
    with pytest.raises(cornu.Error, match="expected y_true as it was given, got labels that are c"):
        model.fit(np.ones((4, 3)), np.ones(4), verbose=0)
