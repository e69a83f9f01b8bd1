#!/usr/bin/env python3
"""The benchmark's training job (data.py) in JAX: one compiled scan per epoch.

Prints one line of JSON.
"""

import functools
import os
import time

import jax
import jax.numpy as jnp
import numpy as np

import data

ACTIVATIONS = {"sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu}
BETA_1, BETA_2, EPSILON, LEARNING_RATE = 0.9, 0.999, 1e-7, 1e-3


def make_params(features: int, units: list[int], key: jax.Array) -> list[dict[str, jax.Array]]:
    params = []
    for width in [*units, data.CLASSES]:
        key, own = jax.random.split(key)
        kernel = jax.nn.initializers.glorot_uniform()(own, (features, width))
        params.append({"kernel": kernel, "bias": jnp.zeros(width)})
        features = width
    return params


def logits_of(params, x: jax.Array, activation: str) -> jax.Array:
    for layer in params[:-1]:
        x = ACTIVATIONS[activation](x @ layer["kernel"] + layer["bias"])
    return x @ params[-1]["kernel"] + params[-1]["bias"]


def loss_of(params, x: jax.Array, y: jax.Array, activation: str) -> jax.Array:
    chances = jax.nn.log_softmax(logits_of(params, x, activation))
    return -jnp.take_along_axis(chances, y[:, None], 1).mean()


def adam(params, gradients, state):
    """Keras's form: epsilon is added to the root of the uncorrected v."""
    m, v, step = state
    step = step + 1
    m = jax.tree.map(lambda m, g: m + (1 - BETA_1) * (g - m), m, gradients)
    v = jax.tree.map(lambda v, g: v + (1 - BETA_2) * (g * g - v), v, gradients)
    rate = LEARNING_RATE * jnp.sqrt(1 - BETA_2**step) / (1 - BETA_1**step)
    params = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + EPSILON), params, m, v)
    return params, (m, v, step)


def train_step(carry, batch, activation: str):
    params, state = carry
    loss, gradients = jax.value_and_grad(loss_of)(params, *batch, activation)
    return adam(params, gradients, state), loss * len(batch[0])


@functools.partial(jax.jit, static_argnames=("batch_size", "activation", "unroll"))
def train_epoch(carry, x, y, *, batch_size: int, activation: str, unroll: int):
    step = functools.partial(train_step, activation=activation)
    whole = len(x) // batch_size * batch_size
    batches = (x[:whole].reshape(-1, batch_size, x.shape[1]), y[:whole].reshape(-1, batch_size))
    carry, losses = jax.lax.scan(step, carry, batches, unroll=unroll)
    total = losses.sum()
    if whole < len(x):
        carry, loss = step(carry, (x[whole:], y[whole:]))
        total += loss
    return carry, total / len(x)


@functools.partial(jax.jit, static_argnames="activation")
def validate(params, x, y, *, activation: str):
    logits = logits_of(params, x, activation)
    chances = jax.nn.log_softmax(logits)
    return -jnp.take_along_axis(chances, y[:, None], 1).mean(), (logits.argmax(1) == y).mean()


@jax.jit
def permuted(x, y, order):
    return x[order], y[order]


def main() -> None:
    parser = data.parser(__doc__)
    parser.add_argument(
        "--unroll", type=int, default=1, help="scan steps unrolled into one loop iteration"
    )
    job = parser.parse_args()

    # XLA fixes its number of threads when the first array is created: the number of CPUs that the
    # process may use. So limit them first.
    cpus = sorted(os.sched_getaffinity(0))[: job.threads]
    os.sched_setaffinity(0, cpus)
    train, test = data.load(job)
    x, y, x_test, y_test = map(jnp.asarray, (train.x, train.y, test.x, test.y))

    options = {"activation": job.activation}
    train_options = {"batch_size": job.batch_size, "unroll": job.unroll, **options}

    def fresh():
        params = make_params(x.shape[1], data.widths(job), jax.random.key(0))
        zeros = jax.tree.map(jnp.zeros_like, params)
        return params, (zeros, zeros, jnp.zeros((), jnp.int32))

    begin = time.perf_counter()
    carry, _ = train_epoch(fresh(), jnp.zeros_like(x), jnp.zeros_like(y), **train_options)
    if job.validation:
        validate(carry[0], x_test, y_test, **options)
    jax.block_until_ready(carry)
    compile_seconds = time.perf_counter() - begin

    carry = fresh()
    orders = np.random.default_rng(0)
    jax.block_until_ready(permuted(x, y, orders.permutation(len(x))))
    epoch_seconds, shuffle_seconds, accuracy = [], 0.0, None
    for _ in range(job.epochs):
        begin = time.perf_counter()
        batches = jax.block_until_ready(permuted(x, y, orders.permutation(len(x))))
        shuffled = time.perf_counter()
        carry, loss = train_epoch(carry, *batches, **train_options)
        if job.validation:
            accuracy = float(validate(carry[0], x_test, y_test, **options)[1])
        jax.block_until_ready(carry)
        epoch_seconds.append(time.perf_counter() - shuffled)
        shuffle_seconds += shuffled - begin

    data.report(
        job,
        "JAX",
        jax.__version__,
        {"unroll": job.unroll},
        epoch_seconds,
        compile_seconds,
        accuracy,
        shuffle_seconds,
    )


if __name__ == "__main__":
    main()
