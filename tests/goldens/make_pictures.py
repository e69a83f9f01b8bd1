#!/usr/bin/env python3
"""Makes pictures/: small PNG and JPEG files of every kind, and expected.npz with the pixels of each, upright,
(height, width, channels). PNG files are written by pypng, their pixels are known; those of JPEG files are
Pillow's.

    pip install numpy Pillow pypng
    python3 tests/goldens/make_pictures.py
"""

import pathlib
import struct
import zlib

import numpy as np
import PIL.Image
import PIL.ImageOps
import png

FOLDER = pathlib.Path(__file__).parent / "pictures"
HEIGHT, WIDTH = 5, 7
expected = {}


def numbers(channels, most=256):
    return (np.arange(HEIGHT * WIDTH * channels).reshape(HEIGHT, WIDTH, channels) * 37 + 11) % most


def write_png(name, stored, pixels, **options):
    rows = stored.reshape(HEIGHT, -1)
    with (FOLDER / f"{name}.png").open("wb") as file:
        png.Writer(WIDTH, HEIGHT, **options).write(file, rows.tolist())
    expected[f"{name}.png"] = np.asarray(pixels, np.uint8)


def add_chunk(name, source, kind, data):
    """The same picture with a chunk behind the first one."""
    whole = (FOLDER / f"{source}.png").read_bytes()
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    end = 8 + 25  # of the signature and IHDR
    (FOLDER / f"{name}.png").write_bytes(whole[:end] + chunk + whole[end:])


def tiff(orientation, order="<"):
    begin = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return begin + struct.pack(order + "IH", 8, 1) + entry + bytes(4)


def pngs():
    for channels, name in ((1, "grey"), (2, "grey_opacity"), (3, "colours"), (4, "colours_opacity")):
        kind = {"greyscale": channels <= 2, "alpha": channels % 2 == 0}
        write_png(name, numbers(channels), numbers(channels), **kind)
        write_png(f"{name}_interlaced", numbers(channels), numbers(channels), interlace=True, **kind)
        deep = numbers(channels, 65536) * 1723 % 65536
        write_png(f"{name}_16", deep, (deep + 128) // 257, bitdepth=16, **kind)
    for bits in (1, 2, 4):
        most = 2**bits - 1
        write_png(f"grey_{bits}", numbers(1, most + 1), numbers(1, most + 1) * 255 // most, greyscale=True,
                  bitdepth=bits)
    palette = [(i * 40 % 256, i * 90 % 256, i * 13 % 256) for i in range(8)]
    index = numbers(1, 8)[..., 0]
    write_png("palette", index, np.array(palette)[index], palette=palette, bitdepth=4)
    clear = [each + (i * 36,) for i, each in enumerate(palette)]
    write_png("palette_opacity", index, np.array(clear)[index], palette=clear, bitdepth=8)
    grey = numbers(1)
    opaque = np.where(grey == grey[0, 0], 0, 255)
    write_png("grey_one_clear", grey, np.concatenate([grey, opaque], -1), greyscale=True,
              transparent=int(grey[0, 0, 0]))
    # Gamma is ignored, as Pillow and OpenCV do.
    add_chunk("colours_gamma", "colours", b"gAMA", struct.pack(">I", 100_000))
    expected["colours_gamma.png"] = expected["colours.png"]
    for orientation in range(1, 9):
        name = f"colours_turned_{orientation}"
        add_chunk(name, "colours", b"eXIf", tiff(orientation, "><"[orientation % 2]))
        with PIL.Image.open(FOLDER / f"{name}.png") as picture:
            expected[f"{name}.png"] = np.asarray(PIL.ImageOps.exif_transpose(picture))


def write_jpeg(name, picture, **options):
    picture.save(FOLDER / f"{name}.jpg", quality=90, **options)
    with PIL.Image.open(FOLDER / f"{name}.jpg") as found:
        pixels = np.asarray(PIL.ImageOps.exif_transpose(found))
    expected[f"{name}.jpg"] = pixels.reshape(*pixels.shape[:2], -1)


def jpegs():
    y, x = np.mgrid[0:20, 0:30]
    smooth = np.stack([x * 8, y * 12, 255 - x * 4 - y * 6], -1).astype(np.uint8)
    colours = PIL.Image.fromarray(smooth)
    write_jpeg("colours", colours)
    write_jpeg("colours_444", colours, subsampling=0)
    write_jpeg("colours_progressive", colours, progressive=True)
    write_jpeg("grey", colours.convert("L"))
    for orientation in range(1, 9):
        write_jpeg(f"colours_turned_{orientation}", colours, exif=b"Exif\0\0" + tiff(orientation))
    write_jpeg("inks", colours.convert("CMYK"))
    ink = expected["inks.jpg"].astype(int)
    through = 255 - ink  # Pillow turns Adobe's inverted inks
    expected["inks.jpg"] = ((through[..., :3] * through[..., 3:] + 127) // 255).astype(np.uint8)


def resized():
    """As Pillow does, whose filter widens where a picture shrinks."""
    whole = expected["colours.jpg"]
    sizes = ((7, 9), (40, 61), (20, 5), (1, 1), (3, 100))
    arrays = {f"{height}x{width}": np.asarray(PIL.Image.fromarray(whole).resize(
        (width, height), PIL.Image.Resampling.BILINEAR)) for height, width in sizes}
    np.savez_compressed(FOLDER / "resized.npz", whole=whole, **arrays)


pngs()
jpegs()
resized()
np.savez_compressed(FOLDER / "expected.npz", **expected)
print(len(expected), "pictures")
