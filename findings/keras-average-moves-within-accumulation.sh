#!/bin/bash
# keras 3.15.1: with gradient_accumulation_steps, use_ema averages the weights at every batch, not at
# every update. Four batches of one sample then leave another average, and with it another model after
# fit, than one batch of the same four. With ema_overwrite_frequency the weights change at batches that
# update nothing: here batch 13 of 16 replaces them.
# Right would be one average for each update: the documentation says that neither the model's nor the
# optimizer's variables change between updates, and that the frequency counts updates. The guess before
# running it was that the average moves at each batch.
# Seen on 2026-12-01, with Python 3.11 and JAX 0.10.2, as with TensorFlow 2.21.0 and PyTorch 2.13.0: the
# average after each update, and the batches at which the weight changes:
#     use_ema, batches of 4: average 1.0, 1.5, 2.25, 3.125; weight changes at 1, 2, 3, 4
#     use_ema, 4 batches of 1: average 1.0, 1.5, 2.46875, 3.466796875; weight changes at 4, 8, 12, 16
#     overwritten every 2, batches of 4: average 1.0, 1.5, 2.0, 2.75; weight changes at 1, 2, 3, 4
#     overwritten every 2, 4 batches of 1: average 1.0, 1.5, 2.0, 2.75; weight changes at 4, 8, 12, 13, 16
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install keras==3.15.1 jax==0.10.2 || exit 2
seen=$(cd "$folder" && KERAS_BACKEND=jax "$folder/venv/bin/python" 2>/dev/null - <<'PYTHON'
import keras
import numpy as np


def train(batch, steps, **options):
    model = keras.Sequential([keras.Input((1,)),
                              keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    # The gradient is -1 wherever the weight is.
    model.compile(keras.optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5, **options),
                  lambda y_true, y_pred: -y_true * y_pred)
    ones = np.ones((batch, 1), "float32")
    averages, changes, before = [], [], 0.0
    for i in range(1, 4 * steps + 1):
        model.train_on_batch(ones, ones)
        weight = model.get_weights()[0].item()
        if weight != before:
            changes.append(i)
        before = weight
        if i % steps == 0:
            averages += [np.array(v).item() for v in model.optimizer.variables if "average" in v.path]
    return (f"average {', '.join(map(str, averages))}; "
            f"weight changes at {', '.join(map(str, changes))}")


for name, options in ("use_ema", {}), ("overwritten every 2", {"ema_overwrite_frequency": 2}):
    print(f"{name}, batches of 4: {train(4, 1, **options)}")
    print(f"{name}, 4 batches of 1: {train(1, 4, gradient_accumulation_steps=4, **options)}")
PYTHON
) || exit 2
expected='use_ema, batches of 4: average 1.0, 1.5, 2.25, 3.125; weight changes at 1, 2, 3, 4
use_ema, 4 batches of 1: average 1.0, 1.5, 2.46875, 3.466796875; weight changes at 4, 8, 12, 16
overwritten every 2, batches of 4: average 1.0, 1.5, 2.0, 2.75; weight changes at 1, 2, 3, 4
overwritten every 2, 4 batches of 1: average 1.0, 1.5, 2.0, 2.75; weight changes at 4, 8, 12, 13, 16'
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
