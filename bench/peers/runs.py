"""Runs jobs in separate processes and times them from outside."""

import dataclasses
import itertools
import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "bench/peers/results"
THREADS = sorted({1, len(os.sched_getaffinity(0))})
# If the machine was this much slower at the end than at the beginning, nothing is compared.
MOST_DRIFT = 0.1


@dataclasses.dataclass(frozen=True)
class Run:
    """One process: its line of JSON, its wall time, or why there is none."""

    wall: float
    line: dict | None
    error: str = ""


def run(command: list[str], timeout: float) -> Run:
    begin = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return Run(timeout, None, f"longer than {timeout:.0f} s")
    wall = time.perf_counter() - begin
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        return Run(wall, None, last)
    return Run(wall, json.loads(done.stdout.strip().splitlines()[-1]))


def peer(script: str) -> tuple[str, ...]:
    return (sys.executable, str(ROOT / "bench/peers" / script))


def cornu(build: pathlib.Path) -> tuple[str, ...]:
    return (str(build / "bench/job"), "--json")


def grid(**options: list) -> list[tuple[str, ...]]:
    """Every combination, as command-line options; True and False switch an option."""
    settings = []
    for values in itertools.product(*options.values()):
        words: list[str] = []
        for name, value in zip(options, values):
            if value is not False:
                words.append("--" + name.replace("_", "-"))
            if not isinstance(value, bool):
                words.append(str(value))
        settings.append(tuple(words))
    return settings


def counts(text: str) -> list[int]:
    return [int(count) for count in text.split(",")]


def probe(build: pathlib.Path) -> dict:
    """The machine's current speed: of up to five probes the first that is trusted and not busy."""
    for _ in range(5):
        look = subprocess.run([build / "bench/probe", "--json"], capture_output=True, text=True)
        result = json.loads(look.stdout)
        if result["trusted"] and not result["busy"]:
            break
    return result | {"time": time.strftime("%Y-%m-%d %H:%M:%S %z")}


def distrust(probes: list[dict]) -> str:
    """Why figures measured between these probes cannot be trusted; empty if they can."""
    if len(probes) < 2:
        return "there is no probe after the runs"
    for look in probes:
        if not look["trusted"]:
            return look["distrust"]
        if look["busy"]:
            return "something else ran during a probe"
    for name, what in (("peak", "one thread"), ("team_peak", "all threads")):
        rates = [look[name] for look in probes]
        if min(rates) < (1 - MOST_DRIFT) * max(rates):
            ends = " and ".join(f"{rate / 1e9:.0f}" for rate in rates)
            return f"the peak of {what} was {ends} GFLOP/s before and after"
    return ""


def save(path: pathlib.Path, results: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(results, indent=1) + "\n")
    new.replace(path)


def load(path: pathlib.Path) -> dict:
    return json.loads(path.read_text()) if path.exists() else {}
