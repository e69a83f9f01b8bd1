#!/usr/bin/env python3
"""Makes activations.safetensors: every activation alone, in Keras.

<name>/<case>/{x, dy}, and {y, dx} in float64, each with the same of float32 as {y, dx}_error.
Case plain lies between -6 and 6, awkward has zeros of both signs, tiny and huge numbers (those
whose result float32 holds). softmax and log_softmax have rows of 1, 10, 16, 17 and 40 numbers
instead.

    python3 tests/goldens/make_activations.py
"""

import numpy as np
from golden_file import save
from golden_numbers import AWKWARD, both, keras, single, spread, value_and_gradients

POINTWISE = (
    "linear sigmoid tanh relu relu6 leaky_relu elu selu gelu silu softplus softsign hard_sigmoid "
    "exponential mish"
).split()
ALONG_ROWS = ("softmax", "log_softmax")


def rows_of(width, rows):
    x = spread(rows * width, 37, 11, 101, -8, 8).reshape(rows, width)
    if width == 10:
        x[1], x[2] = 0.0, 3.25
        x[3], x[4] = AWKWARD[:10], -AWKWARD[:10]
        x[5] = AWKWARD[4:]
        x[6, 9], x[7, 0], x[8, 4] = 1e4, -1e4, 88
        x[9] *= 10
        x[10] = single(x[10] * 1e-3)
        x[11] += 104
    return single(x)


def cases(name):
    if name in ALONG_ROWS:
        sizes = ((1, 2), (10, 12), (16, 3), (17, 3), (40, 3))
        return {f"rows_of_{width}": rows_of(width, rows) for width, rows in sizes}
    awkward = AWKWARD
    if name == "exponential":
        awkward = AWKWARD[AWKWARD <= 88]
    if name == "selu":
        # TensorFlow computes e^-1e-30 - 1, which rounds to 0, so its dx is that of a positive x.
        awkward = AWKWARD[AWKWARD != single(-1e-30)]
    return {"plain": spread(64, 37, 11, 64, -6, 6), "awkward": awkward}


def main():
    tensors = {}
    for name in (*POINTWISE, *ALONG_ROWS):
        for case, x in cases(name).items():
            dy = spread(x.size, 29, 5, 67, -1, 1).reshape(x.shape)

            def run(cast, x=x, dy=dy, name=name):
                function = keras.activations.get(name)
                y, (dx,) = value_and_gradients(function, [cast(x)], cast(dy))
                return {"y": y, "dx": dx}

            place = f"{name}/{case}/"
            tensors |= {place + "x": x, place + "dy": dy}
            tensors |= {place + key: value for key, value in both(run).items()}
    for name, value in tensors.items():
        assert np.isfinite(value).all(), name
    save("activations.safetensors", tensors, "make_activations.py")


if __name__ == "__main__":
    main()
