"""Layers that are Python classes: traced once, saved, loaded, copied."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest

import cornu
from cornu import keras
from cornu.keras import ops


class Linear(keras.layers.Layer):
    """As in Keras's guide."""

    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.calls = 0

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), name="w",
                                 initializer="glorot_uniform")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

    def call(self, x):
        self.calls += 1
        return ops.matmul(x, self.w) + self.b

    def get_config(self):
        return {**super().get_config(), "units": self.units}


class Block(keras.layers.Layer):
    """Layers inside a layer, one of its own class, and arithmetic between."""

    def __init__(self, units, rate=0.0):
        super().__init__()
        self.first = Linear(units)
        self.second = keras.layers.Dense(units, activation="tanh")
        self.dropout = keras.layers.Dropout(rate)

    def call(self, x, training=None):
        y = self.first(x)
        y = self.second(y) + y * 0.5
        return self.dropout(y, training=training)


def data(rows=64, size=6, classes=4, seed=0):
    random = np.random.default_rng(seed)
    x = random.standard_normal((rows, size)).astype("float32")
    y = random.integers(0, classes, rows)
    return x, y


def linear_model(activation="softmax"):
    model = keras.Sequential([keras.Input((6,)), Linear(8, name="first"),
                              keras.layers.Activation("relu"), Linear(4),
                              keras.layers.Activation(activation)])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def dense_model():
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(8, activation="relu"),
                              keras.layers.Dense(4, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def test_a_layer_trains_to_the_same_bits_as_the_librarys():
    x, y = data()
    own, library = linear_model(), dense_model()
    library.set_weights(own.get_weights())
    histories = [model.fit(x, y, epochs=5, verbose=0).history for model in (own, library)]
    assert histories[0] == histories[1]
    for a, b in zip(own.get_weights(), library.get_weights()):
        np.testing.assert_array_equal(a, b)


def test_call_runs_when_a_plan_is_made_and_not_in_steps():
    x, y = data()
    model = linear_model()
    model.fit(x, y, batch_size=32, epochs=2, verbose=0)
    layer = model.layers[0]
    assert isinstance(layer, Linear)
    traced = layer.calls
    model.fit(x, y, batch_size=32, epochs=5, verbose=0)
    assert layer.calls == traced


def test_its_weights_are_listed_set_and_read():
    model = linear_model()
    layer = model.get_layer("first")
    assert [(each.name, each.shape) for each in layer.weights] == [("w", (6, 8)), ("b", (8,))]
    assert layer.built and layer.count_params() == 56 and model.count_params() == 56 + 36
    layer.w.assign(np.ones((6, 8)))
    np.testing.assert_array_equal(layer.w.numpy(), np.ones((6, 8), "float32"))
    layer.set_weights([np.zeros((6, 8)), np.ones(8)])
    np.testing.assert_array_equal(np.asarray(layer.b), np.ones(8))
    x, _ = data()
    before = model.predict(x)
    np.testing.assert_allclose(before, np.broadcast_to(before[0], before.shape))
    assert [each.name for each in model.weights][:2] == ["first/w", "first/b"]
    assert "Linear" in model._handle.summary(False)


def test_layers_inside_have_their_weights_names_and_seeds():
    inputs = keras.Input((6,))
    outputs = Block(5)(Block(5)(inputs))
    model = keras.Model(inputs, outputs)
    names = [each.name for each in model.weights]
    assert names == ["block/linear/w", "block/linear/b", "block/dense/kernel", "block/dense/bias",
                     "block_1/linear/w", "block_1/linear/b", "block_1/dense/kernel",
                     "block_1/dense/bias"]
    block, block_1 = model.layers[1:]
    assert len(block.weights) == 4 and block.count_params() == 35 + 30
    assert not np.array_equal(block.second.get_weights()[0], block_1.second.get_weights()[0])
    x, _ = data()
    first, second = block.first, block.second
    y = x @ first.w.numpy() + first.b.numpy()
    y = np.tanh(y @ second.kernel.numpy()) + y * 0.5
    inner = keras.Model(inputs, model.layers[1].output)
    np.testing.assert_allclose(inner.predict(x), y, rtol=2e-5, atol=2e-6)


def test_frozen_layers_inside_do_not_train():
    x, y = data()
    inputs = keras.Input((6,))
    block = Block(4)
    model = keras.Model(inputs, keras.layers.Activation("softmax")(block(inputs)))
    block.second.trainable = False
    model.compile("sgd", "sparse_categorical_crossentropy")
    before = model.get_weights()
    model.fit(x, y, verbose=0)
    changed = [not np.array_equal(a, b) for a, b in zip(before, model.get_weights())]
    assert changed == [True, True, False, False]
    assert [each.trainable for each in block.weights] == [True, True, False, False]


def test_training_is_traced_for_training_and_for_prediction():
    seen = []

    class Marked(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.dropout = keras.layers.Dropout(0.5)

        def call(self, x, training=None):
            seen.append(training)
            return self.dropout(x, training=training) * (2.0 if training else 3.0)

    x = np.ones((8, 4), "float32")
    model = keras.Sequential([keras.Input((4,)), Marked(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    np.testing.assert_allclose(
        keras.Model(model.inputs, model.layers[0].output).predict(x), 3 * x)
    model.fit(x, np.zeros((8, 1)), verbose=0)
    assert set(seen) == {True, False}


def test_batch_normalization_inside_can_be_held_in_inference():
    class Held(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.norm = keras.layers.BatchNormalization()

        def call(self, x):
            return self.norm(x, training=False)

    x, y = data()
    model = keras.Sequential([keras.Input((6,)), Held(),
                              keras.layers.Dense(4, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(x, y, verbose=0)
    held = model.layers[0].norm
    np.testing.assert_array_equal(held.moving_mean.numpy(), np.zeros(6))


def test_a_layer_of_two_inputs_and_two_outputs():
    class Both(keras.layers.Layer):
        def call(self, a, b):
            return a + b, a * b

    class Listed(keras.layers.Layer):
        def call(self, inputs):
            a, b = inputs
            return ops.maximum(a, b)

    a, b = keras.Input((3,)), keras.Input((3,))
    total, product = Both()(a, b)
    model = keras.Model([a, b], [total, product, Listed()([a, b])])
    x = [np.array([[1, 2, 3]], "float32"), np.array([[4, 1, 3]], "float32")]
    outputs = model.predict(x)
    np.testing.assert_array_equal(outputs[0], x[0] + x[1])
    np.testing.assert_array_equal(outputs[1], x[0] * x[1])
    np.testing.assert_array_equal(outputs[2], np.maximum(*x))


def test_a_shared_layer_is_called_twice():
    layer = Linear(3)
    a, b = keras.Input((6,)), keras.Input((6,))
    model = keras.Model([a, b], layer(a) - layer(b))
    x, _ = data()
    np.testing.assert_allclose(model.predict([x, x]), np.zeros((64, 3)), atol=1e-6)
    assert len(model.weights) == 2


def test_regularizers_initializers_and_frozen_weights():
    class Scale(keras.layers.Layer):
        def build(self, input_shape):
            self.scale = self.add_weight(shape=(input_shape[-1],), name="scale",
                                         initializer=lambda shape: np.arange(1.0, 1 + shape[0]),
                                         regularizer=keras.regularizers.L2(0.5))
            self.fixed = self.add_weight(shape=(), initializer="ones", trainable=False)

        def call(self, x):
            return x * self.scale + self.fixed

    x = np.zeros((4, 3), "float32")
    model = keras.Sequential([keras.Input((3,)), Scale()])
    model.compile("sgd", "mse")
    assert model.evaluate(x, np.ones((4, 3)), verbose=0) == pytest.approx(0.5 * 14)
    model.fit(x, np.ones((4, 3)), verbose=0)
    scale, fixed = model.get_weights()
    np.testing.assert_allclose(scale, np.arange(1, 4) * (1 - 0.01), rtol=1e-6)
    model.layers[0].fixed.assign(2)
    assert model.layers[0].fixed.shape == () and float(model.layers[0].fixed.numpy()) == 2
    model.set_weights([scale, 1.0])
    assert fixed == 1 and [each.trainable for each in model.weights] == [True, False]


def test_saved_and_loaded_with_custom_objects(tmp_path):
    x, y = data()
    model = linear_model()
    model.fit(x, y, verbose=0)
    path = tmp_path / "model.safetensors"
    model.save(path)
    with pytest.raises(cornu.Error, match="Linear"):
        keras.models.load_model(path)
    loaded = keras.models.load_model(path, custom_objects={"Linear": Linear})
    assert isinstance(loaded.layers[0], Linear) and loaded.layers[0].units == 8
    np.testing.assert_array_equal(loaded.predict(x), model.predict(x))
    assert loaded.evaluate(x, y, verbose=0) == model.evaluate(x, y, verbose=0)
    with keras.saving.custom_object_scope({"Linear": Linear}):
        again = keras.models.load_model(path)
    assert again.layers[0].name == "first"
    again.fit(x, y, verbose=0)
    assert not np.array_equal(again.get_weights()[0], loaded.get_weights()[0])


def test_described_as_json_and_serialized():
    model = linear_model()
    custom = {"Linear": Linear}
    for made in (keras.models.model_from_json(model.to_json(), custom),
                 keras.Sequential.from_config(model.get_config(), custom)):
        made.set_weights(model.get_weights())
        x, _ = data()
        np.testing.assert_array_equal(made.predict(x), model.predict(x))
        assert made.layers[0].units == 8
    layer = keras.layers.deserialize(keras.layers.serialize(Linear(7)), custom)
    assert type(layer) is Linear and layer.units == 7


@keras.saving.register_keras_serializable(package="tests")
class Registered(Linear):
    pass


def test_registered_classes_load_by_themselves(tmp_path):
    model = keras.Sequential([keras.Input((6,)), Registered(3)])
    path = tmp_path / "model.safetensors"
    model.save(path)
    x, _ = data()
    loaded = keras.models.load_model(path)
    assert type(loaded.layers[0]) is Registered
    np.testing.assert_array_equal(loaded.predict(x), model.predict(x))
    assert keras.utils.get_registered_name(Registered) == "tests>Registered"
    assert keras.saving.get_registered_object("tests>Registered") is Registered


def test_blocks_are_saved_with_the_layers_inside(tmp_path):
    inputs = keras.Input((6,))
    model = keras.Model(inputs, Block(5, rate=0.25)(inputs))
    path = tmp_path / "model.safetensors"
    model.save(path)
    loaded = keras.models.load_model(path, custom_objects={"Block": Block})
    x, _ = data()
    np.testing.assert_array_equal(loaded.predict(x), model.predict(x))
    # Without a get_config() of its own, the arguments are kept.
    assert loaded.layers[1].dropout.rate == 0.25


@pytest.mark.parametrize("copied", [lambda model: pickle.loads(pickle.dumps(model)), copy.deepcopy,
                                    keras.models.clone_model], ids=["pickle", "deepcopy", "clone"])
def test_models_with_such_layers_are_copied(copied):
    x, y = data()
    model = linear_model()
    model.fit(x, y, verbose=0)
    made = copied(model)
    assert isinstance(made.layers[0], Linear) and made.layers[0] is not model.layers[0]
    if copied is not keras.models.clone_model:
        np.testing.assert_array_equal(made.predict(x), model.predict(x))
        made.fit(x, y, verbose=0)
    else:
        made.set_weights(model.get_weights())
        np.testing.assert_array_equal(made.predict(x), model.predict(x))
    assert made.layers[0].get_weights()[0].shape == (6, 8)


def test_layers_and_models_are_freed():
    layer = Linear(3)
    inputs = keras.Input((6,))
    model = keras.Model(inputs, layer(inputs))
    watched = weakref.ref(layer)
    del layer, inputs
    gc.collect()
    assert watched() is not None
    del model
    gc.collect()
    assert watched() is None

    block = Block(3)
    outer = keras.Sequential([keras.Input((6,)), block])
    inner = weakref.ref(block.first)
    del block, outer
    gc.collect()
    gc.collect()
    assert inner() is None


def test_checked_by_check_layer():
    assert keras.utils.check_layer(Linear(3), (None, 5)) > 20
    assert keras.utils.check_layer(Block(3), (None, 4)) > 20


def test_mistakes_are_said():
    inputs = keras.Input((6,))

    class NoInit(keras.layers.Layer):
        def __init__(self):
            self.units = 3

    class NoCall(keras.layers.Layer):
        pass

    class Late(keras.layers.Layer):
        def call(self, x):
            return x * self.add_weight(shape=(6,), name="late")

    class Array(keras.layers.Layer):
        def call(self, x):
            return x * np.ones(6)

    class Branch(keras.layers.Layer):
        def call(self, x):
            return x if x > 0 else -x

    class Number(keras.layers.Layer):
        def call(self, x):
            return 3

    class Batch(keras.layers.Layer):
        def call(self, x):
            return x - ops.mean(x, axis=0)

    class Failing(keras.layers.Layer):
        def call(self, x):
            raise KeyError("from call")

    for made, text in ((NoInit, "super\\(\\).__init__"), (NoCall, "method call"),
                       (Late, "in __init__ or build"), (Array, "add_weight"),
                       (Branch, "ops.where"), (Number, "got int"), (Batch, "by itself")):
        with pytest.raises(cornu.Error, match=text):
            made()(inputs)
    with pytest.raises(KeyError, match="from call"):
        Failing()(inputs)
    with pytest.raises(cornu.Error, match="call.*cannot be overridden"):
        class Own(keras.layers.Dense):
            def call(self, x):
                return x
    with pytest.raises(cornu.Error, match="do not fit together"):
        Linear(3)(inputs) + Linear(4)(inputs)
    with pytest.raises(TypeError):
        Linear(3, 4)
