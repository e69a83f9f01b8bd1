#!/bin/bash
# keras 3.15.1: compile(loss="crossentropy"), or "ce", trains and saves as .h5, and load_model cannot
# open the file: TypeError, with compile=False it opens. The same model as .keras opens, and with
# loss="categorical_crossentropy" the .h5 does. The file keeps the plain name, and the loader reads it
# as if it were a dictionary.
# Right would be a model with the same loss, as from .keras; the guess before running it was that both
# formats open, since save() says nothing.
# Seen on 2026-11-30, with Python 3.11 and JAX 0.10.2:
#     crossentropy: .keras opens, .h5 TypeError, .h5 uncompiled opens
#     ce: .keras opens, .h5 TypeError, .h5 uncompiled opens
#     categorical_crossentropy: .keras opens, .h5 opens, .h5 uncompiled opens
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install keras==3.15.1 jax==0.10.2 || exit 2
cat >"$folder/save.py" <<'PYTHON'
import keras
import numpy as np


def opened(path, **options):
    try:
        keras.models.load_model(path, **options)
        return "opens"
    except Exception as error:
        return type(error).__name__


x = np.zeros((6, 4), "float32")
y = np.eye(3, dtype="float32")[[0, 1, 2, 0, 1, 2]]
for loss in "crossentropy", "ce", "categorical_crossentropy":
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "softmax")])
    model.compile("adam", loss=loss)
    model.fit(x, y, verbose=0)
    model.save("model.keras")
    model.save("model.h5")
    print(f"{loss}: .keras {opened('model.keras')}, .h5 {opened('model.h5')}, "
          f".h5 uncompiled {opened('model.h5', compile=False)}")
PYTHON
seen=$(cd "$folder" && KERAS_BACKEND=jax venv/bin/python save.py 2>/dev/null) || exit 2
expected="crossentropy: .keras opens, .h5 TypeError, .h5 uncompiled opens
ce: .keras opens, .h5 TypeError, .h5 uncompiled opens
categorical_crossentropy: .keras opens, .h5 opens, .h5 uncompiled opens"
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
