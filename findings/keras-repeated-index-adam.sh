#!/bin/bash
# keras 3.15.1 on TensorFlow 2.21.0: the gradient of an Embedding is sparse, with one entry for each
# place at which an index occurs. Where an index occurs twice in a batch, optimizers add the squares
# of its two gradients, not the square of their sum: Adam, RMSprop and Adagrad then move its vector
# by another amount than the same network with a one-hot product instead of the Embedding, and than
# Keras on JAX, whose gradient is dense. SGD is linear and agrees. In text nearly every batch repeats
# an index.
# Right would be the square of the gradient. The guess before running it was that the entries of an
# index are summed first, and that all four agree.
# Seen on 2026-11-30, with Python 3.11: after one step, the second moment of index 1, which occurs
# twice, and of index 3, which occurs once, by the Embedding and by the one-hot product:
#     adam: 1: 0.00050, 0.00100; 3: 0.00100, 0.00100
#     rmsprop: 1: 0.05000, 0.10000; 3: 0.10000, 0.10000
#     adagrad: 1: 0.50000, 1.00000; 3: 1.00000, 1.00000
#     sgd: equal weights
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install keras==3.15.1 tensorflow-cpu==2.21.0 || exit 2
seen=$(cd "$folder" && KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 \
  "$folder/venv/bin/python" 2>/dev/null - <<'PYTHON'
import keras
import numpy as np

ids = np.array([[1, 1, 3, 3]]).T
# The gradient of each row's output is its weight: 0.5 + 0.5 for index 1, 1 + 0 for index 3.
factor = np.array([[0.5, 0.5, 1.0, 0.0]], "float32").T


def step(optimizer, embedding):
    if embedding:
        layers = [keras.Input((1,)), keras.layers.Embedding(4, 1), keras.layers.Flatten()]
    else:
        layers = [keras.Input((4,)), keras.layers.Dense(1, use_bias=False)]
    model = keras.Sequential(layers)
    model.set_weights([np.zeros((4, 1), "float32")])
    model.compile(optimizer, lambda y_true, y_pred: 4 * y_true * y_pred)
    model.train_on_batch(ids if embedding else np.eye(4, dtype="float32")[ids[:, 0]], factor)
    return model


def second_moment(model):
    names = ("velocity", "accumulator")
    return [np.array(v) for v in model.optimizer.variables if v.path.endswith(names)][-1][:, 0]


for name, options in [("Adam", {}), ("RMSprop", {}), ("Adagrad", {"initial_accumulator_value": 0.0})]:
    make = getattr(keras.optimizers, name)
    sparse, dense = (second_moment(step(make(**options), kind)) for kind in (True, False))
    print(f"{name.lower()}: " + "; ".join(f"{i}: {sparse[i]:.5f}, {dense[i]:.5f}" for i in (1, 3)))
sparse, dense = (step(keras.optimizers.SGD(), kind).get_weights()[0] for kind in (True, False))
print("sgd: " + ("equal weights" if np.array_equal(sparse, dense) else "other weights"))
PYTHON
) || exit 2
expected='adam: 1: 0.00050, 0.00100; 3: 0.00100, 0.00100
rmsprop: 1: 0.05000, 0.10000; 3: 0.10000, 0.10000
adagrad: 1: 0.50000, 1.00000; 3: 1.00000, 1.00000
sgd: equal weights'
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
