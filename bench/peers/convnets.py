#!/usr/bin/env python3
"""Convolutional networks in Cornu and its peers, their runs interleaved.

    python bench/peers/convnets.py                      # a quarter of an hour
    python bench/peers/convnets.py --jobs narrow,predict --rounds 5
    python bench/peers/convnets.py --more --only cornu,eager --rounds 2
    python bench/peers/convnets.py --table

A quick pass over each competitor's grid finds its best setting; then every round runs each of them
in a process of its own, in another order. A process times some epochs of --steps steps after one
that warms up, and its shortest counts, as the time of the 60,000 images that an epoch has. Making
permuted copies of the data and compiling are left out, loss and accuracy are counted by Cornu and
Keras, the loss alone by PyTorch and JAX. For "evaluate" it is the time of MNIST's test images, for
"predict" of one image on one thread, the median of 5,000 calls.
"""

import argparse
import dataclasses
import math
import pathlib
import re
import statistics
import subprocess
import sys
import time

import networks
import runs

MARKERS = ("<!-- convnets -->", "<!-- /convnets -->")
IMAGES = 60_000
JOBS = {
    "mnist_convnet": "Keras's MNIST convnet, an epoch",
    "lenet5": "LeNet-5, an epoch",
    "narrow": "8 filters of 3 × 3, pooling, dense 64 and 10, an epoch",
    "evaluate": "Keras's MNIST convnet, evaluation of 10,000 images",
    "predict": "Keras's MNIST convnet, one image on one thread",
}
UNITS = {"evaluate": ("milliseconds", 1e3), "predict": ("microseconds", 1e6)}
Setting = tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Competitor:
    name: str
    command: tuple[str, ...]
    settings: list[Setting]


def competitors(job: str, build: pathlib.Path, model: pathlib.Path) -> list[Competitor]:
    threads = runs.THREADS
    ours = (str(build / "bench/convnet"),)
    pytorch, keras, jax, onnx = map(
        runs.peer,
        ("pytorch_convnet.py", "keras_convnet.py", "jax_convnet.py", "onnx_convnet.py"),
    )
    layouts = ["channels_last", "channels_first"]
    if job == "predict":
        alone = ("--predict", "--threads", "1")
        return [
            Competitor("Cornu", ours, [alone + ("--save", str(model))]),
            Competitor("ONNX Runtime, bound", onnx, [alone + ("--model", str(model))]),
        ]
    if job == "evaluate":
        options = {"evaluate": [True], "batch_size": [100, 1000], "threads": threads}
        return [
            Competitor("Cornu", ours, runs.grid(save=[str(model)], **options)),
            Competitor("ONNX Runtime", onnx, runs.grid(model=[str(model)], **options)),
            Competitor("PyTorch, eager", pytorch, runs.grid(layout=layouts, **options)),
        ]
    result = [
        Competitor(f"Cornu, {count} thread{'s' * (count > 1)}", ours, [("--threads", str(count))])
        for count in threads
    ]
    result.append(
        Competitor("PyTorch, eager", pytorch, runs.grid(threads=threads, layout=layouts))
    )
    if job == "narrow":
        return result
    steps = [1, 20]
    result.append(
        Competitor("Keras, fit()", keras, runs.grid(threads=threads, steps_per_execution=steps))
    )
    if job == "lenet5":
        return result
    return result + [
        Competitor(
            "PyTorch, torch.compile",
            pytorch,
            runs.grid(threads=threads, layout=layouts, compile=[True]),
        ),
        Competitor(
            "Keras, fit(), jit_compile", keras, runs.grid(threads=threads, jit_compile=[True])
        ),
        Competitor("JAX", jax, runs.grid(threads=threads, form=["step", "scan"])),
    ]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Comparison:
    """Measures jobs and saves every run as soon as it is done. ONNX Runtime gets the model that
    Cornu saved beside the results."""

    def __init__(self, arguments: argparse.Namespace, results: dict) -> None:
        self.arguments = arguments
        self.results = results
        self.model = arguments.output.with_suffix(".safetensors")

    def run(self, job: str, competitor: Competitor, setting: Setting, steps: int) -> dict:
        # A model that is evaluated has always been trained alike.
        samples = (self.arguments.steps if job in UNITS else steps) * networks.BATCH
        network = "mnist_convnet" if job in UNITS else job
        command = [*competitor.command, network, *setting]
        command += ["--samples", str(samples), "--epochs", str(self.arguments.epochs)]
        done = runs.run(command, self.arguments.timeout)
        record = {"competitor": competitor.name, "setting": list(setting)}
        if done.line is None:
            record["error"] = done.error
        else:
            scale = 1 if job in UNITS else IMAGES / samples
            record |= {
                "seconds": min(done.line["seconds"]) * scale,
                "peak_mb": done.line["peak_mb"],
                "version": done.line["version"],
            }
        said = record.get("error") or in_units(job, record["seconds"])
        say(f"{job}: {competitor.name} {' '.join(setting)}: {said}")
        return record

    def measure(self, job: str) -> None:
        arguments = self.arguments
        words = arguments.only.lower().split(",")
        wanted = [
            each
            for each in competitors(job, arguments.build, self.model)
            if any(word in each.name.lower() for word in words)
        ]
        if not arguments.more:
            self.results[job] = {"steps": arguments.steps, "grid": [], "rounds": [], "probes": []}
        known = {one["competitor"] for one in self.results[job]["grid"]}
        self.search(job, [each for each in wanted if each.name not in known])
        if arguments.rounds == 0:
            return
        entry = self.results[job]
        best = best_settings(entry["grid"])
        entry["probes"].append(runs.probe(arguments.build))
        for _ in range(arguments.rounds):
            # No competitor is always first, or always after the same one.
            entry["turns"] = number = entry.get("turns", 0) + 1
            order = wanted[number % len(wanted) :] + wanted[: number % len(wanted)]
            for competitor in order[:: -1 if number % 2 else 1]:
                if competitor.name in best:
                    setting = best[competitor.name]
                    entry["rounds"].append(self.run(job, competitor, setting, arguments.steps))
                    runs.save(arguments.output, self.results)
        entry["probes"].append(runs.probe(arguments.build))
        runs.save(arguments.output, self.results)

    def search(self, job: str, wanted: list[Competitor]) -> None:
        for competitor in wanted:
            for setting in competitor.settings:
                tried = self.run(job, competitor, setting, self.arguments.grid_steps)
                self.results[job]["grid"].append(tried)
                runs.save(self.arguments.output, self.results)

    def memory(self) -> None:
        program = str(self.arguments.build / "bench/convnet")
        command = [program, "mnist_convnet", "--explain", "--threads", "1"]
        explained = subprocess.run(command, capture_output=True, text=True)
        if explained.returncode != 0:
            sys.exit(explained.stderr.strip())
        self.results["memory"] = arena_and_alive(explained.stdout)
        runs.save(self.arguments.output, self.results)


def best_settings(tried: list[dict]) -> dict[str, Setting]:
    """The setting of each competitor with the shortest time."""
    best: dict[str, dict] = {}
    for one in tried:
        former = best.get(one["competitor"], one)
        if "error" not in one and one["seconds"] <= former["seconds"]:
            best[one["competitor"]] = one
    return {name: tuple(one["setting"]) for name, one in best.items()}


def in_units(job: str, seconds: float) -> str:
    unit, factor = UNITS.get(job, ("seconds", 1))
    return f"{seconds * factor:.2f} {unit}"


def arena_and_alive(plan: str) -> dict[str, float]:
    """Of a plan on one thread: the bytes of its arena, and the most of its slots at one op."""
    itemsize = {"float32": 4, "uint8": 1, "float64": 8}
    slots, bases = {}, {}
    for name, shape, dtype, place in re.findall(
        r"^(%\d+) .*\(([\w, ]*)\) +(\w+) +[\d.]+ \w+ +(of %\d+|\d+|outside|by rows)$", plan, re.M
    ):
        extents = re.findall(r"\w+", shape.replace("None", str(networks.BATCH)))
        if place.startswith("of "):
            bases[name] = place[3:]
        elif place.isdigit():
            slots[name] = (int(place), math.prod(map(int, extents)) * itemsize[dtype])
    lives: dict[str, list[int]] = {}
    for op, line in re.findall(r"^(\d+) +(\w+ .*)$", plan, re.M):
        for name in re.findall(r"%\d+", line):
            while name in bases:
                name = bases[name]
            lives.setdefault(name, []).append(int(op))
    ops = 1 + max(max(life) for life in lives.values())
    alive = [
        sum(size for name, (_, size) in slots.items() if min(lives[name]) <= op <= max(lives[name]))
        for op in range(ops)
    ]
    return {"arena": max(sum(place) for place in slots.values()), "alive": max(alive)}


@dataclasses.dataclass
class Summary:
    """One competitor over the rounds of a job."""

    name: str
    setting: str
    seconds: list[float]
    peak_mb: float

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def summaries(entry: dict) -> list[Summary]:
    """Fastest first, without competitors of which no round succeeded."""
    done: dict[str, list[dict]] = {}
    for record in entry["rounds"]:
        if "error" not in record:
            done.setdefault(record["competitor"], []).append(record)
    result = [
        Summary(
            name,
            setting_text(records[0]["setting"]),
            [record["seconds"] for record in records],
            max(record["peak_mb"] for record in records),
        )
        for name, records in done.items()
    ]
    return sorted(result, key=lambda summary: summary.median)


def setting_text(setting: list[str]) -> str:
    """Without the options that a job always has, and without paths."""
    text = re.sub(r"--(model|save) \S+|--evaluate|--predict", "", " ".join(setting))
    return f"`{' '.join(text.split())}`"


def row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def job_table(job: str, entry: dict) -> list[str]:
    looks, found = entry["probes"], summaries(entry)
    unit, factor = UNITS.get(job, ("seconds", 1))
    peaks = [look["peak"] / 1e9 for look in looks]
    how = f" of epochs of {entry['steps']} steps" if job not in UNITS else ""
    lines = [
        f"### {JOBS[job]}",
        "",
        f"{looks[0]['cpu']}, {looks[0]['threads']} CPUs; multiply-add peak of one thread, before "
        f"and after, {min(peaks):.0f} to {max(peaks):.0f} GFLOP/s. {looks[0]['time']}; "
        f"interleaved rounds{how}.",
        "",
    ]
    # Rounds lie between one probe and the next.
    doubts = {runs.distrust(looks[i : i + 2]) for i in range(len(looks) - 1)} - {""}
    if doubts:
        lines += [f"**Not to be trusted:** {'; '.join(sorted(doubts))}.", ""]
    lines += [
        row("", "best setting", f"{unit}, median", "min – max", "÷ fastest", "rounds")
        + " process, MB |",
        "|---|---|" + "---:|" * 5,
    ]
    for each in found:
        least, most = min(each.seconds) * factor, max(each.seconds) * factor
        times = f"{each.median * factor:.2f}", f"{least:.2f} – {most:.2f}"
        ratio = f"{each.median / found[0].median:.2f}"
        more = len(each.seconds), f"{each.peak_mb:.0f}"
        lines.append(row(each.name, each.setting, *times, ratio, *more))
    lines += ["", f"<details><summary>Settings tried, {unit}</summary>", ""]
    lines += [row("", "setting", unit), "|---|---|---:|"]
    for one in entry["grid"]:
        said = one.get("error") or f"{one['seconds'] * factor:.2f}"
        lines.append(row(one["competitor"], setting_text(one["setting"]), said))
    return lines + ["", "</details>", ""]


def write_table(page: pathlib.Path, results: dict) -> None:
    """Puts the tables between the markers of the page."""
    text = page.read_text()
    if any(text.count(marker) != 1 for marker in MARKERS):
        sys.exit(f"{page}: expected one line {MARKERS[0]} and one {MARKERS[1]}")
    head, rest = text.split(MARKERS[0])
    tail = rest.split(MARKERS[1])[1]
    lines = [line for job in JOBS if job in results for line in job_table(job, results[job])]
    versions = {
        f"{record['competitor'].split(',')[0]} {record['version']}"
        for job in JOBS
        for record in results.get(job, {}).get("rounds", [])
        if "version" in record
    }
    lines.append("; ".join(sorted(versions)) + ".")
    if found := results.get("memory"):
        lines += [
            "",
            f"Arena of a training step of Keras's convnet on one thread: {found['arena']:,} bytes; "
            f"the most bytes of slots alive at one op: {found['alive']:,}.",
        ]
    page.write_text(f"{head}{MARKERS[0]}\n" + "\n".join(lines) + f"\n{MARKERS[1]}{tail}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--build", type=pathlib.Path, default=runs.ROOT / "build", help="has bench/convnet, probe")
    add("--jobs", default=",".join(JOBS), help="of " + ", ".join(JOBS))
    add("--only", default="", help="competitors whose name has one of these words")
    add("--rounds", type=int, default=3)
    add("--more", action="store_true", help="adds to the former rounds, and to grids")
    add("--steps", type=int, default=100, help="per epoch; 469 are all")
    add("--grid-steps", type=int, default=20)
    add("--epochs", type=int, default=2, help="timed per process")
    add("--timeout", type=float, default=120, help="limit per process in seconds")
    add("--output", type=pathlib.Path, default=runs.RESULTS / "convnets.json")
    page = runs.ROOT / "docs/performance.md"
    add("--table", type=pathlib.Path, nargs="?", const=page, help="only rewrite the page's block")
    arguments = parser.parse_args()

    results = runs.load(arguments.output)
    if arguments.table:
        return write_table(arguments.table, results)
    names = arguments.jobs.split(",")
    for job in names:
        if job not in JOBS:
            parser.error(f'unknown job "{job}"; expected one of {", ".join(JOBS)}')
    begin = time.perf_counter()
    comparison = Comparison(arguments, results)
    comparison.memory()
    for job in names:
        comparison.measure(job)
    say(f"{time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
