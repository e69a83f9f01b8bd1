#!/bin/bash
# keras 3.15.1 with tensorflow-cpu 2.21.0: MaxPooling2D leaves a NaN out of the maximum of its window,
# and a window of NaN alone becomes -3.4e38, the smallest float. GlobalMaxPooling2D and
# AveragePooling2D of the same input are NaN there, and all three are with JAX. So a network whose
# first convolution has become NaN goes on with finite numbers behind its pooling on one backend, and
# shows a NaN loss on the other.
# Right would be NaN everywhere; the guess before running it was that the backends agree, as the
# documentation calls it the maximum over the window.
# Seen on 2026-11-30, with Python 3.11:
#     tensorflow: MaxPooling2D 2.0 -3.4028234663852886e+38, GlobalMaxPooling2D nan, AveragePooling2D nan nan
#     jax: MaxPooling2D nan nan, GlobalMaxPooling2D nan, AveragePooling2D nan nan
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install keras==3.15.1 tensorflow-cpu==2.21.0 jax==0.10.2 || exit 2
cat >"$folder/pool.py" <<'PYTHON'
import keras
import numpy as np

nan = float("nan")
x = np.array([[1, nan, nan, nan], [2, 0, nan, nan]], "float32").reshape(1, 2, 4, 1)
layers = keras.layers
made = layers.MaxPooling2D(2), layers.GlobalMaxPooling2D(), layers.AveragePooling2D(2)
said = [f"{type(each).__name__} " + " ".join(
    str(float(y)) for y in keras.ops.convert_to_numpy(each(x)).ravel()) for each in made]
print(f"{keras.backend.backend()}: " + ", ".join(said))
PYTHON
seen=$(for backend in tensorflow jax; do
  KERAS_BACKEND=$backend TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" "$folder/pool.py" 2>/dev/null
done) || exit 2
expected="tensorflow: MaxPooling2D 2.0 -3.4028234663852886e+38, GlobalMaxPooling2D nan, AveragePooling2D nan nan
jax: MaxPooling2D nan nan, GlobalMaxPooling2D nan, AveragePooling2D nan nan"
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
