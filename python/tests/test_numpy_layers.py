"""Layers of NumPy arithmetic with a gradient by hand."""

import threading

import numpy as np
import pytest

import cornu
from cornu import keras


class Softsign(keras.layers.NumpyLayer):
    """x / (1 + |a x|), the steepness a learnt for each unit."""

    def build(self, input_shape):
        self.a = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="a")

    def forward(self, x, a):
        return x / (1 + np.abs(a * x))

    def backward(self, dy, y, x, a):
        back = dy / (1 + np.abs(a * x)) ** 2
        return back, -(back * x * np.abs(x) * np.sign(a)).sum(0)


class Affine(keras.layers.NumpyLayer):
    """The arithmetic of Dense, with another shape of output."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def forward(self, x, kernel, bias):
        return x @ kernel + bias

    def backward(self, dy, y, x, kernel, bias):
        return dy @ kernel.T, x.T @ dy, dy.sum(0)


def data(rows=96):
    random = np.random.default_rng(1)
    x = random.standard_normal((rows, 5)).astype("float32")
    return x, (x @ random.standard_normal((5, 1))).astype("float32")


def model_of(*layers, loss="mse"):
    model = keras.Sequential([keras.Input((5,)), *layers])
    model.compile(keras.optimizers.SGD(0.05), loss)
    return model


def test_gradients_by_hand_are_checked():
    assert keras.utils.check_layer(Softsign(), (None, 7)) > 20
    assert keras.utils.check_layer(Affine(3), (None, 4)) > 20

    class Wrong(Softsign):
        def backward(self, dy, y, x, a):
            back, slope = super().backward(dy, y, x, a)
            return back, -slope
    with pytest.raises(cornu.Error, match=r"Wrong.*\n?.*d .*a\[0\]: .*central difference"):
        keras.utils.check_layer(Wrong(), (None, 7))


def test_it_trains_as_the_library_does():
    x, y = data()
    own = model_of(Affine(4), keras.layers.Activation("tanh"), keras.layers.Dense(1))
    known = model_of(keras.layers.Dense(4), keras.layers.Activation("tanh"), keras.layers.Dense(1))
    known.set_weights(own.get_weights())
    losses = [model.fit(x, y, epochs=5, verbose=0).history["loss"] for model in (own, known)]
    np.testing.assert_allclose(*losses, rtol=1e-5)
    for a, b in zip(own.get_weights(), known.get_weights()):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(own.predict(x[:1]), known.predict(x[:1]), rtol=1e-4)


def test_saved_loaded_and_copied(tmp_path):
    import copy
    x, y = data()
    model = model_of(Affine(4), Softsign(), keras.layers.Dense(1))
    model.fit(x, y, verbose=0)
    path = tmp_path / "model.safetensors"
    model.save(path)
    loaded = keras.models.load_model(path, {"Affine": Affine, "Softsign": Softsign})
    for other in (loaded, copy.deepcopy(model)):
        np.testing.assert_array_equal(other.predict(x), model.predict(x))
        other.fit(x, y, verbose=0)


def test_inside_a_traced_layer():
    class Outer(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = Softsign()

        def call(self, x):
            return self.inner(x * 2.0) + x

    assert keras.utils.check_layer(Outer(), (None, 3), row_by_row=True) > 5


@pytest.mark.parametrize("method", ["forward", "backward"])
def test_an_exception_ends_the_fit_and_leaves_it(method):
    class Failing(Softsign):
        steps = 0

        def fail(self):
            Failing.steps += 1
            if Failing.steps == 5:
                raise KeyError("in the layer")

    def failing(self, *arrays):
        self.fail()
        return getattr(Softsign, method)(self, *arrays)
    setattr(Failing, method, failing)
    x, y = data()
    model = model_of(keras.layers.Dense(64), Failing(), keras.layers.Dense(1))
    with pytest.raises(KeyError, match="in the layer") as raised:
        model.fit(x, y, batch_size=16, epochs=100, verbose=0)
    assert any(entry.name == "fail" for entry in raised.traceback)
    assert Failing.steps == 5
    assert all(np.isfinite(each).all() for each in model.get_weights())
    Failing.steps = 100
    model.fit(x, y, verbose=0)
    model.predict(x)


def test_an_exception_in_predict_and_evaluate():
    class Failing(Softsign):
        def forward(self, x, a):
            raise KeyError("in the layer")
    x, y = data()
    model = model_of(Failing(), keras.layers.Dense(1))
    for call in (lambda: model.predict(x), lambda: model.predict(x[:1]),
                 lambda: model.evaluate(x, y, verbose=0), lambda: model.train_on_batch(x, y)):
        with pytest.raises(KeyError, match="in the layer"):
            call()


def test_wrong_shapes_are_said():
    class Narrow(keras.layers.NumpyLayer):
        def forward(self, x):
            return x[:, :2]

        def backward(self, dy, y, x):
            return dy

    class Few(Softsign):
        def backward(self, dy, y, x, a):
            return dy

    x, y = data()
    with pytest.raises(cornu.Error, match=r"Narrow.forward: expected .*\(96, 5\), got \(96, 2\)"):
        model_of(Narrow(), keras.layers.Dense(1)).predict(x)
    with pytest.raises(cornu.Error, match="expected 2 gradients"):
        model_of(Few(), keras.layers.Dense(1)).fit(x, y, verbose=0)


def test_a_weight_that_is_a_number():
    class Scaled(keras.layers.NumpyLayer):
        def build(self, input_shape):
            self.scale = self.add_weight(shape=(), initializer="ones")

        def forward(self, x, scale):
            return x * scale

        def backward(self, dy, y, x, scale):
            return dy * scale, (dy * x).sum()
    assert keras.utils.check_layer(Scaled(), (None, 3)) == 10


def test_gradients_of_none_are_zero():
    class Stop(keras.layers.NumpyLayer):
        def forward(self, x):
            return x

        def backward(self, dy, y, x):
            return None

    x, y = data()
    model = model_of(keras.layers.Dense(3), Stop(), keras.layers.Dense(1))
    before = model.get_weights()
    model.fit(x, y, verbose=0)
    after = model.get_weights()
    np.testing.assert_array_equal(before[0], after[0])
    assert not np.array_equal(before[2], after[2])


def test_threads_predict_at_the_same_time():
    x, _ = data(2000)
    model = model_of(keras.layers.Dense(64), Softsign(), keras.layers.Dense(1))
    expected = model.predict(x)
    failures = []

    def predict():
        for _ in range(20):
            if not np.array_equal(model.predict(x), expected):
                failures.append("other numbers")
    threads = [threading.Thread(target=predict) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not failures


def test_arrays_are_copies():
    kept = []

    class Keeping(Softsign):
        def forward(self, x, a):
            kept.append(x)
            return super().forward(x, a)
    x, _ = data(8)
    model = model_of(Keeping())
    model.predict(x)
    model.predict(x + 1)
    np.testing.assert_array_equal(kept[0], x)
