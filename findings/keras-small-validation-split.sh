#!/bin/bash
# keras 3.15.1 with tensorflow-cpu 2.21.0: where the part of image_dataset_from_directory that
# validates has less than one file, subset="validation" is every file, and subset="training" none,
# which raises "No images found": the files are cut at [-0:] and [:-0]. A model is then validated on
# what it trains on, in the class folders of a small set and a split such as 0.1 of nine files.
# Right would be no file to validate, or an error that says so; the guess before running it was an
# error in both cases. Another split of the same files is as it should be.
# Seen on 2026-11-30, with Python 3.11:
#     0.1 of 9 files, validation: 9 files
#     0.1 of 9 files, training: ValueError
#     0.2 of 9 files, validation: 1 files
#     0.2 of 9 files, training: 8 files
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install keras==3.15.1 tensorflow-cpu==2.21.0 pillow==13.0.0 || exit 2
cat >"$folder/split.py" <<'PYTHON'
import pathlib
import sys

import keras
from PIL import Image

folder = pathlib.Path(sys.argv[1])
for i in range(9):
    (folder / "ab"[i % 2]).mkdir(parents=True, exist_ok=True)
    Image.new("L", (4, 4), i).save(folder / "ab"[i % 2] / f"{i}.png")
for split in (0.1, 0.2):
    for subset in ("validation", "training"):
        try:
            data = keras.utils.image_dataset_from_directory(
                folder, validation_split=split, subset=subset, seed=1)
            said = f"{len(data.file_paths)} files"
        except ValueError as error:
            said = type(error).__name__
        print(f"{split} of 9 files, {subset}: {said}")
PYTHON
seen=$(KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" \
  "$folder/split.py" "$folder/pictures" 2>/dev/null | grep " of 9 files, ") || exit 2
expected="0.1 of 9 files, validation: 9 files
0.1 of 9 files, training: ValueError
0.2 of 9 files, validation: 1 files
0.2 of 9 files, training: 8 files"
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
