#!/usr/bin/env python3
"""Makes hdf5/*.h5: small files as h5py, and Keras through it, writes them, and as others may.

    python3 tests/goldens/make_hdf5.py

Element i of an array of floats is (i - 3) / 8, of integers i - 3 (i where unsigned).
"""

from pathlib import Path

import h5py
import numpy as np

FOLDER = Path(__file__).parent / "hdf5"
TYPES = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"]


def numbers(dtype, *shape):
    i = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    dtype = np.dtype(dtype)
    return (i if dtype.kind == "u" else (i - 3) / 8 if dtype.kind == "f" else i - 3).astype(dtype)


def attributes(of):
    of["text"] = "héllo"
    of["empty_text"] = ""
    of["bytes"] = np.bytes_("fixed")
    of["texts"] = ["a", "", "bcd"]
    of["fixed_texts"] = np.array([b"ab", b"c", b""])
    of["none"] = []
    of["true"] = True
    of["int"] = -5
    of["double"] = 0.1
    of["half"] = np.float16(-1.5)
    of["ints"] = np.array([1, -2, 3], "int32")
    of["doubles"] = [0.5, np.inf]
    of["flags"] = np.array([True, False])
    of["matrix"] = np.zeros((2, 2))
    of["null"] = h5py.Empty("f")
    of["large"] = np.uint64(2**64 - 1)
    of["void"] = np.void(b"\x00\x01")


def types(file):
    attributes(file.attrs)
    for dtype in TYPES:
        file[f"types/{dtype}"] = numbers(dtype, 2, 3)
    file["types/bool"] = np.array([True, False, True])
    file["types/S4"] = np.array([b"ab", b"cdef"])
    file["shapes/scalar"] = np.int64(7)
    file["shapes/none"] = numbers("float32", 0, 3)
    file["shapes/axes8"] = numbers("uint8", 1, 1, 1, 2, 1, 1, 1, 2)
    file.create_group("shapes/group")


def unread(file):
    """Datasets that cannot be read, among others that can."""
    file["a"] = numbers("float32", 4)
    file["axes9"] = numbers("uint8", *[1] * 9)
    file["big_endian"] = numbers(">f4", 4)
    file["compound"] = np.zeros(2, [("x", "i4"), ("y", "f8")])
    file["complex"] = np.zeros(2, "complex64")
    file["named_type"] = np.dtype("float32")
    file.create_dataset("of_named_type", data=numbers("float32", 2), dtype=file["named_type"])
    file["null"] = h5py.Empty("f")
    file["opaque"] = np.void(b"\x00\x01")
    file["texts"] = ["a", "b"]
    file.create_dataset("chunked", data=numbers("float32", 4, 4), chunks=(2, 4))
    file.create_dataset("gzip", data=numbers("float32", 4, 4), chunks=(2, 4), compression="gzip")
    file.create_dataset("unwritten", (3,), "float32")
    file["z"] = numbers("float32", 4)


def many(file):
    """Enough entries for two levels of B-tree nodes."""
    for i in range(140):
        file[f"g/{i}"] = np.uint8(i)


def named_in_utf8(file):
    """Names that are not ASCII: from nine entries on, a fractal heap with an index."""
    for i in range(12):
        file.create_group(f"few/größe_{i}").attrs["number"] = i
    for i in range(60):  # a table of blocks, and two levels of index nodes
        file[f"many/größe_{i}"] = np.uint8(i)


def latest(file):
    """The layout of libver="latest": superblock 3, object headers of version 2 with checksums."""
    file.attrs["text"] = "héllo"
    file["a/x"] = numbers("float32", 2, 3)
    file["a/b/y"] = numbers("int64", 2)
    file["a"].attrs["weight_names"] = ["x", "b/y"]


def long_header(file):
    """Attributes that need several blocks of an object header, and a string longer than a heap."""
    for i in range(40):
        file.attrs[f"attribute_{i}"] = f"value {i}"
    file.attrs["long"] = "x" * 5000
    file["x"] = numbers("float32", 3)
    for i in range(20):
        file["x"].attrs[f"a{i}"] = i


def write(name, content, **options):
    with h5py.File(FOLDER / f"{name}.h5", "w", **options) as file:
        content(file)
        # Read by the tests, so that they know who wrote the file.
        file.attrs["written_by"] = f"h5py {h5py.__version__}, HDF5 {h5py.version.hdf5_version}"


def links():
    """One file for each kind of link, and for data in other files."""

    def external_storage(file):
        file.create_dataset("x", (2,), "float32", external=[("other.bin", 0, 8)])

    def virtual(file):
        layout = h5py.VirtualLayout((2,), "float32")
        layout[:] = h5py.VirtualSource("other.h5", "x", (2,))
        file.create_virtual_dataset("x", layout)

    def hard_link(file):
        file["x"] = numbers("float32", 2)
        file["y"] = file["x"]

    def cycle(file):
        group = file.create_group("a/b")
        group["a"] = file["a"]

    return {
        "soft_link": lambda file: file.__setitem__("x", h5py.SoftLink("/y")),
        "external_link": lambda file: file.__setitem__("x", h5py.ExternalLink("other.h5", "/y")),
        "external_storage": external_storage,
        "virtual": virtual,
        "hard_link": hard_link,
        "cycle": cycle,
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    write("types", types)
    write("unread", unread)
    write("many", many)
    write("long_header", long_header)
    write("named_in_utf8", named_in_utf8)
    write("latest", latest, libver="latest")
    write("dense_attributes", lambda file: [file.attrs.create(str(i), i) for i in range(9)], libver="latest")
    write("dense", lambda file: [file.create_group(str(i)) for i in range(9)], libver="latest", track_order=True)
    for name, content in links().items():
        write(name, content)
