#!/usr/bin/env python3
"""Makes npz/: archives that Python's zipfile writes, and arrays that NumPy saves.

stored.zip, deflated.zip and streamed.zip (which has sizes behind each member's data) hold metadata.json,
numbers.txt with the numbers from 0 to 999, a line each, and the empty assets/é. savez.npz and
savez_compressed.npz hold an array of each dtype and of several orders and shapes; element i is 3i - 7, for
bool whether 3i - 7 is even.

    python3 tests/goldens/make_npz.py
"""

import io
import pathlib
import zipfile

import numpy as np

FOLDER = pathlib.Path(__file__).parent / "npz"


class Stream(io.BytesIO):
    def seekable(self):
        return False

    def tell(self):
        raise OSError


def archive(name, method, stream):
    with zipfile.ZipFile(stream, "w") as file:
        for member, text in (("metadata.json", '{"keras_version": "3.15.1"}'),
                             ("numbers.txt", "".join(f"{i}\n" for i in range(1000))), ("assets/é", "")):
            info = zipfile.ZipInfo(member)
            info.compress_type = method
            file.writestr(info, text)
    (FOLDER / f"{name}.zip").write_bytes(stream.getvalue())


def numbers(dtype, *shape):
    values = np.arange(np.prod(shape, dtype=int)) * 3 - 7
    return (values % 2 == 0 if dtype == "?" else values.astype(dtype)).reshape(shape)


def arrays():
    made = {f"{np.dtype(dtype).name}": numbers(dtype, 2, 3) for dtype in ("u1", "i4", "i8", "f4", "f8", "?")}
    made |= {f"big/{np.dtype(dtype).name}": numbers(dtype, 2, 3) for dtype in (">i4", ">i8", ">f4", ">f8")}
    made |= {"scalar": numbers("f4"), "none": numbers("f4", 0, 4), "one": numbers("i8", 1),
             "eight_axes": numbers("u1", 2, 1, 1, 2, 1, 3, 1, 1)}
    made |= {"fortran/two": np.asfortranarray(numbers("f4", 4, 5)),
             "fortran/three": np.asfortranarray(numbers("i4", 2, 3, 4)),
             "fortran/big": np.asfortranarray(numbers(">f8", 3, 2))}
    return made


FOLDER.mkdir(exist_ok=True)
archive("stored", zipfile.ZIP_STORED, io.BytesIO())
archive("deflated", zipfile.ZIP_DEFLATED, io.BytesIO())
archive("streamed", zipfile.ZIP_DEFLATED, Stream())
np.savez(FOLDER / "savez.npz", **arrays())
np.savez_compressed(FOLDER / "savez_compressed.npz", **arrays())
