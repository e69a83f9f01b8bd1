#!/bin/bash
# keras 3.15.1 on tensorflow-cpu 2.21.0: with set_floatx("float64") the weights, the optimizer's state
# and a plain learning rate are float64, but the rate of every schedule is rounded to float32, so a
# float64 model trained with a schedule is exact to seven digits only.
# Right would be: a float64 rate, because set_floatx sets "the default float precision", and the same
# optimizer has a float64 learning_rate without a schedule. The guess before running it was float64.
# One step of SGD from w = 0 on the squared error of one sample, y = 0.5, has the gradient -1, so the
# weight afterwards is the rate itself: 0.1.
# Seen on 2026-11-29, with Python 3.11:
#     weight after a step with the rate 0.1: 0.1
#     weight after a step with ExponentialDecay(0.1, 10, 0.9): 0.10000000149011612
#     ExponentialDecay: float32, off by 5.8e-09 relative at step 3
#     CosineDecay: float32
#     PolynomialDecay: float32
#     InverseTimeDecay: float32
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install keras==3.15.1 tensorflow-cpu==2.21.0 numpy==2.4.6 || exit 2
seen=$(cd "$folder" && KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" 2>log - <<'PYTHON'
import keras
import numpy as np

keras.config.set_floatx("float64")
schedules = keras.optimizers.schedules


def weight_after_a_step(rate):
    model = keras.Sequential([keras.Input((1,)),
                              keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(rate), "mse")
    model.fit(np.ones((1, 1)), np.full((1, 1), 0.5), verbose=0)
    weight = model.get_weights()[0]
    assert weight.dtype == np.float64
    return weight.item()


print("weight after a step with the rate 0.1:", weight_after_a_step(0.1))
decay = schedules.ExponentialDecay(0.1, 10, 0.9)
print("weight after a step with ExponentialDecay(0.1, 10, 0.9):", weight_after_a_step(decay))
exact = 0.1 * 0.9 ** 0.3
print(f"ExponentialDecay: {decay(3).dtype.name}, off by {abs(float(decay(3)) / exact - 1):.1e} "
      "relative at step 3")
for each in (schedules.CosineDecay(0.1, 10), schedules.PolynomialDecay(0.1, 10, 0.01),
             schedules.InverseTimeDecay(0.1, 10, 0.5)):
    print(f"{type(each).__name__}: {each(3).dtype.name}")
PYTHON
) || { cat "$folder/log"; exit 2; }
expected='weight after a step with the rate 0.1: 0.1
weight after a step with ExponentialDecay(0.1, 10, 0.9): 0.10000000149011612
ExponentialDecay: float32, off by 5.8e-09 relative at step 3
CosineDecay: float32
PolynomialDecay: float32
InverseTimeDecay: float32'
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
