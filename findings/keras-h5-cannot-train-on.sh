#!/bin/bash
# keras 3.15.1: a model that was compiled, trained and saved as .h5 loads, predicts and evaluates,
# but cannot be trained any further: every fit raises, whatever the optimizer, since the loaded
# optimizer has its variables from before the model's were made. The same model saved as .keras goes
# on. (On TensorFlow 2.21 the error is "Unknown variable: <Variable path=sequential/dense/kernel …".)
# Right would be to go on, with the optimizer's state, which the file holds and load_model reads; the
# guess before running it was that it does.
# Seen on 2026-11-29, with jax 0.10.2 and Python 3.11:
#     model.keras adam: went on
#     model.h5 adam: ValueError: Argument `optimizer_variables` must be a list of tensors
#     model.keras sgd: went on
#     model.h5 sgd: ValueError: Argument `optimizer_variables` must be a list of tensors
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install keras==3.15.1 jax==0.10.2 numpy==2.4.6 || exit 2
seen=$(cd "$folder" && KERAS_BACKEND=jax "$folder/venv/bin/python" 2>/dev/null - <<'PYTHON'
import keras
import numpy as np

x, y = np.ones((8, 4), "float32"), np.eye(2, dtype="float32")[[0, 1] * 4]
for optimizer in "adam", "sgd":
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, "softmax")])
    model.compile(optimizer, "categorical_crossentropy")
    model.fit(x, y, verbose=0)
    for name in "model.keras", "model.h5":
        model.save(name)
        loaded = keras.models.load_model(name)
        assert np.isfinite(loaded.evaluate(x, y, verbose=0))
        try:
            loaded.fit(x, y, verbose=0)
            print(f"{name} {optimizer}: went on")
        except ValueError as error:
            print(f"{name} {optimizer}: ValueError: {str(error)[:56].strip()}")
PYTHON
) || exit 2
expected='model.keras adam: went on
model.h5 adam: ValueError: Argument `optimizer_variables` must be a list of tensors
model.keras sgd: went on
model.h5 sgd: ValueError: Argument `optimizer_variables` must be a list of tensors'
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
