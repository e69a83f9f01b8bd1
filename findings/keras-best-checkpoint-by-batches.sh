#!/bin/bash
# keras 3.15.1: ModelCheckpoint(save_best_only=True, save_freq=N) raises at its second save, within
# the first epoch, as it learns whether smaller or larger is better at the end of an epoch only. The
# first save succeeds, since there is nothing to compare with. mode="min" does not help.
# Right would be to save whenever the logs of the epoch's steps so far are better, as the
# documentation of both options says; the guess before running it was that it does.
# Seen on 2026-11-29, with jax 0.10.2 and Python 3.11:
#     epoch auto: ran, saved
#     4 auto: TypeError: 'NoneType' object is not callable, saved
#     4 min: TypeError: 'NoneType' object is not callable, saved
#     8 auto: ran, saved
# (With 8 batches in an epoch save_freq=8 compares for the first time after the first epoch.)
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install keras==3.15.1 jax==0.10.2 numpy==2.4.6 || exit 2
seen=$(cd "$folder" && KERAS_BACKEND=jax "$folder/venv/bin/python" 2>/dev/null - <<'PYTHON'
import os

import keras
import numpy as np

x = np.linspace(-1, 1, 256).reshape(64, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)
for freq, mode in ("epoch", "auto"), (4, "auto"), (4, "min"), (8, "auto"):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    best = keras.callbacks.ModelCheckpoint("best.keras", monitor="loss", mode=mode,
                                           save_best_only=True, save_freq=freq)
    try:
        model.fit(x, y, batch_size=8, epochs=2, verbose=0, callbacks=[best])
        ended = "ran"
    except TypeError as error:
        ended = f"TypeError: {error}"
    print(f"{freq} {mode}: {ended}, {'saved' if os.path.exists('best.keras') else 'not saved'}")
    if os.path.exists("best.keras"):
        os.remove("best.keras")
PYTHON
) || exit 2
expected="epoch auto: ran, saved
4 auto: TypeError: 'NoneType' object is not callable, saved
4 min: TypeError: 'NoneType' object is not callable, saved
8 auto: ran, saved"
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
