#!/usr/bin/env python3
"""The notebook's cells through Python, the C++ job and the peers, taking turns.

    PYTHONPATH=build/python/package python bench/peers/notebook.py --build build --rounds 7

Every measurement is a process of its own; in each round all of them run, in another order. Printed
are the medians and, for each comparison, the median of the rounds' ratios with a 95 % interval.
"""

import argparse
import pathlib
import statistics
import sys

import runs
from disturbed import median_interval

PYTORCH = ("--threads", "2", "--adam", "fused", "--compile", "model", "--compile-mode",
           "max-autotune-no-cudagraphs")


def measurements(build: pathlib.Path) -> dict[str, tuple[tuple[str, ...], str]]:
    """Commands by name, and the number that each one's line of JSON has."""
    def cell(what: str, framework: str) -> tuple[tuple[str, ...], str]:
        return (*runs.peer("notebook_cell.py"), what, framework), "seconds"
    return {
        "fit: Python": cell("fit", "cornu"),
        "fit: C++ job": (runs.cornu(build), "seconds"),
        "fit: Keras": cell("fit", "keras"),
        "fit: PyTorch compiled": ((*runs.peer("pytorch_job.py"), *PYTORCH), "seconds"),
        "fit: PyTorch eager": ((*runs.peer("pytorch_job.py"), *PYTORCH[:4]), "seconds"),
        "predict 1: Python": cell("row", "cornu"),
        "predict 1: Keras": cell("row", "keras"),
        "predict 10000: Python": cell("rows", "cornu"),
        "predict 10000: ONNX Runtime": cell("rows", "onnx"),
        "predict 10000: Keras": cell("rows", "keras"),
        "memory of a fit on bytes": ((*runs.peer("notebook_cell.py"), "memory", "cornu"), "bytes"),
        "import beyond NumPy": cell("import", "cornu"),
    }


# What is divided by what, and the goal: at most, or at least.
RATIOS = [
    ("fit: Python", "fit: C++ job", "at most", 1.05),
    ("fit: Keras", "fit: Python", "at least", 18),
    ("fit: PyTorch compiled", "fit: Python", "at least", 6),
    ("fit: PyTorch eager", "fit: Python", "at least", 6),
    ("predict 1: Keras", "predict 1: Python", "at least", 1500),
    ("predict 10000: ONNX Runtime", "predict 10000: Python", "at least", 3),
    ("predict 10000: Keras", "predict 10000: Python", "", 0),
]
LIMITS = [("predict 1: Python", 15e-6, 1e6, "µs"), ("memory of a fit on bytes", 12e6, 1e-6, "MB"),
          ("import beyond NumPy", 0.06, 1e3, "ms")]


def verdict(value: float, words: str, goal: float) -> str:
    if not words:
        return ""
    holds = value <= goal if words == "at most" else value >= goal
    return f"{words} {goal:g} wanted: {'yes' if holds else 'NO'}"


def report(rounds: list[dict[str, float]]) -> None:
    print("| | median | least … most |\n|---|---:|---|")
    for name in rounds[0]:
        values = [each[name] for each in rounds]
        print(f"| {name} | {statistics.median(values):.6g} | {min(values):.6g} … "
              f"{max(values):.6g} |")
    print("\n| ratio | median | 95 % within | |\n|---|---:|---|---|")
    for above, below, words, goal in RATIOS:
        if above in rounds[0] and below in rounds[0]:
            ratios = [each[above] / each[below] for each in rounds]
            middle, low, high = median_interval(ratios)
            print(f"| {above} / {below} | {middle:.4g} | {low:.4g} … {high:.4g} | "
                  f"{verdict(middle, words, goal)} |")
    print()
    for name, most, scale, unit in LIMITS:
        if name in rounds[0]:
            middle = statistics.median(each[name] for each in rounds)
            print(f"{name}: {middle * scale:.3g} {unit}; "
                  f"{verdict(middle * scale, 'at most', most * scale)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--build", type=pathlib.Path, default=runs.ROOT / "build", help="has bench/job and probe")
    add("--only", help="measurements whose name has one of these words, as fit:,ONNX")
    add("--rounds", type=int, default=7)
    add("--timeout", type=float, default=300)
    add("--output", type=pathlib.Path, default=runs.RESULTS / "notebook.json")
    arguments = parser.parse_args()

    wanted = arguments.only.split(",") if arguments.only else [""]
    chosen = {name: how for name, how in measurements(arguments.build).items()
              if any(word in name for word in wanted)}
    probes, rounds = [runs.probe(arguments.build)], []
    entry = {"probes": probes, "rounds": rounds}
    for number in range(arguments.rounds):
        names = list(chosen)[number:] + list(chosen)[:number]
        found = {}
        for name in names[:: -1 if number % 2 else 1]:
            command, key = chosen[name]
            done = runs.run(list(command), arguments.timeout)
            if done.line is None:
                sys.exit(f"{name}: {done.error}")
            found[name] = done.line[key]
        rounds.append({name: found[name] for name in chosen})
        runs.save(arguments.output, entry)
        print(f"round {number + 1}: {rounds[-1]}", file=sys.stderr, flush=True)
    probes.append(runs.probe(arguments.build))
    runs.save(arguments.output, entry)
    report(rounds)
    doubt = runs.distrust(probes)
    print(f"\n{probes[0]['cpu']}, {'not to be trusted: ' + doubt if doubt else 'trusted'}")


if __name__ == "__main__":
    main()
