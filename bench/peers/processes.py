#!/usr/bin/env python3
"""Two processes of one thread each beside two threads of one, and beside PyTorch's DDP over Gloo.

They take turns; each trains without validation, and its shortest epoch counts. Medians of the
rounds go to standard output.

    processes.py --build build [--units 1024,1024] [--rounds 5] [--epochs 2]
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile

import runs

ROOT_USER = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


def seconds_of(command: list[str]) -> float:
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | ROOT_USER)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed: {done.stderr[-500:]}")
    epochs = json.loads(done.stdout)
    if "epoch_seconds" in epochs:
        return min(epochs["epoch_seconds"])
    return min(epoch["seconds"] for epoch in epochs["epochs"])


def competitors(options: argparse.Namespace, folder: str) -> dict[str, list[str]]:
    layers = "".join(f"dense({n}, {options.activation}), " for n in options.units.split(","))
    train = [
        str(options.build / "bin/cornu"), "train", options.dataset, "--json", "--no-shuffle",
        "--net", f"flatten, {layers}dense(10, softmax)", "--out", f"{folder}/run",
        "--epochs", str(options.epochs), "--batch-size", str(options.batch_size),
        "--validation-freq", str(options.epochs + 1),
    ]  # fmt: skip
    job = [
        *runs.peer("ddp_job.py"), "--dataset", options.dataset, "--units", options.units,
        "--activation", options.activation, "--epochs", str(options.epochs),
        "--batch-size", str(options.batch_size), "--processes", "2", "--threads", "1",
    ]  # fmt: skip
    result = {
        "two threads": [*train, "--threads", "2"],
        "one thread": [*train, "--threads", "1"],
        "PyTorch DDP, Gloo": job,
    }
    for name, launcher in (("Open MPI", "mpirun.openmpi"), ("MPICH", "mpirun.mpich")):
        if shutil.which(launcher):
            world = [launcher, "-n", "2"]
            result[f"two processes, {name}"] = [*world, *train, "--threads", "1", "--shards", "2"]
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=runs.ROOT / "build")
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--units", default="1024,1024")
    parser.add_argument("--activation", default="relu", choices=["sigmoid", "relu"])
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    times: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            for name, command in competitors(options, folder).items():
                shutil.rmtree(f"{folder}/run", ignore_errors=True)
                times.setdefault(name, []).append(seconds_of(command))
    threads = statistics.median(times["two threads"])
    print(f"784-{options.units}-10, batches of {options.batch_size}, seconds of an epoch")
    for name, each in times.items():
        middle = statistics.median(each)
        print(f"{name:>24} {middle:7.3f}  {threads / middle:.2f} of two threads' speed")


if __name__ == "__main__":
    main()
