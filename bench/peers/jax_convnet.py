#!/usr/bin/env python3
"""A network of networks.py in JAX: a compiled step, or a scan over steps. Prints a line of JSON."""

import functools
import os
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

import networks
from jax_job import adam

ACTIVATIONS = {"": lambda x: x, "relu": jax.nn.relu, "tanh": jnp.tanh}
WINDOW = (1, 2, 2, 1)


def make_params(name: str, key: jax.Array) -> list[dict[str, jax.Array]]:
    params, channels, side, features = [], 1, networks.SIDE, 0
    for layer in networks.NETWORKS[name]:
        if isinstance(layer, networks.Pool):
            side //= 2
        elif not isinstance(layer, networks.Dropout):
            if isinstance(layer, networks.Conv):
                shape = (layer.size, layer.size, channels, layer.filters)
                side -= 0 if layer.padding == "same" else layer.size - 1
                channels = layer.filters
            else:
                shape = (features or channels * side * side, layer.units)
                features = layer.units
            key, own = jax.random.split(key)
            kernel = jax.nn.initializers.glorot_uniform()(own, shape)
            params.append({"kernel": kernel, "bias": jnp.zeros(shape[-1])})
    return params


def pool(x: jax.Array, kind: str) -> jax.Array:
    if kind == "max":
        return lax.reduce_window(x, -jnp.inf, lax.max, WINDOW, WINDOW, "VALID")
    return lax.reduce_window(x, 0.0, lax.add, WINDOW, WINDOW, "VALID") / 4


def logits_of(params, x: jax.Array, name: str, key: jax.Array | None) -> jax.Array:
    """Dropout without a key is left out."""
    weights = iter(params)
    for layer in networks.NETWORKS[name]:
        if isinstance(layer, networks.Conv):
            own = next(weights)
            x = lax.conv_general_dilated(
                x,
                own["kernel"],
                (1, 1),
                layer.padding.upper(),
                dimension_numbers=("NHWC", "HWIO", "NHWC"),
            )
            x = ACTIVATIONS[layer.activation](x + own["bias"])
        elif isinstance(layer, networks.Pool):
            x = pool(x, layer.kind)
        elif isinstance(layer, networks.Dropout):
            if key is not None:
                kept = jax.random.bernoulli(key, 1 - layer.rate, x.shape)
                x = jnp.where(kept, x / (1 - layer.rate), 0)
        else:
            own = next(weights)
            x = x.reshape(len(x), -1) @ own["kernel"] + own["bias"]
            x = ACTIVATIONS[layer.activation](x)
    return x


def loss_of(params, x: jax.Array, y: jax.Array, name: str, key: jax.Array | None) -> jax.Array:
    chances = jax.nn.log_softmax(logits_of(params, x, name, key))
    return -jnp.take_along_axis(chances, y[:, None], 1).mean()


def step(carry, batch, name: str):
    params, state, key = carry
    key, own = jax.random.split(key)
    loss, gradients = jax.value_and_grad(loss_of)(params, *batch, name, own)
    return (*adam(params, gradients, state), key), loss


def main() -> None:
    parser = networks.parser(__doc__)
    parser.add_argument("--form", default="step", choices=["step", "scan"])
    job = parser.parse_args()
    # XLA fixes its number of threads when the first array is created.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: job.threads])
    train, test = networks.load(job)
    params = make_params(job.network, jax.random.key(0))
    one = functools.partial(step, name=job.network)
    one_step = jax.jit(one, donate_argnums=0)
    scan = jax.jit(lambda carry, batches: lax.scan(one, carry, batches), donate_argnums=0)
    seconds = []

    if job.evaluate:

        @jax.jit
        def scores(params, x, y):
            logits = logits_of(params, x, job.network, None)
            loss = jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1)
            return -loss.sum(), (logits.argmax(1) == y).sum()

        x, y = jnp.asarray(test.x), jnp.asarray(test.y)
        places = range(0, len(x), job.batch_size)
        batches = [(x[i : i + job.batch_size], y[i : i + job.batch_size]) for i in places]
        for _ in range(1 + job.epochs):
            begin = time.perf_counter()
            jax.block_until_ready([scores(params, *batch) for batch in batches])
            seconds.append(time.perf_counter() - begin)
        return networks.report(job, jax.__version__, seconds)

    zeros = jax.tree.map(jnp.zeros_like, params)
    state = (zeros, jax.tree.map(jnp.copy, zeros), jnp.zeros((), jnp.int32))
    carry = (params, state, jax.random.key(1))
    orders = np.random.default_rng(0)
    whole = len(train.x) // job.batch_size * job.batch_size
    for _ in range(1 + job.epochs):
        order = orders.permutation(len(train.x))[:whole].reshape(-1, job.batch_size)
        x, y = jnp.asarray(train.x[order]), jnp.asarray(train.y[order])
        batches = (x, y) if job.form == "scan" else jax.block_until_ready(list(zip(x, y)))
        begin = time.perf_counter()
        if job.form == "scan":
            carry, _ = scan(carry, batches)
        else:
            for batch in batches:
                carry, _ = one_step(carry, batch)
        jax.block_until_ready(carry)
        seconds.append(time.perf_counter() - begin)
    networks.report(job, jax.__version__, seconds)


if __name__ == "__main__":
    main()
