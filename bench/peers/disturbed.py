#!/usr/bin/env python3
"""The benefit of an elastic team: the tutorial's job with and without another process on one CPU.

The other process is bound to a CPU and does nothing but count; Cornu and PyTorch are not bound.
The settings of a comparison take turns, so that a change of the machine affects all of them.

    disturbed.py --build build/bench [--pairs 30] [--rounds 7] [--without-pytorch]
"""

import argparse
import contextlib
import math
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import runs

CPU = max(os.sched_getaffinity(0))
# Epochs of ten milliseconds, so that their times show when the team adapted.
SHORT_EPOCHS = ("--samples", "12800", "--no-validation", "--epochs", "400")
PARTS = 3


@contextlib.contextmanager
def disturbance() -> Iterator[None]:
    """A process that keeps one CPU busy."""
    spinner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    os.sched_setaffinity(spinner.pid, {CPU})
    try:
        time.sleep(0.2)
        yield
    finally:
        spinner.kill()
        spinner.wait()


def job(build: pathlib.Path, *options: str) -> dict:
    done = runs.run([*runs.cornu(build), *options], 600)
    if done.line is None:
        raise SystemExit(f"the job failed: {done.error}")
    return done.line


def median_interval(values: list[float]) -> tuple[float, float, float]:
    """The median and a 95 % confidence interval for it, from the order of the values."""
    ordered = sorted(values)
    count = len(ordered)
    # Values to leave out at either end: each is below the median with probability 1/2 (binomial).
    out, chance = 0, 0.5**count
    while out < count // 2 and chance <= 0.025:
        out += 1
        chance += math.comb(count, out) * 0.5**count
    out = max(out - 1, 0)
    return statistics.median(ordered), ordered[out], ordered[count - 1 - out]


def quiet(build: pathlib.Path, pairs: int) -> None:
    """Compares auto with the best fixed number of threads, in pairs."""
    fixed = {n: statistics.median(job(build, "--threads", str(n))["seconds"] for _ in range(5))
             for n in runs.THREADS}
    best = min(fixed, key=fixed.__getitem__)
    ratios = []
    for pair in range(pairs):
        order = ("auto", str(best)) if pair % 2 else (str(best), "auto")
        seconds = {threads: job(build, "--threads", threads)["seconds"] for threads in order}
        ratios.append(seconds["auto"] / seconds[str(best)])
    middle, low, high = median_interval(ratios)
    print(f"undisturbed: auto / {best} threads {middle:.3f}, 95 % within {low:.3f} … {high:.3f} "
          f"({pairs} pairs); fixed: "
          + ", ".join(f"{n} threads {s:.3f} s" for n, s in fixed.items()))


def disturbed(build: pathlib.Path, rounds: int, with_pytorch: bool) -> None:
    """Compares the default under a disturbance with one undisturbed thread, and with all threads
    and PyTorch under the disturbance."""
    alone, auto, both, torch = [], [], [], []
    for _ in range(rounds):
        alone.append(job(build, "--threads", "1")["seconds"])
        with disturbance():
            auto.append(job(build, "--threads", "auto")["seconds"])
            both.append(job(build, "--threads", str(max(runs.THREADS)))["seconds"])
            if with_pytorch:
                line = runs.run([*runs.peer("pytorch_job.py"), "--threads",
                                 str(max(runs.THREADS))], 600).line
                torch.append(line["seconds"] if line else math.nan)
    ratios = [a / o for a, o in zip(auto, alone)]
    middle, low, high = median_interval(ratios)
    print(f"disturbed: auto / one thread undisturbed {middle:.3f}, 95 % within {low:.3f} … "
          f"{high:.3f} ({rounds} rounds); seconds: one thread undisturbed "
          f"{statistics.median(alone):.3f}; disturbed: auto {statistics.median(auto):.3f}, "
          f"{max(runs.THREADS)} threads {statistics.median(both):.3f}"
          + (f", PyTorch on {max(runs.THREADS)} {statistics.median(torch):.3f}" if torch else ""))


def settled(epochs: list[tuple[float, float]], usual: float) -> float:
    """The start of the first five epochs in a row whose median is at most `usual`; inf if none."""
    for i in range(len(epochs) - 4):
        if statistics.median(seconds for _, seconds in epochs[i:i + 5]) <= usual:
            return epochs[i][0]
    return math.inf


def followed(build: pathlib.Path, rounds: int) -> None:
    """Disturbs the middle third of a fit: how soon the team adapts, and how long the fit takes."""
    best = {threads: statistics.median(
        statistics.median(job(build, *SHORT_EPOCHS, "--threads", threads)["epoch_seconds"])
        for _ in range(3)) for threads in ("1", str(max(runs.THREADS)))}
    with disturbance():
        alone = statistics.median(job(build, *SHORT_EPOCHS, "--threads", "1")["epoch_seconds"])
    free = min(best.values())
    total = free * 400
    begins, ends, costs = [], [], []
    for _ in range(rounds):
        span: list[float] = []

        def disturb() -> None:
            time.sleep(0.35 + total / PARTS)  # the data are loaded first
            with disturbance():
                span.append(time.monotonic())
                time.sleep(total / PARTS)
                span.append(time.monotonic())

        thread = threading.Thread(target=disturb)
        thread.start()
        line = job(build, *SHORT_EPOCHS, "--threads", "auto")
        end = time.monotonic()
        thread.join()
        # The fit ended some milliseconds before the process.
        at = end - line["seconds"]
        epochs = []  # start time and duration of each, in seconds
        for seconds in line["epoch_seconds"]:
            epochs.append((at, seconds))
            at += seconds
        inside = [each for each in epochs if span[0] <= each[0] + each[1] / 2 <= span[1]]
        after = [each for each in epochs if each[0] + each[1] / 2 > span[1]]
        begins.append(settled(inside, 1.15 * alone) - span[0])
        ends.append(settled(after, 1.1 * free) - span[1])
        expected = len(inside) * alone + (len(epochs) - len(inside)) * free
        costs.append(line["seconds"] / expected)
    print(f"followed: total / the best fixed choice of each part "
          f"{statistics.median(costs):.3f} ({min(costs):.3f} … {max(costs):.3f}, {rounds} rounds); "
          f"adapted {statistics.median(begins):.3f} s after the disturbance began, "
          f"{statistics.median(ends):.3f} s after it ended")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=runs.ROOT / "build")
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--without-pytorch", action="store_true")
    arguments = parser.parse_args()
    quiet(arguments.build, arguments.pairs)
    disturbed(arguments.build, arguments.rounds, not arguments.without_pytorch)
    followed(arguments.build, arguments.rounds)


if __name__ == "__main__":
    main()
