"""Models that are Python classes with a call()."""

import copy
import pickle

import numpy as np
import pytest

import cornu
from cornu import keras
from cornu.keras import ops


class MyModel(keras.Model):
    """As in Keras's guide."""

    def __init__(self, units=8, classes=4, **kwargs):
        super().__init__(**kwargs)
        self.first = keras.layers.Dense(units, activation="relu")
        self.dropout = keras.layers.Dropout(0.25)
        self.blocks = [keras.layers.Dense(units, activation="tanh") for _ in range(2)]
        self.last = keras.layers.Dense(classes, activation="softmax")

    def call(self, inputs, training=None):
        x = self.first(inputs)
        x = self.dropout(x, training=training)
        for block in self.blocks:
            x = x + block(x) * 0.5
        return self.last(x)


def data(rows=64):
    random = np.random.default_rng(2)
    return random.standard_normal((rows, 6)).astype("float32"), random.integers(0, 4, rows)


def functional():
    inputs = keras.Input((6,))
    x = keras.layers.Dense(8, activation="relu")(inputs)
    x = keras.layers.Dropout(0.25)(x)
    for _ in range(2):
        x = x + keras.layers.Dense(8, activation="tanh")(x) * 0.5
    return keras.Model(inputs, keras.layers.Dense(4, activation="softmax")(x))


def trained():
    x, y = data()
    model = MyModel()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=2, verbose=0)
    return model


def test_built_by_the_first_fit_it_is_the_network_of_its_layers():
    x, y = data()
    own, known = MyModel(), functional()
    assert not own.built and own.name == "my_model"
    for model in (own, known):
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    histories = [model.fit(x, y, epochs=3, verbose=0).history for model in (own, known)]
    assert own.built and histories[0] == histories[1]
    for a, b in zip(own.get_weights(), known.get_weights()):
        np.testing.assert_array_equal(a, b)
    assert len(own.first.get_weights()) == 2 and own.get_layer("dense").units == 8
    assert own.optimizer.learning_rate == pytest.approx(0.001)


def test_built_by_predict_build_and_evaluate(capsys):
    x, y = data()
    model = MyModel()
    assert model.predict(x).shape == (64, 4)
    model = MyModel(name="named")
    model.build((None, 6))
    model.summary()
    shown = capsys.readouterr().out
    assert 'Model: "named"' in shown and "dense_1 (Dense)" in shown
    assert model.count_params() == 56 + 2 * 72 + 36
    model = MyModel()
    model.compile("adam", "sparse_categorical_crossentropy")
    assert model.evaluate(x, y, verbose=0) > 0
    model = MyModel()
    model.compile("adam", "sparse_categorical_crossentropy")
    assert model.train_on_batch(x, y) > 0


def test_called_as_a_layer():
    inputs = keras.Input((6,))
    inner = MyModel()
    model = keras.Model(inputs, keras.layers.Dense(2)(inner(inputs)))
    assert inner.built and len(model.weights) == 10

    class Outer(keras.Model):
        def __init__(self):
            super().__init__()
            self.encoder = keras.Sequential([keras.layers.Dense(3),
                                             keras.layers.Activation("tanh")])
            self.body = MyModel()

        def call(self, x):
            return self.body(self.encoder(x))
    x, _ = data()
    outer = Outer()
    assert outer.predict(x).shape == (64, 4) and len(outer.weights) == 10


def test_several_inputs_in_lists_and_dicts_and_several_outputs():
    class Listed(keras.Model):
        def call(self, inputs):
            a, b = inputs
            return [a + b, ops.maximum(a, b)]

    class Named(keras.Model):
        def call(self, inputs):
            return inputs["a"] - inputs["b"]

    a, b = np.float32([[1, 5]]), np.float32([[3, 2]])
    total, largest = Listed().predict([a, b])
    assert total.tolist() == [[4, 7]] and largest.tolist() == [[3, 5]]
    assert Named().predict({"a": a, "b": b}).tolist() == [[-2, 3]]


def test_saved_and_loaded(tmp_path):
    x, y = data()
    model = trained()
    path = tmp_path / "model.safetensors"
    model.save(path)
    loaded = keras.models.load_model(path, custom_objects={"MyModel": MyModel})
    assert type(loaded) is MyModel and loaded.first is not model.first
    np.testing.assert_array_equal(loaded.predict(x), model.predict(x))
    np.testing.assert_array_equal(loaded.first.get_weights()[0], model.first.get_weights()[0])
    assert loaded.evaluate(x, y, verbose=0) == model.evaluate(x, y, verbose=0)
    loaded.fit(x, y, verbose=0)
    # Its class is only needed for its attributes and methods.
    plain = keras.models.load_model(path)
    assert type(plain) is keras.Model
    np.testing.assert_array_equal(plain.predict(x), model.predict(x))
    other = MyModel()
    other.build((None, 6))
    other.load_weights(path)
    np.testing.assert_array_equal(other.predict(x), model.predict(x))


@pytest.mark.parametrize("copied", [lambda model: pickle.loads(pickle.dumps(model)), copy.deepcopy,
                                    keras.models.clone_model], ids=["pickle", "deepcopy", "clone"])
def test_copied(copied):
    x, y = data()
    model = trained()
    made = copied(model)
    assert type(made) is MyModel
    if copied is keras.models.clone_model:
        made.set_weights(model.get_weights())
    else:
        made.fit(x, y, verbose=0)
        assert not np.array_equal(made.predict(x), model.predict(x))
        made = copied(model)
    np.testing.assert_array_equal(made.predict(x), model.predict(x))


def test_unbuilt_models_are_copied():
    x, y = data()
    model = MyModel(units=5)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    for made in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert list(made.fit(x, y, verbose=0).history) == ["loss", "accuracy"]
        assert made.first.units == 5


def test_subclasses_that_describe_a_network_keep_their_class(tmp_path):
    class Small(keras.Model):
        def __init__(self):
            inputs = keras.Input((6,))
            super().__init__(inputs, keras.layers.Dense(2)(inputs))

    class Chain(keras.Sequential):
        def twice(self, x):
            return 2 * self.predict(x)

    x, _ = data()
    for made in (Small(), Chain([keras.Input((6,)), keras.layers.Dense(2)])):
        path = tmp_path / "model.safetensors"
        made.save(path)
        loaded = keras.models.load_model(path, {type(made).__name__: type(made)})
        assert type(loaded) is type(made)
        np.testing.assert_array_equal(loaded.predict(x), made.predict(x))


def test_mistakes_are_said():
    class Plain(keras.Model):
        pass

    class Branch(keras.Model):
        def call(self, x, training=None):
            return x * 2.0 if training else x

    class Array(keras.Model):
        def call(self, x):
            return np.ones(3)

    x, y = data()
    with pytest.raises(cornu.Error, match="inputs and outputs"):
        Plain()
    with pytest.raises(cornu.Error, match="traced once.*Layer"):
        Branch().predict(x)
    with pytest.raises(cornu.Error, match="got ndarray"):
        Array().predict(x)
    with pytest.raises(cornu.Error, match="train_step.*never called"):
        class Own(keras.Model):
            def train_step(self, data):
                return {}
    with pytest.raises(cornu.Error, match="Sequential calls its layers"):
        class Chain(keras.Sequential):
            def call(self, x):
                return x
    with pytest.raises(cornu.Error, match="model.build"):
        model = MyModel()
        model.compile("adam", "mse")
        model.fit(iter([(x, y)]))
