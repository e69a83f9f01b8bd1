#!/usr/bin/env python3
"""Makes the embedded `digits` set from digits.png of Debian's package opencv-doc.

The picture is 2000 x 1000 grey pixels: 50 rows of 100 tiles of 20 x 20, five rows per class.
The tiles are written interleaved (first 0, first 1, ... first 9, second 0, ...), so the label
of image i is i mod 10, and the first 4,000 images are each class's first 400.

    python3 tools/make_digits.py path/to/digits.png
    python3 tools/make_digits.py              # downloads the package with apt-get

Needs NumPy and Pillow. Prints the SHA-256 of picture, payload and file.
"""

import argparse
import gzip
import hashlib
import io
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

PACKAGE = "opencv-doc"
PICTURE = "usr/share/doc/opencv-doc/examples/data/digits.png"
PIXELS_SHA256 = "f331411c6b9042ee1588ce7897122ce97b987dbfcde229ea12a26a4ad6e25cd7"
PAYLOAD_SHA256 = "bdba5913b0150ce75b22577b51c8fdacaa2bcfbf2fb430c4d2f1da31c8a91709"

CLASSES, TILES_A_CLASS, TILES_A_ROW, SIDE = 10, 500, 100, 20
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "src/cornu/datasets"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def picture_from_debian():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["apt-get", "download", PACKAGE], cwd=folder, check=True)
        (package,) = pathlib.Path(folder).glob("*.deb")
        subprocess.run(["dpkg", "-x", package.name, "."], cwd=folder, check=True)
        plain = pathlib.Path(folder, PICTURE)
        if plain.exists():
            return plain.read_bytes()
        return gzip.decompress(plain.with_name(plain.name + ".gz").read_bytes())


def tiles(pixels):
    rows_a_class = TILES_A_CLASS // TILES_A_ROW
    by_class = (
        pixels.reshape(CLASSES, rows_a_class, SIDE, TILES_A_ROW, SIDE)
        .transpose(0, 1, 3, 2, 4)
        .reshape(CLASSES, TILES_A_CLASS, SIDE, SIDE)
    )
    return by_class.transpose(1, 0, 2, 3).reshape(-1, SIDE, SIDE)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("picture", nargs="?", help="digits.png; downloaded if not given")
    parser.add_argument("--output", type=pathlib.Path, default=OUTPUT, help="folder to write to")
    arguments = parser.parse_args()

    data = (
        pathlib.Path(arguments.picture).read_bytes()
        if arguments.picture
        else picture_from_debian()
    )
    pixels = np.asarray(Image.open(io.BytesIO(data)))
    if pixels.shape != (1000, 2000) or pixels.dtype != np.uint8:
        sys.exit(f"expected a 2000 x 1000 grey picture, got {pixels.shape} of {pixels.dtype}")
    # The hash of the pixels, not of the file: another release may compress the picture differently.
    if sha256(pixels.tobytes()) != PIXELS_SHA256:
        sys.exit("this is another picture: the SHA-256 of its pixels differs")

    images = tiles(pixels)
    payload = struct.pack(">4B3I", 0, 0, 8, 3, len(images), SIDE, SIDE) + images.tobytes()
    if sha256(payload) != PAYLOAD_SHA256:
        sys.exit(f"payload differs: {sha256(payload)}")

    file = arguments.output / "digits-images-idx3-ubyte.gz"
    file.write_bytes(gzip.compress(payload, compresslevel=9, mtime=0))
    print("picture", sha256(data))
    print("payload", sha256(payload), len(payload), "bytes")
    print("file   ", sha256(file.read_bytes()), file.stat().st_size, "bytes", file)


if __name__ == "__main__":
    main()
