"""The cells of a Keras tutorial on MNIST; only the import line differs."""

import re

import numpy as np
import pytest

from cornu import keras

from data import SANITIZED


@pytest.fixture(scope="module")
def digits():
    """MNIST where it is on the disk, else random pictures of its form."""
    try:
        if SANITIZED:
            raise ValueError("the whole of MNIST would take minutes")
        return keras.datasets.mnist.load_data()
    except ValueError:
        random = np.random.default_rng(0)

        def part(count):
            y = random.integers(0, 10, count).astype(np.uint8)
            x = random.integers(0, 64, (count, 28, 28)).astype(np.uint8)
            for i, label in enumerate(y):
                x[i, 2 * label:2 * label + 4] += 128
            return x, y
        return part(6000), part(1000)


@pytest.fixture(scope="module")
def data(digits):
    (X_train, y_train), (X_valid, y_valid) = digits
    X_train = X_train.reshape(len(X_train), 784).astype('float32')
    X_valid = X_valid.reshape(len(X_valid), 784).astype('float32')
    X_train /= 255
    X_valid /= 255
    n_classes = 10
    y_train = keras.utils.to_categorical(y_train, n_classes)
    y_valid = keras.utils.to_categorical(y_valid, n_classes)
    return X_train, y_train, X_valid, y_valid


def make_model():
    return keras.models.Sequential([
        keras.layers.Dense(64,
                           activation='sigmoid',
                           input_shape=(784,)),
        keras.layers.Dense(10,
                           activation='softmax')
    ])


@pytest.fixture(scope="module")
def fitted(data):
    import contextlib
    import io
    X_train, y_train, X_valid, y_valid = data
    model = make_model()
    model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    with contextlib.redirect_stdout(io.StringIO()) as out:
        history = model.fit(X_train, y_train, batch_size=128, epochs=10, verbose=1,
                            validation_data=(X_valid, y_valid))
    return model, history, out.getvalue()


def test_labels_become_float32_rows(data):
    _, y_train, _, _ = data
    assert y_train.dtype == np.float32 and y_train.shape[1] == 10
    assert repr(y_train[1:3]).endswith("dtype=float32)")


def test_summary(capsys):
    make_model().summary()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == 'Model: "sequential"'
    assert "Layer (type)                 Output Shape              Param #   " in lines
    assert "dense (Dense)                (None, 64)                50240     " in lines
    assert "dense_1 (Dense)              (None, 10)                650       " in lines
    assert "Total params: 50,890" in lines


def test_progress_has_the_form_of_the_tutorial(fitted, data):
    _, _, out = fitted
    lines = out.splitlines()
    count = len(data[0])
    assert lines[0] == f"Train on {count} samples, validate on {len(data[2])} samples"
    assert lines[1] == "Epoch 1/10"
    assert re.fullmatch(rf"{count}/{count} \[=+\] - \d+s \d+[a-z]+/sample - loss: \d\.\d{{4}} - "
                        r"accuracy: \d\.\d{4} - val_loss: \d\.\d{4} - val_accuracy: \d\.\d{4}",
                        lines[2])
    assert len(lines) == 21


def test_history_is_a_dict_of_lists(fitted):
    _, history, _ = fitted
    assert list(history.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert all(len(values) == 10 for values in history.history.values())
    assert history.history["loss"][-1] < history.history["loss"][0]
    assert history.epoch == list(range(10))


def test_evaluate_returns_loss_and_accuracy(fitted, data, capsys):
    model, _, _ = fitted
    result = model.evaluate(data[0], data[1])
    assert isinstance(result, list) and len(result) == 2
    assert result[1] > 0.9
    count = len(data[0])
    assert capsys.readouterr().out.startswith(f"{count}/{count} [====")


def test_inference(fitted, data):
    model, _, _ = fitted
    X_train, _, X_valid, _ = data
    valid_0 = X_valid[0].reshape(1, 784)
    assert model.predict(valid_0).shape == (1, 10)
    assert model.predict(valid_0).dtype == np.float32
    assert re.fullmatch(r"array\(\[\d\]\)", repr(model.predict_classes(valid_0)))
    X_new = X_train[:10]
    y_proba = model.predict(X_new)
    assert np.array_equal(model.predict_proba(X_new), y_proba)
    np.testing.assert_allclose(y_proba.sum(axis=1), 1, rtol=1e-5)
    assert np.array_equal(model.predict_classes(X_new), y_proba.argmax(axis=1))
    assert y_proba.round(2).dtype == np.float32
    k = 3
    top_k = np.argsort(-y_proba, axis=1)[:, :k]
    row_indices = np.tile(np.arange(len(top_k)), [k, 1]).T
    assert y_proba[row_indices, top_k].shape == (10, 3)


def test_first_numbers_on_mnist(fitted, data):
    _, history, _ = fitted
    if SANITIZED:
        pytest.skip("the whole of MNIST would take minutes")
    if len(data[0]) != 60000:
        pytest.skip("full MNIST not found")
    assert 0.96 < history.history["val_accuracy"][-1] < 0.98
