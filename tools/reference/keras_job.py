#!/usr/bin/env python3
"""The tutorial's job in real Keras: the reference for Cornu's accuracy and losses.

    CORNU_DATASETS=folder python3 tools/reference/keras_job.py --second-fit
    python3 tools/reference/keras_job.py --dataset digits --batch-size 32 --epochs 40 --seeds 0

`folder` holds mnist/ with the four IDX files (.gz). Needs NumPy and TensorFlow.
Prints Markdown tables.
"""

import argparse
import gzip
import os
import pathlib
import platform
import sys
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MNIST = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
COLUMNS = ("loss", "accuracy", "val_loss", "val_accuracy")


def read_idx(path):
    data = gzip.decompress(path.read_bytes())
    shape = np.frombuffer(data, ">u4", data[3], 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def load(name):
    """(x_train, y_train), (x_test, y_test) as uint8; images flattened."""
    if name == "digits":
        x = read_idx(ROOT / "src/cornu/datasets/digits-images-idx3-ubyte.gz").reshape(5000, 400)
        y = (np.arange(5000) % 10).astype(np.uint8)
        return (x[:4000], y[:4000]), (x[4000:], y[4000:])
    for folder in os.environ.get("CORNU_DATASETS", "").split(":"):
        files = [pathlib.Path(folder, name, stem + "-ubyte.gz") for stem in MNIST]
        if folder and all(file.exists() for file in files):
            x, y, x_test, y_test = map(read_idx, files)
            return (x.reshape(len(x), -1), y), (x_test.reshape(len(x_test), -1), y_test)
    sys.exit(f"{name} not found. Hint: set CORNU_DATASETS to the folder that holds {name}/")


def make_model(features):
    import keras

    model = keras.models.Sequential(
        [
            keras.Input((features,)),
            keras.layers.Dense(64, activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def row(name, values):
    return f"| {name} | " + " | ".join(values) + " |"


def header(*columns):
    print(row(columns[0], columns[1:]))
    print("|---|" + "---:|" * (len(columns) - 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dataset", default="mnist", choices=["mnist", "digits"])
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seeds", default="0,1,2,3,4")
    parser.add_argument("--second-fit", action="store_true", help="fit twice, as the tutorial did")
    arguments = parser.parse_args()

    (x, y), (x_test, y_test) = load(arguments.dataset)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import tensorflow as tf

    x, x_test = x.astype("float32") / 255, x_test.astype("float32") / 255
    y, y_test = (keras.utils.to_categorical(labels, 10) for labels in (y, y_test))
    print(
        f"{arguments.dataset}, batch {arguments.batch_size}, {arguments.epochs} epochs; "
        f"Keras {keras.__version__}, TensorFlow {tf.__version__}, NumPy {np.__version__}, "
        f"Python {platform.python_version()}\n"
    )

    seconds, last, second = [], [], []
    header("seed", *COLUMNS, "seconds")
    for seed in map(int, arguments.seeds.split(",")):
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        model = make_model(x.shape[1])

        def fit():
            return model.fit(
                x,
                y,
                batch_size=arguments.batch_size,
                epochs=arguments.epochs,
                verbose=0,
                validation_data=(x_test, y_test),
            ).history

        start = time.perf_counter()
        history = fit()
        seconds.append(time.perf_counter() - start)
        last.append([history[column][-1] for column in COLUMNS])
        print(row(seed, [f"{v:.4f}" for v in last[-1]] + [f"{seconds[-1]:.1f}"]), flush=True)
        if arguments.second_fit:
            history = fit()
            for epoch in (0, arguments.epochs - 1):
                values = [history[column][epoch] for column in COLUMNS]
                second.append((seed, epoch + 1, values))

    print(row("mean", [f"{v:.4f}" for v in np.mean(last, 0)] + [f"{np.mean(seconds):.1f}"]))
    if len(last) > 1:
        # The sample's deviation (n - 1), since there are few seeds.
        deviation = np.std(last, 0, ddof=1)
        print(row("std", [f"{v:.4f}" for v in deviation] + [f"{np.std(seconds, ddof=1):.1f}"]))
    if second:
        print("\nSecond fit, first and last epoch:\n")
        header("seed", "epoch", *COLUMNS)
        for seed, epoch, values in second:
            print(row(seed, [str(epoch)] + [f"{v:.4f}" for v in values]))
        for epoch in (1, arguments.epochs):
            mean = np.mean([values for _, e, values in second if e == epoch], 0)
            print(row("mean", [str(epoch)] + [f"{v:.4f}" for v in mean]))


if __name__ == "__main__":
    main()
