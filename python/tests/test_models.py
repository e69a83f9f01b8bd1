"""Models: functional networks, several outputs, files, copies, threads."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import cornu
from cornu import keras

from data import blobs, classifier

X, Y = blobs()


def two_by_two():
    a, b = keras.Input((3,), name="a"), keras.Input((2,), name="b")
    joined = keras.layers.concatenate([keras.layers.Dense(4, "relu")(a), b])
    first = keras.layers.Dense(1, name="first")(joined)
    second = keras.layers.Dense(3, "softmax", name="second")(joined)
    return keras.Model([a, b], [first, second], name="pair")


def test_several_inputs_and_outputs():
    model = two_by_two()
    model.compile("sgd", {"first": "mse", "second": "sparse_categorical_crossentropy"},
                  loss_weights={"second": 0.5}, metrics={"second": ["accuracy"]})
    x = {"a": np.ones((6, 3)), "b": np.zeros((6, 2))}
    y = [np.arange(6.0), np.arange(6) % 3]
    history = model.fit(x, y, verbose=0)
    assert "second_accuracy" in history.history
    first, second = model.predict([x["a"], x["b"]])
    assert first.shape == (6, 1) and second.shape == (6, 3)
    with pytest.raises(cornu.Error, match="a, b"):
        model.predict(x["a"])


def test_losses_by_position():
    model = two_by_two()
    model.compile("adam", ["mse", keras.losses.SparseCategoricalCrossentropy()])
    logs = model.evaluate([np.ones((2, 3)), np.ones((2, 2))], [np.ones(2), np.zeros(2, int)],
                          verbose=0, return_dict=True)
    assert list(logs)[0] == "loss"


def test_arithmetic_and_models_as_layers():
    x = keras.Input((4,))
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4)])
    model = keras.Model(x, inner(x) * 2 + x)
    values = np.ones((2, 4), np.float32)
    np.testing.assert_allclose(model.predict(values), inner.predict(values) * 2 + values,
                               rtol=1e-6)


def test_towers_need_no_names():
    def tower(seed):
        keras.utils.set_random_seed(seed)
        return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    left, right = tower(1), tower(2)
    x = keras.Input((4,))
    model = keras.Model(x, keras.layers.add([left(x), right(x)]))
    assert [layer.name for layer in model.layers] == ["input_layer", "sequential", "sequential_1",
                                                      "add"]
    kernels = model.get_weights()[::2]
    assert not np.array_equal(*kernels)
    assert np.array_equal(kernels[1], right.get_weights()[0])


def test_layers_and_weights():
    layer = keras.layers.Dense(3, name="mine")
    model = keras.Sequential([keras.Input((2,)), layer, keras.layers.Dense(1)])
    assert model.layers[0] is layer and model.get_layer("mine") is layer
    assert layer.kernel.shape == (2, 3)
    layer.set_weights([np.ones((2, 3)), np.zeros(3)])
    wrong = np.float32([[1, 2, 3], [4, np.nan, 6]])
    for set_wrong in (lambda: layer.set_weights([wrong, np.ones(3)]),
                      lambda: layer.kernel.assign(wrong), lambda: model.weights[0].assign(wrong)):
        with pytest.raises(cornu.Error, match="expected finite numbers, got nan at element 4"):
            set_wrong()
    assert model.get_weights()[0].sum() == 6
    layer.trainable = False
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 2)), np.ones(4), verbose=0)
    assert layer.get_weights()[0].sum() == 6
    assert [each.shape for each in model.trainable_weights] == [(3, 1), (1,)]
    with pytest.raises(cornu.Error, match="mine"):
        model.get_layer("mien")


def test_files_and_copies(tmp_path):
    model = classifier()
    model.fit(X, Y, verbose=0)
    paths = [tmp_path / ("model" + ending) for ending in (".safetensors", ".keras", ".h5")]
    for path in paths:
        model.save(path)
    for other in (*map(keras.models.load_model, paths), copy.deepcopy(model),
                  pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(other.predict(X), model.predict(X))
        assert type(other) is keras.Sequential
        assert other.evaluate(X, Y, verbose=0) == model.evaluate(X, Y, verbose=0)
    with pytest.raises(cornu.Error, match="safetensors"):
        model.save(tmp_path / "model.onnx")
    with pytest.raises(cornu.Error, match="exists already"):
        model.save(paths[1], overwrite=False)


def test_a_fit_goes_on_after_loading(tmp_path):
    model = classifier()
    model.fit(X, Y, verbose=0, shuffle=False)
    model.save(tmp_path / "model.keras")
    other = keras.models.load_model(tmp_path / "model.keras")
    for each in model, other:
        each.fit(X, Y, verbose=0, shuffle=False)
    np.testing.assert_allclose(other.predict(X), model.predict(X), rtol=1e-5)
    fresh = keras.models.load_model(tmp_path / "model.keras", compile=False)
    assert not fresh._handle.compiled


@pytest.mark.parametrize("ending", [".weights.h5", ".safetensors", ".npz"])
def test_weights_alone(tmp_path, ending):
    model, other = classifier(), classifier()
    model.fit(X, Y, verbose=0)
    model.save_weights(tmp_path / ("w" + ending))
    other.load_weights(tmp_path / ("w" + ending))
    np.testing.assert_array_equal(other.predict(X), model.predict(X))
    with pytest.raises(cornu.Error, match="holds weights and no network|no model of Cornu|a NumPy .npz file"):
        keras.models.load_model(tmp_path / ("w" + ending))
    narrow = keras.Sequential([keras.Input((8,)), keras.layers.Dense(2)])
    with pytest.raises(cornu.Error):
        narrow.load_weights(tmp_path / ("w" + ending))


@pytest.mark.parametrize("ending", [".h5", ".weights.h5", ".safetensors"])
def test_weights_of_another_network(tmp_path, ending):
    layers = keras.layers

    def model(units, *names):
        return keras.Sequential([keras.Input((4,)), layers.Dense(8, name=names[0]),
                                 layers.Dense(units, name=names[1])])
    saved, path = model(3, "a", "b"), tmp_path / ("m" + ending)
    (saved.save if ending == ".h5" else saved.save_weights)(path)
    wider = model(9, "a", "b")
    before = wider.get_weights()
    with pytest.raises(cornu.Error, match=r"b.*\(8, 9\), got .*\(8, 3\)"):
        wider.load_weights(path)
    with pytest.warns(UserWarning, match="load_weights: not set: .*b.*bias|kernel") as caught:
        wider.load_weights(path, skip_mismatch=True)
    assert "(8, 9), got " in str(caught[0].message)
    after = wider.get_weights()
    np.testing.assert_array_equal(after[0], saved.get_weights()[0])
    np.testing.assert_array_equal(after[2], before[2])
    other = model(3, "new", "b")
    if ending == ".weights.h5":
        with pytest.raises(cornu.Error, match="expected an .h5"):
            other.load_weights(path, by_name=True)
    else:
        other = model(3, "new", "b")
        before = other.get_weights()
        keras.saving.load_weights(other, path, by_name=True)
        np.testing.assert_array_equal(other.get_weights()[0], before[0])
        np.testing.assert_array_equal(other.get_weights()[2], saved.get_weights()[2])
    with pytest.raises(cornu.Error, match="load_weights: objects_to_skip"):
        other.load_weights(path, objects_to_skip=["a"])


def test_json_and_clones():
    model = classifier()
    for other in (keras.models.model_from_json(model.to_json()),
                  keras.Sequential.from_config(model.get_config()),
                  keras.models.clone_model(model)):
        assert [layer.get_config() for layer in other.layers] == \
            [layer.get_config() for layer in model.layers]
        assert not other._handle.compiled


def test_a_model_is_built_by_its_first_data():
    model = keras.Sequential([keras.layers.Dense(3, "softmax")])
    assert not model.built
    assert model.predict(X).shape == (200, 3)
    other = keras.Sequential([keras.layers.Dense(3, "softmax")])
    other.compile("adam", "sparse_categorical_crossentropy")
    other.fit(X, Y, verbose=0)
    assert other.built


def test_results_of_the_last_run():
    model = classifier()
    with pytest.raises(cornu.Error, match="after fit"):
        model.get_metrics_result()
    model.fit(X, Y, verbose=0)
    logs = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert model.get_metrics_result() == logs


def test_names_of_metrics_are_those_of_evaluate():
    model = keras.Sequential([keras.layers.Dense(3, "softmax")])
    assert model.metrics_names == []
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert model.metrics_names == ["loss", "accuracy"]
    rates = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate)
    model.fit(X, Y, validation_data=(X, Y), verbose=0, callbacks=[rates])
    assert model.metrics_names == ["loss", "accuracy"]
    assert list(model.evaluate(X, Y, verbose=0, return_dict=True)) == model.metrics_names
    x = keras.Input((8,))
    model = keras.Model(x, [keras.layers.Dense(1, name="a")(x), keras.layers.Dense(1)(x)])
    model.compile("sgd", ["mse", "mae"], metrics={"a": ["mae"]})
    assert model.metrics_names == ["loss", "a_loss", "dense_loss", "a_mae"]


def test_metrics_of_a_model():
    def error(y_true, y_pred):
        return float(np.abs(y_pred - y_true).mean())

    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
    assert model.metrics == []
    precision = keras.metrics.Precision(name="mine")
    model.compile("sgd", "mse", metrics=["mae", precision, error])
    assert [getattr(each, "name", None) for each in model.metrics[:2]] == ["mae", "mine"]
    assert model.metrics[2] is error
    assert type(model.metrics[1]) is keras.metrics.Precision


def test_a_loaded_sequential_grows_and_shrinks(tmp_path):
    model = classifier()
    model.save(tmp_path / "model.safetensors")
    for other in (keras.models.load_model(tmp_path / "model.safetensors"),
                  keras.models.clone_model(model), copy.deepcopy(model),
                  keras.models.model_from_json(model.to_json())):
        other.pop()
        other.add(keras.layers.Dense(5))
        assert other.output_shape == (None, 5) and len(other.layers) == 2
        assert other.predict(X).shape == (200, 5)


def test_a_model_that_is_not_built_is_copied():
    model = keras.Sequential([keras.layers.Dense(3, "relu", name="mine")], name="small")
    other = copy.deepcopy(model)
    assert other.name == "small" and other.layers[0].get_config() == model.layers[0].get_config()


def test_seeds():
    keras.utils.set_random_seed(1)
    first = classifier().get_weights()
    keras.utils.set_random_seed(2)
    second = classifier().get_weights()
    keras.utils.set_random_seed(1)
    third = classifier().get_weights()
    keras.utils.set_random_seed(0)
    assert (first[0] != second[0]).any() and (first[0] == third[0]).all()


def test_threads_predict_at_the_same_time():
    model = classifier()
    expected = model.predict(X)
    with ThreadPoolExecutor(4) as pool:
        for outputs in pool.map(lambda _: model.predict(X), range(40)):
            np.testing.assert_array_equal(outputs, expected)


def test_pictures_and_html(tmp_path):
    model = classifier()
    picture = keras.utils.plot_model(model, tmp_path / "model.svg", show_shapes=True)
    assert "<svg" in picture._repr_svg_()
    assert "dense_1 (Dense)" in model._repr_html_()


def test_feature_maps(tmp_path):
    layers = keras.layers
    model = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(4, 3, name="edges"),
                              layers.MaxPooling2D(), layers.Flatten(), layers.Dense(2)])
    image = np.arange(64, dtype="float64").reshape(8, 8)
    picture = keras.utils.save_feature_maps(model, image, tmp_path / "maps.svg", layers=["edges"])
    assert "<svg" in picture._repr_svg_()
    keras.utils.save_feature_maps(model, image[:, ::-1].astype("uint8"), tmp_path / "maps.png")
    assert (tmp_path / "maps.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(cornu.Error, match='unknown layer with images "edge"; expected one of edges'):
        keras.utils.save_feature_maps(model, image, layers=["edge"])
    with pytest.raises(cornu.Error, match="with layers whose outputs are images"):
        keras.utils.save_feature_maps(classifier(), X[0])


def test_class_and_sample_weights():
    zero = classifier()
    before = zero.get_weights()
    zero.fit(X, Y, verbose=0, sample_weight=np.zeros(len(X)))
    for a, b in zip(before, zero.get_weights()):
        np.testing.assert_array_equal(a, b)
    classifier().fit(X, Y, verbose=0, class_weight={0: 2.0, 1: 0.5})


def test_what_is_not_there_is_said():
    class Own(keras.Model):
        pass

    with pytest.raises(cornu.Error, match="inputs and outputs"):
        Own()
    with pytest.raises(AttributeError, match="square"):
        keras.ops.sqare


def test_many_fits_do_not_grow():
    import resource
    model = classifier()

    def run(times):
        for _ in range(times):
            model.fit(X, Y, verbose=0, callbacks=[keras.callbacks.Callback()])
            model.predict(X)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run(50)
    before = run(1)
    assert run(300) - before < 4096


def test_shards_change_last_bits_only():
    """Gradients in parts: other bits, the same ones at each run, and nearly the same weights."""
    def trained(shards):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4)])
        model.compile("sgd", "mse", shards=shards)
        x = np.random.default_rng(1).normal(size=(640, 5)).astype("float32")
        model.fit(x, x[:, :4], batch_size=64, epochs=3, verbose=0)
        return model.get_weights()[0]
    one, four = trained(1), trained(4)
    np.testing.assert_allclose(four, one, atol=1e-6)
    assert (four != one).any()
    np.testing.assert_array_equal(four, trained(4))
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4)])
    with pytest.raises(ValueError, match="expected shards from 1 to 1024, got 0"):
        model.compile("sgd", "mse", shards=0)
