#!/usr/bin/env python3
"""Makes keras_pictures.safetensors: the pictures of pictures/ as Keras reads them.

<file>/<channels>/<height>x<width>/<interpolation>/<filling>: what image_dataset_from_directory gives of
a file, float32 (height, width, channels). Left out: pictures that are turned by EXIF, which Keras does
not do, JPEG in four inks, which it refuses, and of PNG with fewer than 8 bits the 4 channels, where it
makes an opacity of 1, 3 or 15 in 255.

    python3 tests/goldens/make_keras_pictures.py
"""

import os
import pathlib
import shutil
import tempfile

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras  # noqa: E402
import numpy as np  # noqa: E402
from golden_file import save  # noqa: E402

FOLDER = pathlib.Path(__file__).parent / "pictures"
CHANNELS = {1: "grayscale", 3: "rgb", 4: "rgba"}
PLACES = [("bilinear", "stretched"), ("bilinear", "cropped"), ("bilinear", "padded"), ("nearest", "stretched")]


def names(channels, of_resizing):
    if of_resizing:
        return ["colours.png", "colours_444.jpg"] if channels == 3 else []
    turned = {f"colours_turned_{i}.{end}" for i in range(2, 9) for end in ("png", "jpg")}
    left_out = turned | {"inks.jpg"}
    if channels == 4:
        left_out |= {"palette.png", *(f"grey_{bits}.png" for bits in (1, 2, 4))}
    every = [path.name for path in FOLDER.iterdir() if path.suffix in (".png", ".jpg")]
    return [each for each in every if each not in left_out and (channels != 4 or each.endswith("png"))]


def read(name, channels, size, interpolation, filling):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(FOLDER / name, folder)
        data = keras.utils.image_dataset_from_directory(
            folder, labels=None, color_mode=CHANNELS[channels], image_size=size, batch_size=None,
            interpolation=interpolation, crop_to_aspect_ratio=filling == "cropped",
            pad_to_aspect_ratio=filling == "padded", verbose=False)
        return np.asarray(next(iter(data)), np.float32)


def main():
    tensors = {}
    for channels in CHANNELS:
        for name in names(channels, False):
            size = (20, 30) if name.endswith("jpg") else (5, 7)
            key = f"{name}/{channels}/{size[0]}x{size[1]}/bilinear/stretched"
            tensors[key] = read(name, channels, size, "bilinear", "stretched")
        for name in names(channels, True):
            for size in ((3, 4), (8, 8), (11, 40), (64, 9)):
                for interpolation, filling in PLACES:
                    key = f"{name}/{channels}/{size[0]}x{size[1]}/{interpolation}/{filling}"
                    tensors[key] = read(name, channels, size, interpolation, filling)
    save("keras_pictures.safetensors", tensors, "tests/goldens/make_keras_pictures.py")


if __name__ == "__main__":
    main()
