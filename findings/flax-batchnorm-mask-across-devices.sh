#!/bin/bash
# flax 0.12.8: BatchNorm with a mask and an axis_name takes the mean of each device's masked mean. Where
# devices hold different numbers of positions the mask selects, as in a last batch that is padded, the
# statistics are not those of the selected positions, and where one device holds only padding, they are
# NaN on every device. It is so in linen and in nnx.
# Right would be the mean and the variance of the selected positions, whichever device holds them: the
# documentation says that axis_name combines the statistics and that the mask selects the positions.
# One device has them so, and so has the same layer under jit with the batch on two devices. The guess
# before running it was a mean of means.
# Seen on 2026-12-01, with Python 3.11 and JAX 0.10.2: mean and variance of 1, 2, 3 and of 1, 2, the rest
# of a batch of four masked; two devices hold two rows each:
#     linen, one device: 2.0000, 0.6667; 1.5000, 0.2500
#     linen, jit on two devices: 2.0000, 0.6667; 1.5000, 0.2500
#     linen, pmap on two devices: 2.2500, 0.6875; nan, nan
#     nnx, one device: 2.0000, 0.6667; 1.5000, 0.2500
#     nnx, jit on two devices: 2.0000, 0.6667; 1.5000, 0.2500
#     nnx, pmap on two devices: 2.2500, 0.6875; nan, nan
# Reported: not yet with masks; google/flax#2417, closed, is about batch sizes that differ.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install flax==0.12.8 jax==0.10.2 || exit 2
seen=$(cd "$folder" && JAX_PLATFORMS=cpu XLA_FLAGS=--xla_force_host_platform_device_count=2 \
  venv/bin/python 2>/dev/null - <<'PYTHON'
import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx

x = np.array([[1], [2], [3], [100]], "float32")
rows = jax.sharding.NamedSharding(jax.make_mesh((2,), ("rows",)), jax.sharding.PartitionSpec("rows"))


def linen_statistics(x, mask, axis_name=None):
    layer = linen.BatchNorm(use_running_average=False, momentum=0.0, axis_name=axis_name)
    variables = {"params": {"scale": jnp.ones(1), "bias": jnp.zeros(1)},
                 "batch_stats": {"mean": jnp.zeros(1), "var": jnp.ones(1)}}
    _, changed = layer.apply(variables, x, mask=mask, mutable=["batch_stats"])
    return changed["batch_stats"]["mean"], changed["batch_stats"]["var"]


def nnx_statistics(x, mask, axis_name=None):
    layer = nnx.BatchNorm(1, momentum=0.0, axis_name=axis_name, rngs=nnx.Rngs(0))
    layer(x, use_running_average=False, mask=mask)
    return layer.mean[...], layer.var[...]


def on_two_by_jit(statistics, x, mask):
    return jax.jit(statistics)(jax.device_put(x, rows), jax.device_put(mask, rows))


def on_two_by_pmap(statistics, x, mask):
    parallel = jax.pmap(lambda x, mask: statistics(x, mask, "rows"), axis_name="rows")
    return [v[0] for v in parallel(x.reshape(2, 2, 1), mask.reshape(2, 2, 1))]


def one(statistics, x, mask):
    return statistics(x, mask)


for name, statistics in ("linen", linen_statistics), ("nnx", nnx_statistics):
    for way, run in (("one device", one), ("jit on two devices", on_two_by_jit),
                     ("pmap on two devices", on_two_by_pmap)):
        masks = [np.arange(4)[:, None] < valid for valid in (3, 2)]
        pairs = [[float(v[0]) for v in run(statistics, x, mask)] for mask in masks]
        print(f"{name}, {way}: " + "; ".join(f"{mean:.4f}, {var:.4f}" for mean, var in pairs))
PYTHON
) || exit 2
expected='linen, one device: 2.0000, 0.6667; 1.5000, 0.2500
linen, jit on two devices: 2.0000, 0.6667; 1.5000, 0.2500
linen, pmap on two devices: 2.2500, 0.6875; nan, nan
nnx, one device: 2.0000, 0.6667; 1.5000, 0.2500
nnx, jit on two devices: 2.0000, 0.6667; 1.5000, 0.2500
nnx, pmap on two devices: 2.2500, 0.6875; nan, nan'
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
