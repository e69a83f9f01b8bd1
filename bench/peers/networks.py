"""The networks of convnets.py, their options and data, the same for every framework."""

import argparse
import dataclasses
import json
import os
import resource

import numpy as np

import data


@dataclasses.dataclass(frozen=True)
class Conv:
    filters: int
    size: int
    activation: str
    padding: str = "valid"


@dataclasses.dataclass(frozen=True)
class Pool:
    """Over 2 × 2."""

    kind: str


@dataclasses.dataclass(frozen=True)
class Dropout:
    rate: float


@dataclasses.dataclass(frozen=True)
class Dense:
    """Without an activation it is the last layer, whose softmax the loss computes."""

    units: int
    activation: str = ""


NETWORKS = {
    "mnist_convnet": [
        Conv(32, 3, "relu"),
        Pool("max"),
        Conv(64, 3, "relu"),
        Pool("max"),
        Dropout(0.5),
        Dense(10),
    ],
    "lenet5": [
        Conv(6, 5, "tanh", "same"),
        Pool("average"),
        Conv(16, 5, "tanh"),
        Pool("average"),
        Dense(120, "tanh"),
        Dense(84, "tanh"),
        Dense(10),
    ],
    "narrow": [Conv(8, 3, "relu"), Pool("max"), Dense(64, "relu"), Dense(10)],
}
SIDE, BATCH = 28, 128


def parser(description: str) -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=description)
    add = result.add_argument
    add("network", choices=NETWORKS)
    add("--data-dir", default="", help="holds mnist/; before CORNU_DATASETS")
    add("--samples", type=int, default=60_000, help="training samples, from the start")
    add("--epochs", type=int, default=3, help="timed, after one that warms up")
    add("--threads", type=int, default=len(os.sched_getaffinity(0)))
    add("--evaluate", action="store_true", help="times the evaluation of the test images instead")
    add("--batch-size", type=int, default=BATCH)
    return result


def load(job: argparse.Namespace) -> tuple[data.Samples, data.Samples]:
    """The samples for training and for tests; x as (n, 28, 28, 1)."""
    place = argparse.Namespace(dataset="mnist", data_dir=job.data_dir)
    x, y, x_test, y_test = map(data.read_idx, data.find(place))
    train, test = (
        data.Samples(x.reshape(-1, SIDE, SIDE, 1).astype(np.float32) / 255, y.astype(np.int64))
        for x, y in [(x[: job.samples], y[: job.samples]), (x_test, y_test)]
    )
    return train, test


def report(job: argparse.Namespace, version: str, seconds: list[float]) -> None:
    """One line of JSON; the first of the seconds, a warm-up, is apart."""
    line = {
        "version": version,
        "warm_up_seconds": seconds[0],
        "seconds": seconds[1:],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }
    print(json.dumps(line), flush=True)
