"""What goes in as data, and what does not."""

import numpy as np
import pytest

import cornu
from cornu import keras
from cornu.keras._arrays import as_array

from data import blobs, classifier


@pytest.mark.parametrize("dtype", ["float32", "uint8", "int32", "int64"])
def test_arrays_of_the_library_are_not_copied(dtype):
    array = np.zeros((3, 4), dtype)
    assert np.shares_memory(as_array(array, "x"), array)
    array.flags.writeable = False
    assert as_array(array, "x") is array


@pytest.mark.parametrize("given, becomes", [
    ("float64", "float32"), ("float16", "float32"), (">f4", "float32"), (">i4", "int32"),
    ("int8", "int32"), ("uint16", "int32"), ("uint64", "int64"), ("bool", "uint8")])
def test_other_numbers_are_converted(given, becomes):
    array = as_array(np.ones((2, 3)).astype(given), "x")
    assert array.dtype == becomes and array.tolist() == [[1] * 3] * 2


def test_layouts_are_put_in_rows():
    x = np.arange(12, dtype=np.float32).reshape(3, 4)
    for view in (np.asfortranarray(x), x[::-1], x[:, ::2], x.T, np.broadcast_to(x[0], (5, 4))):
        array = as_array(view, "x")
        assert array.flags.c_contiguous and np.array_equal(array, view)


@pytest.mark.parametrize("given, text", [
    (np.array(["a", "b"]), "texts"), (np.array([object()]), "objects"), (1.5, "single number"),
    ([[1.0], [1.0, 2.0]], "rows of one length"), (np.ones(2, complex), "complex")])
def test_other_things_are_refused(given, text):
    with pytest.raises(cornu.Error, match=text):
        as_array(given, "x")


def test_lists_and_arrays_give_the_same():
    x, y = blobs(32)
    first, second = classifier(), classifier()
    first.fit(x, y, verbose=0)
    second.fit(x.tolist(), y.tolist(), verbose=0)
    for a, b in zip(first.get_weights(), second.get_weights()):
        np.testing.assert_array_equal(a, b)


def test_bytes_are_read_as_they_are():
    random = np.random.default_rng(0)
    x = random.integers(0, 256, (64, 8)).astype(np.uint8)
    y = (x[:, 0] > 127).astype(np.int64)
    as_bytes, as_floats = classifier(), classifier()
    as_bytes.fit(x, y, verbose=0)
    as_floats.fit(x.astype(np.float32), y, verbose=0)
    for a, b in zip(as_bytes.get_weights(), as_floats.get_weights()):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_wrong_shapes_are_named():
    x, y = blobs(32)
    model = classifier()
    with pytest.raises(cornu.Error, match=r"\(32, 7\)|\(None, 8\)|\(7,\)|8"):
        model.fit(x[:, :7], y, verbose=0)
    with pytest.raises(cornu.Error, match="first axis"):
        model.fit(x, y[:5], verbose=0)
    x[3, 2] = np.nan
    with pytest.raises(cornu.Error, match="sample 3"):
        model.fit(x, y, verbose=0)


def test_to_categorical():
    rows = keras.utils.to_categorical([[0], [2]], 3)
    assert rows.tolist() == [[1, 0, 0], [0, 0, 1]] and rows.dtype == np.float32
    assert keras.utils.to_categorical(np.array([[0, 1], [1, 0]])).shape == (2, 2, 2)
    with pytest.raises(cornu.Error, match="3"):
        keras.utils.to_categorical([0, 3], 3)


def test_outputs_outlive_their_model():
    x, _ = blobs(4)
    outputs = classifier().predict(x)
    assert outputs.flags.writeable
    np.testing.assert_allclose(outputs.sum(axis=1), 1, rtol=1e-5)
