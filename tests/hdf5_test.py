#!/usr/bin/env python3
"""h5py reads what we write and we read what h5py writes: trees drawn at random, copied by our reader and
writer, are compared entry by entry. Then the same trees with bytes damaged: a copy or an error, never a
signal. h5dump, where it is installed, reads the copies too.

    python3 tests/hdf5_test.py COPY_HDF5 [TREES]

Ends with `N passed, N failed`.
"""

import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np

TYPES = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "?", "S3", "S12"]
LETTERS = "abcdefgh0123456789_:-. éλ\\"
passed = failed = 0


def check(name, good, found=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED:", name, found)


def name(draw, letters=LETTERS):
    text = "".join(draw.choices(letters, k=draw.randint(1, 12)))
    return "x" if text == "." else text


def array(draw, shape):
    dtype = np.dtype(draw.choice(TYPES))
    size = int(np.prod(shape))
    raw = bytes(draw.choices(range(97, 123) if dtype.kind == "S" else range(256), k=size * dtype.itemsize))
    if dtype.kind == "b":
        raw = bytes(byte & 1 for byte in raw)
    return np.frombuffer(raw, dtype).reshape(shape)


def attribute(draw):
    texts = [name(draw) * draw.randint(0, 3) for _ in range(draw.randint(1, 20))]
    return draw.choice([
        draw.choice(texts),
        draw.choice(texts) * draw.choice([1, 100, 5000]),
        np.bytes_(b"fixed"),
        texts,
        np.array([text.encode() for text in texts], "S64"),
        [],
        draw.randint(-2**63, 2**63 - 1),
        draw.uniform(-1, 1),
        draw.random() < 0.5,
        np.array([draw.randint(-99, 99) for _ in texts], draw.choice(["i1", "i4", "i8"])),
        np.array([draw.uniform(-1, 1) for _ in texts], draw.choice(["f2", "f4", "f8"])),
        np.array([True, False]),
    ])


def grow(draw, group, depth):
    for _ in range(draw.choice([0, 1, 3, 30])):
        group.attrs[name(draw)] = attribute(draw)
    entries = draw.choice([0, 1, 8, 9, 40, 400 if depth == 0 else 4])
    for _ in range(entries):
        # A name that is not ASCII makes a heap of a group of more than eight.
        key = name(draw, LETTERS if entries % 2 == 0 else LETTERS.replace("éλ", ""))
        if key in group:
            continue
        if depth < 5 and draw.random() < 0.2:
            grow(draw, group.create_group(key), depth + 1)
        else:
            shape = tuple(draw.randint(0 if draw.random() < 0.1 else 1, 4) for _ in range(draw.randint(0, 6)))
            group[key] = array(draw, shape)
            if draw.random() < 0.2:
                group[key].attrs[name(draw)] = attribute(draw)


def plain(value):
    """An attribute without its representation: bytes are text, and numbers are Python's."""
    value = np.asarray(value)
    if value.dtype.kind == "S":
        value = np.char.decode(value, "utf8")
    return (value.shape, value.tolist()) if value.size else ((0,), [])


def difference(a, b, where=""):
    mine, theirs = ({key: plain(value) for key, value in each.attrs.items()} for each in (a, b))
    if mine != theirs:
        return f"attributes of {where!r}: {mine} and {theirs}"
    if isinstance(a, h5py.Dataset):
        if a.dtype != b.dtype or a.shape != b.shape or a[()].tobytes() != b[()].tobytes():
            return f"{where!r}: {a} and {b}"
        return ""
    if list(a) != list(b):
        return f"entries of {where!r}"
    return next(filter(None, (difference(a[key], b[key], f"{where}/{key}") for key in a)), "")


def damage(draw, data):
    data = bytearray(data)
    for _ in range(draw.choice([1, 1, 3, 20])):
        data[draw.randrange(len(data))] = draw.choice([0, 1, 0x7F, 0xFF, draw.randrange(256)])
    return data[: draw.randrange(len(data))] if draw.random() < 0.1 else data


def main(copy, trees):
    folder = Path(tempfile.mkdtemp())
    run = lambda *words: subprocess.run([copy, *map(str, words)], capture_output=True, text=True)
    h5dump = shutil.which("h5dump")
    for seed in range(trees):
        draw = random.Random(seed)
        ours, theirs, again = folder / "ours.h5", folder / "theirs.h5", folder / "again.h5"
        with h5py.File(theirs, "w") as file:
            grow(draw, file, 0)
        done = run(theirs, ours)
        if done.returncode != 0:
            check(f"tree {seed} is read", False, done.stderr)
            continue
        with h5py.File(theirs) as a, h5py.File(ours) as b:
            found = difference(a, b)
            check(f"tree {seed} is the same", not found, found)
        run(ours, again)
        check(f"tree {seed}: equal content, equal bytes", ours.read_bytes() == again.read_bytes())
        if h5dump:
            dump = subprocess.run([h5dump, ours], capture_output=True, text=True)
            check(f"tree {seed}: h5dump", dump.returncode == 0 and not dump.stderr, dump.stderr)
        for _ in range(5):
            again.write_bytes(damage(draw, theirs.read_bytes()))
            done = run(again, ours)
            check(f"tree {seed}, damaged", done.returncode in (0, 1), done.stderr)
    shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8))
