#!/usr/bin/env python3
"""How the speed of Cornu and PyTorch depends on width, batch, threads and density of the inputs.

    python bench/peers/growth.py --axes width,batch
    python bench/peers/growth.py --plots

One hidden layer (sigmoid), training alone. Each point is the median over the rounds of the median
epoch, in dense FLOP per second, so runs that skip zeros may exceed the roofline of dense work.
"""

import argparse
import dataclasses
import pathlib
import statistics
import sys
from collections.abc import Iterator

import chart
import data
import runs

FEATURES = 28 * 28
EPOCHS = 4
# The intended duration of an epoch, from guesses of the rate and of the fixed cost of a step.
EPOCH_SECONDS, RATE, STEP_SECONDS = 0.25, 40e9, 100e-6
AXES = {
    "width": "units of the hidden layer",
    "batch": "batch size",
    "threads": "threads",
    "density": "non-zero inputs, %",
}
COLORS = {"Cornu": ("#7cc6c1", "#0b7a75"), "PyTorch": ("#f0b27a", "#c8551b")}
ROOF_COLOR, SKIPPED_COLOR = "#444", "#9b59b6"


@dataclasses.dataclass(frozen=True)
class Point:
    """One network, batch and input; the inputs are MNIST's where no density is given."""

    x: float
    units: int = 64
    batch_size: int = 128
    density: float | None = None
    threads: int | None = None

    @property
    def weights(self) -> int:
        return self.units * (FEATURES + 1) + data.CLASSES * (self.units + 1)

    @property
    def flop(self) -> float:
        """Products of one sample's step: no gradient for the inputs."""
        return self.input_flop + 6 * self.units * data.CLASSES

    @property
    def input_flop(self) -> float:
        """The part of it that may be skipped for inputs that are zero."""
        return 4 * FEATURES * self.units

    @property
    def samples(self) -> int:
        """Whole batches for an epoch of about EPOCH_SECONDS."""
        seconds = self.flop / RATE + STEP_SECONDS / self.batch_size
        batches = round(EPOCH_SECONDS / seconds / self.batch_size)
        return min(max(batches, 2), 60_000 // self.batch_size) * self.batch_size

    def options(self) -> list[str]:
        source = ["--dataset", "mnist"]
        if self.density is not None:
            source = ["--dataset", "synthetic", "--density", f"{self.density:g}"]
        return source + [
            *("--units", str(self.units), "--batch-size", str(self.batch_size)),
            *("--samples", str(self.samples), "--epochs", str(EPOCHS), "--no-validation"),
        ]

    def roofline(self, peak: float, bandwidth: float, density: float = 1) -> float:
        """Dense FLOP/s that multiply-adds and the L2 allow if only `density` of the inputs is used:
        every step reads each weight with its two moments, and each sample's bytes."""
        done = self.flop - (1 - density) * self.input_flop
        bytes_read = 12 * self.weights / self.batch_size + FEATURES
        return self.flop / max(done / peak, bytes_read / bandwidth)


def powers(base: int, first: int, last: int) -> list[int]:
    values = [first]
    while values[-1] < last:
        values.append(values[-1] * base)
    return values


def points_of(axis: str) -> list[Point]:
    if axis == "width":
        return [Point(units, units=units) for units in powers(2, 16, 4096)]
    if axis == "batch":
        return [Point(size, batch_size=size) for size in powers(4, 1, 4096)]
    if axis == "density":
        percents = (0, 5, 10, 20, 35, 50, 75, 100)
        return [Point(percent, density=percent / 100) for percent in percents]
    last = runs.THREADS[-1]
    counts = sorted({min(count, last) for count in [*range(1, 9), *powers(2, 16, max(16, last))]})
    return [Point(count, units=units, threads=count) for units in (64, 1024) for count in counts]


def turns(arguments: argparse.Namespace, axis: str) -> Iterator[tuple[int, Point, int, str]]:
    """Round, point, threads and framework of every run, in order: both frameworks in turn."""
    for number in range(arguments.rounds):
        for point in points_of(axis):
            for threads in [point.threads] if point.threads else arguments.threads:
                for framework in COLORS:
                    yield number, point, threads, framework


def measure(arguments: argparse.Namespace, axis: str, entry: dict) -> None:
    commands = {
        "Cornu": list(runs.cornu(arguments.build)),
        "PyTorch": [*runs.peer("pytorch_job.py"), *arguments.pytorch.split()],
    }
    entry |= {"pytorch": arguments.pytorch, "points": []}
    entry["probes"] = [runs.probe(arguments.build)]
    try:
        for number, point, threads, framework in turns(arguments, axis):
            options = [*point.options(), "--threads", str(threads)]
            done = runs.run([*commands[framework], *options], arguments.timeout)
            record = {
                "x": point.x,
                "units": point.units,
                "framework": framework,
                "threads": threads,
                "round": number,
            }
            if done.line is None:
                record["error"] = said = done.error
            else:
                seconds = statistics.median(done.line["epoch_seconds"])
                record["flops"] = point.flop * point.samples / seconds
                said = f"{record['flops'] / 1e9:.2f} GFLOP/s"
            entry["points"].append(record)
            runs.save(arguments.output, arguments.results)
            where = f"{axis} {point.x:g}, {point.units} units, {threads} threads"
            print(f"{where}: {framework} {said}", file=sys.stderr, flush=True)
    finally:
        entry["probes"].append(runs.probe(arguments.build))
        runs.save(arguments.output, arguments.results)


def series_of(entry: dict, axis: str) -> list[chart.Series]:
    """One line per framework and number of threads (or width, where threads are the axis)."""
    of_line = "units" if axis == "threads" else "threads"
    result = []
    for framework, colors in COLORS.items():
        records = [
            record
            for record in entry["points"]
            if record["framework"] == framework and "flops" in record
        ]
        for color, value in zip(colors, sorted({record[of_line] for record in records})):
            rates: dict[float, list[float]] = {}
            for record in records:
                if record[of_line] == value:
                    rates.setdefault(record["x"], []).append(record["flops"] / 1e9)
            points = [(x, statistics.median(rates[x])) for x in sorted(rates)]
            unit = of_line if value > 1 else "thread"
            result.append(chart.Series(f"{framework}, {value} {unit}", points, color))
    return result


def rooflines(entry: dict, axis: str) -> list[chart.Series]:
    last = entry["probes"][0]["threads"]
    one, team, bandwidth = (
        max(look[name] for look in entry["probes"]) / 1e9
        for name in ("peak", "team_peak", "l2_bandwidth")
    )

    def limits(threads: int) -> tuple[float, float]:
        part = (threads - 1) / max(last - 1, 1)
        return one + part * (team - one), bandwidth * threads

    def line(label, points, dashes, color=ROOF_COLOR) -> chart.Series:
        return chart.Series(label, sorted(points), color, dashes, marks=False)

    points = points_of(axis)
    if axis == "threads":
        wide = [point for point in points if point.units == 1024]
        return [line("roofline", [(p.x, p.roofline(*limits(int(p.x)))) for p in wide], "6 4")]
    result = []
    for threads, dashes in zip(sorted({1, last}), ("2 3", "6 4")):
        limit = limits(threads)
        name = f"{threads} thread{'s' * (threads > 1)}"
        dense = [(point.x, point.roofline(*limit)) for point in points]
        result.append(line(f"roofline, {name}", dense, dashes))
        if axis == "density":
            skipped = [(point.x, point.roofline(*limit, point.density)) for point in points]
            result.append(line(f"zeros skipped, {name}", skipped, dashes, SKIPPED_COLOR))
    return result


def draw(folder: pathlib.Path, results: dict, even_untrusted: bool) -> None:
    for axis, entry in results.items():
        doubt = runs.distrust(entry["probes"])
        if doubt and not even_untrusted:
            sys.exit(f"{axis}: not drawn: {doubt}. Measure again, or pass --even-untrusted")
        named = [*series_of(entry, axis), *rooflines(entry, axis)]
        log_x = axis in ("width", "batch")
        chart.write_lines(
            folder / f"growth-{axis}.svg",
            f"Training speed by {AXES[axis]}" + (" (probe not trusted)" if doubt else ""),
            AXES[axis],
            "GFLOP/s, dense work counted",
            named,
            x_ticks=sorted({x for each in named for x, _ in each.points}),
            log_x=log_x,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--build", type=pathlib.Path, default=runs.ROOT / "build", help="has bench/job and probe")
    add("--axes", default=",".join(AXES), help="of " + ", ".join(AXES))
    add("--threads", type=runs.counts, default=runs.THREADS, help="of the other axes, as 1,2")
    add("--rounds", type=int, default=3)
    add("--pytorch", default="--adam fused", help="its setting, from the comparison")
    add("--timeout", type=float, default=300, help="limit per process in seconds")
    add("--output", type=pathlib.Path, default=runs.RESULTS / "growth.json")
    folder = runs.ROOT / "docs/performance"
    add("--plots", type=pathlib.Path, nargs="?", const=folder, help="only draw into the folder")
    add("--even-untrusted", action="store_true", help="draw untrusted results too, marked as such")
    arguments = parser.parse_args()

    arguments.results = runs.load(arguments.output)
    if arguments.plots:
        draw(arguments.plots, arguments.results, arguments.even_untrusted)
        return
    axes = arguments.axes.split(",")
    for axis in axes:
        if axis not in AXES:
            parser.error(f'unknown axis "{axis}"; expected one of {", ".join(AXES)}')
    try:
        for axis in axes:
            arguments.results[axis] = {}
            measure(arguments, axis, arguments.results[axis])
    except KeyboardInterrupt:
        print(f"interrupted; the results so far are in {arguments.output}", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
