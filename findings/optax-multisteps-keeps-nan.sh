#!/bin/bash
# optax 0.2.8: a gradient that is not finite never leaves the accumulator of MultiSteps. The accumulator
# is emptied by a product with zero, and zero times NaN is NaN: every later mean is NaN too. With
# apply_if_finite inside, which is there to survive a few such gradients, one NaN ends the training:
# the weight stands still for max_consecutive_errors updates and is then NaN itself.
# Right would be what apply_if_finite does with the same means, taken by hand: it skips the one update
# that has the NaN. MultiSteps documents that its accumulator is set back to zero after each update. The
# guess before running it was that the accumulator stays NaN.
# Seen on 2026-12-01, with Python 3.11: a weight after each update by the mean of two gradients, all -1
# but the second, which is NaN, and the accumulator after it:
#     means by hand: 0.0, 1.0, 2.0, 3.0
#     MultiSteps: 0.0, 0.0, nan, nan; accumulator: nan, nan, nan, nan
#     MultiSteps, all finite: 1.0, 2.0, 3.0, 4.0; accumulator: 0.0, 0.0, 0.0, 0.0
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install optax==0.2.8 jax==0.10.2 || exit 2
seen=$(cd "$folder" && JAX_PLATFORMS=cpu venv/bin/python 2>/dev/null - <<'PYTHON'
import jax.numpy as jnp
import optax

gradients = [-1.0, float("nan"), -1.0, -1.0, -1.0, -1.0, -1.0, -1.0]
inner = optax.apply_if_finite(optax.sgd(1.0), max_consecutive_errors=2)


def train(optimizer, gradients):
    weight = jnp.array(0.0)
    state = optimizer.init(weight)
    for gradient in gradients:
        update, state = optimizer.update(jnp.array(gradient), state, weight)
        weight = optax.apply_updates(weight, update)
        yield float(weight), state


def written(numbers):
    return ", ".join(f"{number:.1f}" for number in numbers)


def accumulated(gradients):
    updated = list(train(optax.MultiSteps(inner, every_k_schedule=2), gradients))[1::2]
    return (written(weight for weight, _ in updated) + "; accumulator: " +
            written(0.0 + float(state.acc_grads) for _, state in updated))


means = [(a + b) / 2 for a, b in zip(gradients[::2], gradients[1::2])]
print("means by hand:", written(weight for weight, _ in train(inner, means)))
print("MultiSteps:", accumulated(gradients))
print("MultiSteps, all finite:", accumulated([-1.0] * 8))
PYTHON
) || exit 2
expected='means by hand: 0.0, 1.0, 2.0, 3.0
MultiSteps: 0.0, 0.0, nan, nan; accumulator: nan, nan, nan, nan
MultiSteps, all finite: 1.0, 2.0, 3.0, 4.0; accumulator: 0.0, 0.0, 0.0, 0.0'
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
