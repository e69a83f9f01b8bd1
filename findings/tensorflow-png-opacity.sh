#!/bin/bash
# tensorflow-cpu 2.21.0: a PNG of fewer than 8 bits without opacity, decoded into 4 channels, is
# nearly clear: its opacity is 1, 3 or 15 of 255, the largest number of 1, 2 or 4 bits. So Keras's
# image_dataset_from_directory(color_mode="rgba") reads black-and-white drawings as clear ones. Of
# 8 bits the opacity is 255.
# Right would be 255: the picture is opaque, and its own channels are widened from 0 … 1 to 0 … 255;
# Pillow's convert("RGBA") says so too. That is what was guessed before running it.
# Seen on 2026-11-30, with Python 3.11:
#     1 bit: TensorFlow [255, 255, 255, 1], Pillow [255, 255, 255, 255]
#     8 bits: TensorFlow [255, 255, 255, 255], Pillow [255, 255, 255, 255]
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install tensorflow-cpu==2.21.0 pillow==13.0.0 || exit 2
cat >"$folder/opacity.py" <<'PYTHON'
import io

import numpy as np
import tensorflow as tf
from PIL import Image

for text, mode in (("1 bit", "1"), ("8 bits", "L")):
    file = io.BytesIO()
    Image.new("L", (1, 1), 255).convert(mode).save(file, "png")
    found = tf.image.decode_image(file.getvalue(), channels=4).numpy()[0, 0].tolist()
    pillow = np.asarray(Image.open(file).convert("RGBA"))[0, 0].tolist()
    print(f"{text}: TensorFlow {found}, Pillow {pillow}")
PYTHON
seen=$(TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" "$folder/opacity.py" 2>/dev/null) || exit 2
expected="1 bit: TensorFlow [255, 255, 255, 1], Pillow [255, 255, 255, 255]
8 bits: TensorFlow [255, 255, 255, 255], Pillow [255, 255, 255, 255]"
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
