#!/usr/bin/env python3
"""Reading CSV files of numbers: Cornu's `read_table`, pandas.read_csv and `cat`, taking turns.

    read_csv.py path/to/bench/read_table [--kinds bytes integers …] [--megabytes 200] [--rounds 3]

A file of each kind of numbers, as pandas writes them, and a label. It lies in a temporary folder
and, after the first reading, in the page cache. Medians go to standard output.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

import numpy as np
import pandas as pd

COLUMNS = 20
PIXELS = 784


def pixels(rng, rows):
    values = rng.integers(0, 256, (rows, PIXELS))
    values[rng.random(values.shape) < 0.8] = 0
    return values


def normal(decimals):
    return lambda rng, rows: rng.normal(size=(rows, COLUMNS)).round(decimals)


def missing(rng, rows):
    values = rng.normal(size=(rows, COLUMNS)).round(3)
    values[rng.random(values.shape) < 0.1] = np.nan
    return values


# The numbers, and about how many bytes a row of them has.
KINDS = {
    "bytes": (pixels, 1_820),
    "integers": (lambda rng, rows: rng.integers(0, 10**6, (rows, COLUMNS)), 140),
    "3 decimals": (normal(3), 130),
    "3 decimals, a tenth missing": (missing, 119),
    "6 decimals": (normal(6), 190),
    "17 digits": (normal(30), 395),
}


def make(path, kind, megabytes):
    numbers, bytes_per_row = KINDS[kind]
    rng = np.random.default_rng(0)
    rows = megabytes * 1_000_000 // bytes_per_row
    values = numbers(rng, rows)
    table = pd.DataFrame(values, columns=[f"x{i}" for i in range(values.shape[1])])
    table.assign(label=rng.integers(0, 3, rows)).to_csv(path, index=False)


def seconds(call):
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def measure(program, path, rounds):
    """The median seconds of each reader."""
    times = {"Cornu": [], "pandas": [], "cat": []}
    for _ in range(rounds):
        own = subprocess.run([program, path], check=True, capture_output=True).stdout
        times["Cornu"] += json.loads(own)
        times["pandas"].append(seconds(lambda: pd.read_csv(path)))
        times["cat"].append(seconds(lambda: subprocess.run(f"cat {path} > /dev/null", shell=True)))
    return {name: statistics.median(each) for name, each in times.items()}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    options.add_argument("--megabytes", type=int, default=200)
    options.add_argument("--rounds", type=int, default=3)
    options = options.parse_args()
    print(f"MB/s, pandas {pd.__version__}")
    print(f"{'':28}{'Cornu':>8}{'pandas':>8}{'ratio':>7}{'cat':>8}")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "numbers.csv"
        for kind in options.kinds:
            make(path, kind, options.megabytes)
            megabytes = path.stat().st_size / 1e6
            taken = measure(options.program, path, options.rounds)
            speed = {name: megabytes / each for name, each in taken.items()}
            ratio = speed["Cornu"] / speed["pandas"]
            print(f"{kind:28}{speed['Cornu']:8.0f}{speed['pandas']:8.0f}{ratio:7.1f}"
                  f"{speed['cat']:8.0f}", flush=True)


if __name__ == "__main__":
    main()
