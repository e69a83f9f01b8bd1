"""The arguments and data of a training job, the same for every framework."""

import argparse
import dataclasses
import gzip
import json
import os
import pathlib
import sys

import numpy as np

IDX_FILES = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
CLASSES = 10
VALIDATION_BATCH = 1000


@dataclasses.dataclass
class Samples:
    """Inputs (n, features) as float32 within 0 ... 1 and labels (n,) as int64."""

    x: np.ndarray
    y: np.ndarray


def parser(description: str) -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=description)
    add = result.add_argument
    add("--dataset", default="mnist", help="mnist, fashion_mnist or synthetic")
    add("--data-dir", default="", help="holds a folder for each data set; before CORNU_DATASETS")
    add("--units", default="64", help="hidden widths, as 256,128")
    add("--activation", default="sigmoid", choices=["sigmoid", "relu"])
    add("--batch-size", type=int, default=128)
    add("--epochs", type=int, default=10)
    add("--samples", type=int, help="number of training samples, from the start")
    add("--density", type=float, help="fraction of non-zero synthetic bytes")
    add("--all-ones", action="store_true", help="every synthetic byte is 255")
    add("--no-validation", dest="validation", action="store_false")
    add("--threads", type=int, default=len(os.sched_getaffinity(0)))
    return result


def widths(job: argparse.Namespace) -> list[int]:
    return [int(units) for units in job.units.split(",")]


def read_idx(path: pathlib.Path) -> np.ndarray:
    data = gzip.decompress(path.read_bytes())
    shape = np.frombuffer(data, ">u4", data[3], 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def synthetic_bytes(count: int, density: float) -> np.ndarray:
    """The bytes of bench/synthetic.h."""
    h = np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    h ^= h >> np.uint64(32)
    h *= np.uint64(0xD6E8FEB86659FD93)
    h ^= h >> np.uint64(32)
    values = (1 + (h >> np.uint64(32)) % np.uint64(255)).astype(np.uint8)
    return np.where((h & np.uint64(0xFFFFFFFF)) < density * 2.0**32, values, np.uint8(0))


def synthetic(samples: int, job: argparse.Namespace) -> tuple[np.ndarray, np.ndarray]:
    shape = (samples, 28 * 28)
    if job.all_ones:
        x = np.full(shape, 255, np.uint8)
    else:
        x = synthetic_bytes(samples * 28 * 28, job.density).reshape(shape)
    return x, np.arange(samples) % CLASSES


def load(job: argparse.Namespace) -> tuple[Samples, Samples]:
    """The samples for training and for validation."""
    if (job.density is not None or job.all_ones) != (job.dataset == "synthetic"):
        sys.exit("--dataset synthetic goes with --density or --all-ones")
    if job.dataset == "synthetic":
        parts = [synthetic(samples, job) for samples in (job.samples or 60_000, 10_000)]
    else:
        x, y, x_test, y_test = map(read_idx, find(job))
        parts = [(x[: job.samples], y[: job.samples]), (x_test, y_test)]
    train, test = (
        Samples(x.reshape(len(x), -1).astype(np.float32) / 255, y.astype(np.int64))
        for x, y in parts
    )
    return train, test


def find(job: argparse.Namespace) -> list[pathlib.Path]:
    folders = [job.data_dir, *os.environ.get("CORNU_DATASETS", "").split(":")]
    places = [pathlib.Path(folder, job.dataset) for folder in folders if folder]
    places.append(pathlib.Path("/usr/share/datasets", job.dataset.replace("_", "-")))
    for place in places:
        files = [place / f"{stem}-ubyte.gz" for stem in IDX_FILES]
        if all(file.exists() for file in files):
            return files
    sys.exit(f"{job.dataset} not found. Hint: set CORNU_DATASETS to the folder that holds it")


def report(
    job: argparse.Namespace,
    framework: str,
    version: str,
    settings: dict[str, object],
    epoch_seconds: list[float],
    compile_seconds: float,
    val_accuracy: float | None,
    shuffle_seconds: float = 0,
) -> None:
    """One line of JSON. `shuffle_seconds`, spent on the epochs' permuted copies, are not part of
    `epoch_seconds`."""
    line = {
        "framework": framework,
        "version": version,
        "dataset": job.dataset,
        "units": widths(job),
        "activation": job.activation,
        "batch_size": job.batch_size,
        "threads": job.threads,
        "epochs": job.epochs,
        "settings": settings,
        "compile_seconds": compile_seconds,
        "seconds": sum(epoch_seconds),
        "epoch_seconds": epoch_seconds,
        "shuffle_seconds": shuffle_seconds,
        "val_accuracy": val_accuracy,
    }
    print(json.dumps(line), flush=True)
