"""Writes golden files: safetensors with sorted names, so the same arrays give the same bytes."""

import json
import pathlib
import struct

import numpy as np

DTYPES = {"float64": "F64", "float32": "F32", "int64": "I64", "uint8": "U8"}


def save(name, tensors, made_by):
    import keras
    import tensorflow

    arrays = {key: np.ascontiguousarray(tensors[key]) for key in tensors}
    # Wide elements first, so that every array is aligned to its own element.
    names = sorted(arrays, key=lambda key: (-arrays[key].itemsize, key))
    header = {
        "__metadata__": {
            "keras_version": keras.__version__,
            "made_by": made_by,
            "tensorflow_version": tensorflow.__version__,
        }
    }
    end = 0
    for key in names:
        begin, end = end, end + arrays[key].nbytes
        header[key] = {
            "dtype": DTYPES[arrays[key].dtype.name],
            "shape": list(np.shape(tensors[key])),
            "data_offsets": [begin, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path = pathlib.Path(__file__).resolve().parent / name
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for key in names:
            file.write(arrays[key].tobytes())
    print(f"{name}: {len(names)} tensors, {path.stat().st_size} bytes")


def load(name):
    """The arrays of such a file."""
    data = (pathlib.Path(__file__).resolve().parent / name).read_bytes()
    end = 8 + struct.unpack("<Q", data[:8])[0]
    names = {wide: numpy_name for numpy_name, wide in DTYPES.items()}
    arrays = {}
    for key, entry in json.loads(data[8:end]).items():
        if key == "__metadata__":
            continue
        begin, stop = entry["data_offsets"]
        arrays[key] = np.frombuffer(data[end + begin : end + stop], names[entry["dtype"]]).reshape(entry["shape"])
    return arrays
