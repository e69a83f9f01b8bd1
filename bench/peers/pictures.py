#!/usr/bin/env python3
"""Reading class folders of pictures: Cornu and Keras's image_dataset_from_directory, taking turns.

    PYTHONPATH=build/python/package pictures.py [path/to/bench/read_pictures] [--rounds 5]

20,000 grey PNGs of 28 × 28 pixels, drawn like digits, and 2,000 RGB PNGs of 224 × 224, drawn like
photographs. Each turn makes the data set and reads all batches; in the first the files are not in
the page cache, for both. `read_pictures` reads the same folder into memory, in C++. Medians of the
turns after the first go to standard output.
"""

import argparse
import io
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

import cornu.keras  # noqa: E402

CLASSES = 10


def smooth(rng, side, knots, channels):
    """Random knots with straight lines between them, 0 to 255."""
    coarse = rng.integers(0, 256, (knots, knots, channels), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse.squeeze()).resize((side, side), Image.BILINEAR))


def digit(rng):
    """Strokes on black: four fifths of the pixels are 0, as in MNIST."""
    light = smooth(rng, 28, 5, 1).astype(int)
    return np.clip(4 * (light - 170), 0, 255).astype(np.uint8)


def photograph(rng):
    noise = rng.normal(0, 6, (224, 224, 3))
    return np.clip(smooth(rng, 224, 12, 3) + noise, 0, 255).astype(np.uint8)


def make(folder, count, draw):
    rng = np.random.default_rng(0)
    for i in range(count):
        path = folder / str(i % CLASSES) / f"{i:05}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = io.BytesIO()
        Image.fromarray(draw(rng)).save(content, "png")
        path.write_bytes(content.getvalue())


def forget(folder):
    """Takes the files out of the page cache."""
    os.sync()
    for path in folder.rglob("*.png"):
        file = os.open(path, os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


def read(library, folder, options):
    """Seconds until the data set is made, and for all of its batches."""
    begin = time.perf_counter()
    data = library.utils.image_dataset_from_directory(
        folder, shuffle=False, verbose=False, **options)
    made = time.perf_counter()
    rows = 0
    for x, _ in data:
        rows += len(x)
    end = time.perf_counter()
    return rows, made - begin, end - made


def read_in_cpp(program, folder, options):
    side = options["image_size"][0]
    channels = 1 if options["color_mode"] == "grayscale" else 3
    return float(subprocess.run([program, folder, str(side), str(channels)], check=True,
                                capture_output=True, text=True).stdout)


def compare(name, folder, count, options, program, rounds):
    libraries = {"Cornu": cornu.keras, "Keras": keras}
    times = {each: [] for each in libraries}
    cpp = []
    for turn in range(rounds + 1):
        for each, library in libraries.items():
            if turn == 0:
                forget(folder)
            rows, made, took = read(library, folder, options)
            assert rows == count, rows
            if turn == 0:
                print(f"{name}, not in the page cache: {each} {made + took:.3f} s")
            else:
                times[each].append((made, took))
        if program and turn > 0:
            cpp.append(read_in_cpp(program, folder, options))
    middle = {each: statistics.median(map(sum, times[each])) for each in libraries}
    for each in libraries:
        made = statistics.median(made for made, _ in times[each])
        print(f"{name}: {each} {middle[each]:.3f} s, of which making the data set {made:.3f}")
    if cpp:
        print(f"{name}: Cornu in C++, into memory {statistics.median(cpp):.3f} s")
    print(f"{name}: Keras takes {middle['Keras'] / middle['Cornu']:.1f} times as long")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program", nargs="?")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--folder", help="where the pictures are kept for the next time")
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.folder or temporary)
        for name, count, draw, side, mode, batch in (
                ("20,000 grey 28 × 28", 20000, digit, 28, "grayscale", 128),
                ("2,000 RGB 224 × 224", 2000, photograph, 224, "rgb", 32)):
            pictures = folder / mode
            if not pictures.exists():
                make(pictures, count, draw)
            compare(name, pictures, count,
                    {"image_size": (side, side), "color_mode": mode, "batch_size": batch},
                    options.program, options.rounds)


if __name__ == "__main__":
    main()
