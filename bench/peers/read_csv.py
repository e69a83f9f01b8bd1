#!/usr/bin/env python3
"""Reading a CSV file of numbers: Cornu's `read_table`, pandas.read_csv and `cat`, taking turns.

    read_csv.py path/to/bench/read_table [--megabytes 500] [--rounds 3]

The file has twenty columns of normal numbers as pandas writes them, and a label. It lies in a
temporary folder and, after the first reading, in the page cache. Medians go to standard output.
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
BYTES_PER_ROW = 395


def make(path, megabytes):
    rng = np.random.default_rng(0)
    rows = megabytes * 1_000_000 // BYTES_PER_ROW
    table = pd.DataFrame(rng.normal(size=(rows, COLUMNS)), columns=[f"x{i}" for i in range(COLUMNS)])
    table.assign(label=rng.integers(0, 3, rows)).to_csv(path, index=False)


def seconds(call):
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--megabytes", type=int, default=500)
    options.add_argument("--rounds", type=int, default=3)
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "numbers.csv"
        make(path, options.megabytes)
        megabytes = path.stat().st_size / 1e6
        times = {"Cornu": [], "pandas": [], "cat": []}
        for _ in range(options.rounds):
            own = subprocess.run([options.program, path], check=True, capture_output=True).stdout
            times["Cornu"] += json.loads(own)
            times["pandas"].append(seconds(lambda: pd.read_csv(path)))
            times["cat"].append(seconds(lambda: subprocess.run(f"cat {path} > /dev/null", shell=True)))
        print(f"{megabytes:.0f} MB, pandas {pd.__version__}")
        for name, each in times.items():
            middle = statistics.median(each)
            print(f"{name:>7} {middle:7.3f} s  {megabytes / middle:6.0f} MB/s")
        ratio = statistics.median(times["pandas"]) / statistics.median(times["Cornu"])
        print(f"pandas takes {ratio:.1f} times as long")


if __name__ == "__main__":
    main()
