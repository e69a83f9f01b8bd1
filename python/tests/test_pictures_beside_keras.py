"""Folders of pictures as Keras reads them: names, labels, order and pixels. Needs keras with
TensorFlow, and Pillow:

    KERAS_BACKEND=tensorflow PYTHONPATH=build/python/package python -m pytest -m long \\
        python/tests/test_pictures_beside_keras.py

CORNU_SEED=1 draws others.
"""

import os

import numpy as np
import pytest

from cornu import keras

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("default")]

FIRST = 1000 * int(os.environ.get("CORNU_SEED", 0))


@pytest.fixture(scope="module")
def theirs():
    pytest.importorskip("tensorflow")
    import keras as original
    return original


def draw(random, folder):
    """Pictures of every kind in one to four classes, some in folders below those. Returns a size,
    and whether none of them becomes so thin that Keras could not pad it.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo
    same, least = random.random() < 0.3, int(random.choice([1, 6]))
    side = tuple(random.integers(least, 40, 2))
    for i in range(random.integers(3, 25)):
        size = side if same else tuple(random.integers(least, 40, 2))
        mode = random.choice(["L", "LA", "RGB", "RGBA", "P"])
        channels = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "P": 3}[mode]
        pixels = random.integers(0, 256, (*size, channels), dtype=np.uint8)
        if random.random() < 0.5:  # smooth
            pixels = pixels // 8 + np.arange(size[1], dtype=np.uint8)[:, None]
        picture = Image.fromarray(pixels.squeeze(-1) if channels == 1 else pixels)
        if mode == "P":
            picture = picture.convert("P")
        ending = "jpg" if mode in ("L", "RGB") and random.random() < 0.5 else "png"
        path = folder / f"class {random.integers(4)}" / random.choice(["", "below"])
        path.mkdir(parents=True, exist_ok=True)
        options = {}
        if ending == "jpg":
            options = {"quality": int(random.integers(40, 96)),
                       "subsampling": int(random.integers(3))}
        elif random.random() < 0.3:  # which counts where colours become grey
            options = {"pnginfo": PngInfo()}
            options["pnginfo"].add(b"gAMA", int(random.integers(20000, 120000)).to_bytes(4, "big"))
        picture.save(path / f"{i}.{ending}", **options)
    size = tuple(map(int, side if same else random.integers(1, 50, 2)))
    return size, least > 1 and min(size) > 8


@pytest.mark.parametrize("seed", range(FIRST, FIRST + 60))
def test_folders(theirs, tmp_path, seed):
    random = np.random.default_rng(seed)
    size, is_filled = draw(random, tmp_path)
    options = {"image_size": size, "color_mode": str(random.choice(["grayscale", "rgb"])),
               "label_mode": random.choice(["int", "categorical", None]),
               "batch_size": int(random.integers(1, 9)), "seed": seed, "verbose": False,
               "interpolation": str(random.choice(["bilinear", "bilinear", "nearest"]))}
    if is_filled:
        filling = random.choice(["", "crop_to_aspect_ratio", "pad_to_aspect_ratio"])
        options |= {str(filling): True} if filling else {}
    if random.random() < 0.5 and len(list(tmp_path.rglob("*.*g"))) > 4:
        options |= {"validation_split": 0.4, "subset": "both"}
    check(theirs, tmp_path, options | {"shuffle": False})
    ours = keras.utils.image_dataset_from_directory(tmp_path, **options)
    expected = theirs.utils.image_dataset_from_directory(tmp_path, **options)
    for one, other in zip(*(each if isinstance(each, list) else [each]
                            for each in (ours, expected))):
        assert one.file_paths == other.file_paths


def check(theirs, folder, options):
    ours = keras.utils.image_dataset_from_directory(folder, **options)
    expected = theirs.utils.image_dataset_from_directory(folder, **options)
    if not isinstance(ours, list):
        ours, expected = [ours], [expected]
    assert len(ours) == len(expected)
    for one, other in zip(ours, expected):
        assert one.class_names == other.class_names
        assert one.file_paths == other.file_paths
        assert len(one) == len(other)
        for batch, theirs_batch in zip(one, other, strict=True):
            if not isinstance(batch, tuple):
                batch, theirs_batch = (batch,), (theirs_batch,)
            for found, wanted in zip(batch, theirs_batch, strict=True):
                wanted = np.asarray(wanted)
                assert found.dtype == wanted.dtype
                np.testing.assert_array_equal(found, wanted)
