#!/usr/bin/env python3
"""Reads a model file and computes the network's output with NumPy alone, which proves that
docs/formats/safetensors.md is complete.

    python3 tools/reference/numpy_forward.py MODEL IMAGES LABELS

IMAGES and LABELS are IDX files, not gzipped. Prints the accuracy as `cornu evaluate` counts it.
"""

import json
import struct
import sys

import numpy as np


def read_model(path):
    data = open(path, "rb").read()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    model = json.loads(header.pop("__metadata__")["cornu"])
    weights = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        values = np.frombuffer(data[start + begin : start + end], "<f4")
        weights[name] = values.reshape(tensor["shape"])
    return model, weights


ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "softmax": lambda x: (e := np.exp(x - x.max(-1, keepdims=True))) / e.sum(-1, keepdims=True),
}


def predict(model, weights, x):
    encoding = model["inputs"][0]
    x = (x.astype(np.float32) - np.float32(encoding["offset"])) / np.float32(encoding["divisor"])
    x = x.reshape(-1, *model["input_shape"])
    for layer in model["layers"]:
        config = layer["config"]
        if layer["type"] == "Flatten":
            x = x.reshape(len(x), -1)
        if layer["type"] == "Dense":
            x = x @ weights[config["name"] + "/kernel"] + weights.get(config["name"] + "/bias", 0)
        x = ACTIVATIONS[config.get("activation", "linear")](x)
    return x


def read_idx(path):
    data = open(path, "rb").read()
    shape = struct.unpack(f">{data[3]}I", data[4 : 4 + 4 * data[3]])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    y_pred = predict(*read_model(sys.argv[1]), read_idx(sys.argv[2])).argmax(-1)
    print("accuracy:", np.mean(y_pred == read_idx(sys.argv[3])))
