"""keras.utils.image_dataset_from_directory."""

import os

import numpy as np
import pytest

import cornu
from cornu import keras

from png import png


def value(path):
    """The grey value of the picture that ``folder`` wrote there."""
    return int(os.path.splitext(os.path.basename(path))[0])


@pytest.fixture
def folder(tmp_path):
    """Pictures of one grey value each, which is their name: cats/0 to 4, dogs/5 to 11."""
    for i in range(12):
        path = tmp_path / "pets" / ("cats" if i < 5 else "dogs") / f"{i:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(np.full((4, 6, 3), i, np.uint8)))
    (tmp_path / "pets" / "notes.txt").write_text("no picture")
    (tmp_path / "pets" / "cats" / "notes.txt").write_text("no picture")
    (tmp_path / "pets" / ".hidden").mkdir()
    return tmp_path / "pets"


def read(folder, **options):
    options = {"image_size": (4, 6), "batch_size": 5, "verbose": False, **options}
    return keras.utils.image_dataset_from_directory(folder, **options)


def joined(data):
    x, y = zip(*data)
    return np.concatenate(x), np.concatenate(y)


def test_batches_are_as_in_keras(folder, capsys):
    data = read(folder, shuffle=False, verbose=True)
    assert capsys.readouterr().out == "Found 12 files belonging to 2 classes.\n"
    assert data.class_names == ["cats", "dogs"]
    assert [os.path.relpath(each, folder) for each in data.file_paths][4:6] == ["cats/04.png",
                                                                               "dogs/05.png"]
    assert len(data) == 3
    batches = list(data)
    assert [x.shape for x, _ in batches] == [(5, 4, 6, 3), (5, 4, 6, 3), (2, 4, 6, 3)]
    x, y = joined(data)
    assert x.dtype == np.float32 and y.dtype == np.int32
    assert (x == np.arange(12).reshape(12, 1, 1, 1)).all()
    assert y.tolist() == [0] * 5 + [1] * 7


def test_labels_have_each_mode(folder):
    def labels(**options):
        return joined(read(folder, shuffle=False, **options))[1]
    binary = labels(label_mode="binary")
    assert binary.shape == (12, 1) and binary.dtype == np.float32 and binary.sum() == 7
    rows = labels(label_mode="categorical")
    assert rows.shape == (12, 2) and rows.dtype == np.float32 and rows[:, 0].sum() == 5
    assert labels(class_names=["dogs", "cats"]).tolist() == [0] * 7 + [1] * 5
    given = [7, 9] * 6
    data = read(folder, labels=given, seed=3)
    assert data.class_names == ["7", "9"]
    assert given == [7, 9] * 6
    x, y = joined(data)
    assert [given[int(each)] for each in x[:, 0, 0, 0]] == y.tolist()
    x = next(iter(read(folder, labels=None)))
    assert x.shape == (5, 4, 6, 3)
    assert read(folder, label_mode=None).class_names is None


# The order is that of numpy.random.RandomState, as in Keras 3.15.1; these numbers are Keras's.
def test_files_have_the_order_of_keras(folder):
    data = read(folder, seed=1)
    assert [value(each) for each in data.file_paths] == [2, 3, 4, 10, 1, 6, 0, 7, 11, 9, 8, 5]
    training, validation = read(folder, seed=1, validation_split=0.25, subset="both")
    assert [value(each) for each in validation.file_paths] == [9, 8, 5]
    assert training.file_paths == data.file_paths[:9]
    assert read(folder, seed=1, validation_split=0.25, subset="training").file_paths == (
        training.file_paths)


def test_each_iteration_has_its_order(folder):
    def order(data):
        x, y = joined(data)
        assert ((x[:, 0, 0, 0] >= 5) == y).all()
        return x[:, 0, 0, 0].tolist()
    data, again = read(folder, seed=1), read(folder, seed=1)
    first, second = order(data), order(data)
    assert first != second and sorted(first) == sorted(second) == list(range(12))
    assert [first, second] == [order(again), order(again)]
    one, other = iter(data), iter(data)
    for x, _ in one:
        assert x.shape == next(other)[0].shape


def test_pictures_have_the_size_and_colours_asked_for(folder):
    assert next(iter(read(folder, image_size=8, color_mode="grayscale")))[0].shape == (5, 8, 8, 1)
    x = next(iter(read(folder, color_mode="rgba")))[0]
    assert (x[..., 3] == 255).all()
    assert next(iter(read(folder, interpolation="nearest")))[0].dtype == np.uint8
    first = next(iter(read(folder, data_format="channels_first")))[0]
    assert first.shape == (5, 3, 4, 6) and first.flags.c_contiguous
    padded = next(iter(read(folder, image_size=(8, 6), pad_to_aspect_ratio=True, shuffle=False)))[0]
    assert padded[4, :, 0, 0].tolist() == [0, 0, 4, 4, 4, 4, 0, 0]
    x, y = next(iter(read(folder, batch_size=None, shuffle=False)))
    assert x.shape == (4, 6, 3) and y == 0
    assert len(read(folder, batch_size=None)) == 12


def test_take_and_prefetch(folder):
    data = read(folder, shuffle=False)
    assert len(data.take(2)) == len(list(data.take(2))) == 2
    assert data.prefetch(2) is data
    with pytest.raises(AttributeError, match="'map', it is no tf.data.Dataset"):
        data.map(abs)


def test_a_model_takes_it(folder):
    def model():
        keras.utils.set_random_seed(1)
        made = keras.Sequential([keras.layers.Rescaling(1 / 255), keras.layers.Flatten(),
                                 keras.layers.Dense(2, activation="softmax")])
        made.build((None, 4, 6, 3))
        made.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return made
    data = read(folder, shuffle=False)
    x, y = joined(data)
    with_batches, with_arrays = model(), model()
    kept = with_batches.fit(data, epochs=3, validation_data=data, verbose=0).history
    other = with_arrays.fit(x, y, batch_size=5, epochs=3, shuffle=False, validation_data=(x, y),
                            verbose=0).history
    assert kept == other
    assert with_batches.evaluate(data, verbose=0) == with_arrays.evaluate(x, y, verbose=0)
    assert (with_batches.predict(data) == with_arrays.predict(x)).all()


@pytest.mark.parametrize("options, text", [
    ({"label_mode": "float"}, "label_mode: expected one of 'int', 'categorical'"),
    ({"color_mode": "cmyk"}, "color_mode: expected one of 'grayscale', 'rgb', 'rgba'"),
    ({"interpolation": "bicubic"}, "interpolation: expected one of 'bilinear', 'nearest'"),
    ({"data_format": "first"}, "data_format: expected one of None, 'channels_last'"),
    ({"format": "torch"}, "format: expected one of 'tf', 'grain'"),
    ({"image_size": (3, 4, 5)}, "image_size: expected .height, width., got"),
    ({"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}, "got both"),
    ({"validation_split": 0.5}, "validation_split and subset, or neither"),
    ({"validation_split": 0.5, "subset": "training"}, "needs a seed"),
    ({"validation_split": 2, "subset": "both", "seed": 1}, "fraction between 0 and 1"),
    ({"validation_split": 0.01, "subset": "both", "seed": 1}, "leaves a part without any"),
    ({"class_names": ["cats", "birds"]}, "got 'birds'"),
    ({"labels": None, "class_names": ["cats"]}, "class_names: expected None"),
    ({"labels": [1, 2]}, "labels: expected 12, one for each file"),
    ({"labels": [0.5] * 12}, "labels: expected whole numbers"),
    ({"labels": [3, 5] * 6, "label_mode": "categorical"}, "labels from 0 to 1, got 3"),
    ({"labels": [0, 1, 2] * 4, "label_mode": "binary"}, "expected two classes"),
    ({"labels": "folders"}, "labels: expected \"inferred\""),
])
def test_other_arguments_are_errors(folder, options, text):
    with pytest.raises(cornu.Error, match=text):
        read(folder, **options)


def test_other_files_are_errors(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(cornu.Error, match="expected files with the endings .jpeg, .jpg, .png"):
        read(tmp_path / "empty")
    (folder / "cats" / "05.png").write_bytes(b"GIF89a")
    with pytest.raises(cornu.Error, match="05.png.*a GIF picture"):
        list(read(folder))
    (folder / "cats" / "06.bmp").write_bytes(b"BM")
    with pytest.raises(cornu.Error, match="06.bmp: expected PNG and JPEG files, got a BMP file"):
        read(folder)
