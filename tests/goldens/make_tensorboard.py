#!/usr/bin/env python3
"""Makes tensorboard.json: what real Keras's TensorBoard callback writes of small fits.

"fits": by the name of a fit and its folder, "train" or "validation", a list of tags, each with its plugin,
the plugin's content, dtype and shape of its tensors, its steps, and its values: numbers, buckets, or pixels
of pictures as [width, height, [pixel, …] of each]. Rates per second and the graph have no values.
"histograms": values, and the buckets that tf.summary.histogram makes of them.

Each fit: 12 rows of 4 and their targets, 4 validate, batches of 4 in order, SGD(0.25), mean squared error,
mean absolute error as metric. Element i of x, y and the validation data is ((7i + 3) mod 13 - 6) / 8; of
the first weights ((5i + 1) mod 11 - 5) / 8, each weight counted from 0.

    python3 tests/goldens/make_tensorboard.py
"""

import json
import struct
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf
from golden_numbers import keras
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event

L = keras.layers
EPOCHS = {"epochs": 3, "steps": 2, "weights": 4, "functional": 1}


def numbers(*shape, factor=7, first=3, modulus=13):
    i = np.arange(np.prod(shape))
    return (((i * factor + first) % modulus - modulus // 2) / 8).astype(np.float32).reshape(shape)


def sequential():
    return keras.Sequential(
        [keras.Input((4,)), L.Dense(3, "tanh", name="dense"), L.Dense(1, name="dense_1")], name="sequential"
    )


def functional():
    x = keras.Input((4,), name="x")
    a, b = L.Dense(2, name="a")(x), L.Dense(2, name="b")(x)
    return keras.Model(x, L.Dense(1, name="c")(L.Add(name="sum")([a, b])), name="two_ways")


def fit(name, folder):
    options = {
        "steps": {"update_freq": 1, "write_steps_per_second": True},
        "weights": {"histogram_freq": 2, "write_images": True},
        "functional": {"histogram_freq": 1, "update_freq": "batch"},
    }.get(name, {})
    model = functional() if name == "functional" else sequential()
    for weight in model.weights:
        weight.assign(numbers(*weight.shape, factor=5, first=1, modulus=11))
    model.compile(keras.optimizers.SGD(0.25), "mse", metrics=["mae"])
    model.fit(
        numbers(12, 4),
        numbers(12, 1),
        batch_size=4,
        epochs=EPOCHS[name],
        verbose=0,
        shuffle=False,
        validation_data=(numbers(4, 4), numbers(4, 1)),
        callbacks=[keras.callbacks.TensorBoard(folder, **options)],
    )


def value_of(plugin, tensor):
    if plugin == "scalars":
        return struct.unpack("<f", tensor.tensor_content)[0]
    if plugin == "histograms":
        return np.frombuffer(tensor.tensor_content, "<f8").tolist()
    if plugin == "images":
        width, height, *pngs = tensor.string_val
        return [int(width), int(height), *(tf.io.decode_png(png).numpy().ravel().tolist() for png in pngs)]
    return None


def tags_in(folder):
    tags = {}
    for path in sorted(Path(folder).iterdir()):
        for record in RawEventFileLoader(str(path)).Load():
            event = Event.FromString(record)
            for value in event.summary.value:
                plugin = value.metadata.plugin_data
                if plugin.plugin_name not in ("scalars", "histograms", "images", "graph_keras_model"):
                    continue
                tag = tags.setdefault(
                    value.tag,
                    {
                        "tag": value.tag,
                        "plugin": plugin.plugin_name,
                        "content": plugin.content.decode(),
                        "dtype": value.tensor.dtype,
                        "shape": [dim.size for dim in value.tensor.tensor_shape.dim],
                        "steps": [],
                        "values": [],
                    },
                )
                tag["steps"].append(event.step)
                if not value.tag.endswith("_per_second"):
                    tag["values"].append(value_of(plugin.plugin_name, value.tensor))
    return [tags[name] for name in sorted(tags)]


def histograms():
    cases = {
        "spread": numbers(200, factor=37, first=5, modulus=101),
        "equal": np.full(9, 0.1, np.float32),
        "one": np.array([-3.5], np.float32),
        "two": np.array([0.1, 0.2], np.float32),
        "edges": np.arange(31, dtype=np.float32) / np.float32(30),
        "thirds": np.arange(-50, 50, dtype=np.float32) / np.float32(3),
        "none": np.array([], np.float32),
    }
    folder = tempfile.mkdtemp()
    with tf.summary.create_file_writer(folder).as_default():
        for name, values in cases.items():
            tf.summary.histogram(name, values, step=0)
    buckets = {tag["tag"]: tag for tag in tags_in(folder)}
    return {
        name: {"values": values.tolist(), "buckets": buckets[name]["values"][0], "shape": buckets[name]["shape"]}
        for name, values in cases.items()
    }


def main():
    fits = {}
    for name in EPOCHS:
        folder = tempfile.mkdtemp()
        fit(name, folder)
        fits[name] = {part: tags_in(Path(folder) / part) for part in ("train", "validation")}
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    made = {"made by": "make_tensorboard.py", "versions": versions, "fits": fits, "histograms": histograms()}
    lines = json.dumps(made).replace('{"tag"', '\n{"tag"').replace('"values"', '\n"values"')
    (Path(__file__).parent / "tensorboard.json").write_text(lines + "\n")


if __name__ == "__main__":
    main()
