#!/usr/bin/env python3
"""Cornu and its peers: the same jobs, their runs interleaved.

    python bench/peers/compare.py --jobs mnist --rounds 7
    python bench/peers/compare.py --table --plots

A quick pass over each competitor's grid finds its best setting; then, in each round, every
competitor runs n and 2n epochs in separate processes, and wall(2n) - wall(n) is its time, in
which start and loading cancel out; compile time is subtracted and reported separately.
"""

import argparse
import dataclasses
import pathlib
import statistics
import sys
import time

import chart
import runs

JOBS = {
    "mnist": "MNIST, 784-64-10 (sigmoid)",
    "fashion_mnist": "Fashion-MNIST, 784-64-10 (sigmoid)",
    "wide": "MNIST, 784-1024-1024-10 (relu)",
    "deep": "MNIST, 784-256-128-10 (relu)",
}
OPTIONS = {
    "mnist": ["--dataset", "mnist", "--units", "64", "--activation", "sigmoid"],
    "fashion_mnist": ["--dataset", "fashion_mnist", "--units", "64", "--activation", "sigmoid"],
    "wide": ["--dataset", "mnist", "--units", "1024,1024", "--activation", "relu"],
    "deep": ["--dataset", "mnist", "--units", "256,128", "--activation", "relu"],
}
# The accuracy that ten epochs reach in every framework.
ACCURACY_FLOORS = {"mnist": 0.957, "fashion_mnist": 0.85, "wide": 0.957, "deep": 0.957}
MARKERS = ("<!-- peers -->", "<!-- /peers -->")


@dataclasses.dataclass(frozen=True)
class Competitor:
    name: str
    command: tuple[str, ...]
    settings: list[tuple[str, ...]]


def competitors(build: pathlib.Path, threads: list[int]) -> list[Competitor]:
    ours = runs.cornu(build)
    scripts = "pytorch_job.py", "libtorch_job.py", "keras_job.py", "jax_job.py"
    pytorch, libtorch, keras, jax = map(runs.peer, scripts)
    steps = [1, 32, 469]
    result = []
    for count in threads:
        name = f"Cornu, {count} thread{'s' * (count > 1)}"
        setting = ("--threads", str(count))
        result.append(Competitor(name, ours, [setting]))
        without = setting + ("--without", "skip_zeros")
        result.append(Competitor(f"{name}, no zero skipped", ours, [without]))
    return result + [
        Competitor(
            "PyTorch, eager",
            pytorch,
            runs.grid(threads=threads, adam=["foreach", "fused", "single"]),
        ),
        Competitor(
            "PyTorch, torch.compile",
            pytorch,
            runs.grid(threads=threads, adam=["foreach", "fused"], compile=["model", "step"])
            + runs.grid(
                threads=threads,
                adam=["fused"],
                compile=["model"],
                compile_mode=["max-autotune-no-cudagraphs"],
            ),
        ),
        Competitor("LibTorch, C++", libtorch, runs.grid(threads=threads)),
        Competitor("Keras, fit()", keras, runs.grid(threads=threads, steps_per_execution=steps)),
        Competitor(
            "Keras, fit(), jit_compile",
            keras,
            runs.grid(threads=threads, steps_per_execution=steps, jit_compile=[True]),
        ),
        Competitor("JAX, scan", jax, runs.grid(threads=threads, unroll=[1, 4])),
    ]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Comparison:
    """Measures jobs and saves every run as soon as it is done."""

    def __init__(self, arguments: argparse.Namespace, results: dict) -> None:
        self.arguments = arguments
        self.results = results
        wanted = arguments.only.lower().split(",") if arguments.only else [""]
        self.competitors = [
            each
            for each in competitors(arguments.build, arguments.threads)
            if any(word in each.name.lower() for word in wanted)
        ]

    def save(self) -> None:
        runs.save(self.arguments.output, self.results)

    def run(self, job: str, competitor: Competitor, setting: tuple[str, ...], epochs: int):
        command = [*competitor.command, *OPTIONS[job], *setting, "--epochs", str(epochs)]
        return runs.run(command, self.arguments.timeout)

    def measure(self, job: str) -> None:
        entry = {
            "epochs": self.arguments.epochs,
            "probes": [runs.probe(self.arguments.build)],
            "grid": [],
            "rounds": [],
        }
        self.results[job] = entry
        try:
            best = self.search(job, entry["grid"])
            for number in range(self.arguments.rounds):
                # No competitor is always first, or always after the same one.
                order = self.competitors[number:] + self.competitors[:number]
                for competitor in order[:: -1 if number % 2 else 1]:
                    if competitor.name in best:
                        entry["rounds"].append(
                            self.round(job, competitor, best[competitor.name], number)
                        )
                        self.save()
        finally:
            entry["probes"].append(runs.probe(self.arguments.build))
            self.save()

    def search(self, job: str, tried: list[dict]) -> dict[str, tuple[str, ...]]:
        """The setting of each competitor with the shortest epoch."""
        best = {}
        for competitor in self.competitors:
            seconds = {}
            for setting in competitor.settings:
                done = self.run(job, competitor, setting, self.arguments.grid_epochs)
                one = {"competitor": competitor.name, "setting": list(setting)}
                if done.line is None:
                    one["error"] = done.error
                else:
                    seconds[setting] = min(done.line["epoch_seconds"])
                    one["epoch_seconds"] = seconds[setting]
                tried.append(one)
                self.save()
                said = one.get("error") or f"{seconds[setting]:.3f} s per epoch"
                say(f"{job}: {competitor.name} {' '.join(setting)}: {said}")
            if seconds:
                best[competitor.name] = min(seconds, key=seconds.__getitem__)
        return best

    def round(self, job: str, competitor: Competitor, setting: tuple[str, ...], number: int):
        epochs = self.arguments.epochs
        short = self.run(job, competitor, setting, epochs)
        long = self.run(job, competitor, setting, 2 * epochs)
        record = {"competitor": competitor.name, "setting": list(setting), "round": number}
        if short.line is None or long.line is None:
            say(f"{job}, round {number + 1}: {competitor.name}: {short.error or long.error}")
            return record | {"error": short.error or long.error}
        record |= {
            "wall": [short.wall, long.wall],
            "shuffle_seconds": [run.line.get("shuffle_seconds", 0) for run in (short, long)],
            "epoch_seconds": [run.line["epoch_seconds"] for run in (short, long)],
            "compile_seconds": [run.line["compile_seconds"] for run in (short, long)],
            "val_accuracy": short.line["val_accuracy"],
            "version": f"{short.line['framework']} {short.line['version']}",
        }
        say(
            f"{job}, round {number + 1}: {competitor.name}: {seconds_of(record):.3f} s, "
            f"val_accuracy {record['val_accuracy']:.4f}"
        )
        return record


def seconds_of(record: dict) -> float:
    """wall(2n) - wall(n), each without compiling, which a warm cache may shorten, and without
    making the permuted copies of the data that peers get for each epoch."""
    parts = zip(record["wall"], record["compile_seconds"], record["shuffle_seconds"])
    short, long = (wall - compiling - shuffling for wall, compiling, shuffling in parts)
    return long - short


@dataclasses.dataclass
class Summary:
    """One competitor over the rounds of a job."""

    name: str
    setting: str
    seconds: list[float]
    copying: float
    compiling: float
    accuracy: float
    version: str

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def summaries(entry: dict) -> list[Summary]:
    """Fastest first, without competitors of which no round succeeded."""
    result = []
    for name in dict.fromkeys(record["competitor"] for record in entry["rounds"]):
        records = [
            record
            for record in entry["rounds"]
            if record["competitor"] == name and "error" not in record
        ]
        if not records:
            continue
        result.append(
            Summary(
                name,
                " ".join(records[0]["setting"]),
                [seconds_of(record) for record in records],
                statistics.median(
                    record["shuffle_seconds"][1] - record["shuffle_seconds"][0]
                    for record in records
                ),
                max(record["compile_seconds"][0] for record in records),
                min(record["val_accuracy"] for record in records),
                records[0]["version"],
            )
        )
    return sorted(result, key=lambda summary: summary.median)


def counted(epochs: int) -> str:
    return f"{epochs} epoch{'' if epochs == 1 else 's'}"


def accuracy_floor(job: str, epochs: int) -> float:
    return ACCURACY_FLOORS[job] if epochs >= 10 else 0


def row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def job_table(job: str, entry: dict, doubt: str) -> list[str]:
    epochs, looks = entry["epochs"], entry["probes"]
    rounds = 1 + max(record["round"] for record in entry["rounds"])
    peaks = [
        " and ".join(f"{look[name] / 1e9:.0f}" for look in looks) for name in ("peak", "team_peak")
    ]
    lines = [
        f"### {JOBS[job]}, batch 128, {counted(epochs)}",
        "",
        f"{looks[0]['cpu']}, {looks[0]['threads']} CPUs; multiply-add peak before and after "
        f"{peaks[0]} GFLOP/s on one thread, {peaks[1]} on all ({looks[0]['cpus']}). "
        f"{looks[0]['time']}; seconds are wall({2 * epochs} epochs) − wall({counted(epochs)}) "
        f"without compiling and copying, the median of {rounds} interleaved "
        f"round{'s' * (rounds > 1)}.",
        "",
    ]
    if doubt:
        lines += [f"**Not to be trusted:** {doubt}.", ""]
    lines += [
        row("", "best setting", "seconds", "min – max", "÷ fastest", "val accuracy", "compile s")
        + " copying s |",
        "|---|---|" + "---:|" * 6,
    ]
    found, floor = summaries(entry), accuracy_floor(job, epochs)
    for each in found:
        if each.accuracy < floor:
            lines.append(
                row(each.name, f"`{each.setting}`", "–", "–", "–")
                + f" {each.accuracy:.4f}, below {floor} | – | – |"
            )
            continue
        lines.append(
            row(
                each.name,
                f"`{each.setting}`",
                f"{each.median:.2f}",
                f"{min(each.seconds):.2f} – {max(each.seconds):.2f}",
                f"{each.median / found[0].median:.2f}",
                f"{each.accuracy:.4f}",
                f"{each.compiling:.1f}",
                f"{each.copying:.2f}",
            )
        )
    versions = "; ".join(sorted({each.version for each in found}))
    lines += ["", f"{versions}.", "", f"![{JOBS[job]}](performance/peers-{job}.svg)", ""]
    lines += ["<details><summary>Settings tried, seconds of the shortest epoch</summary>", ""]
    lines += [row("", "setting", "seconds"), "|---|---|---:|"]
    for one in entry["grid"]:
        said = one.get("error") or f"{one['epoch_seconds']:.3f}"
        lines.append(row(one["competitor"], f"`{' '.join(one['setting'])}`", said))
    return lines + ["", "</details>", ""]


def reportable(results: dict, even_untrusted: bool) -> dict[str, tuple[dict, str]]:
    """Jobs with rounds, each with the reason to distrust it or an empty text; exits if a distrusted
    job may not be reported."""
    jobs = {}
    for job, entry in results.items():
        if not entry["rounds"]:
            continue
        doubt = runs.distrust(entry["probes"])
        if doubt and not even_untrusted:
            sys.exit(f"{job}: not reported: {doubt}. Measure again, or pass --even-untrusted")
        jobs[job] = (entry, doubt)
    return jobs


def write_table(page: pathlib.Path, jobs: dict[str, tuple[dict, str]]) -> None:
    """Puts the tables between the markers of the page."""
    text = page.read_text()
    if any(text.count(marker) != 1 for marker in MARKERS):
        sys.exit(f"{page}: expected one line {MARKERS[0]} and one {MARKERS[1]}")
    head, rest = text.split(MARKERS[0])
    tail = rest.split(MARKERS[1])[1]
    lines = [line for job, (entry, doubt) in jobs.items() for line in job_table(job, entry, doubt)]
    page.write_text(f"{head}{MARKERS[0]}\n" + "\n".join(lines) + f"{MARKERS[1]}{tail}")


def write_plots(folder: pathlib.Path, jobs: dict[str, tuple[dict, str]]) -> None:
    for job, (entry, doubt) in jobs.items():
        floor = accuracy_floor(job, entry["epochs"])
        bars = [
            chart.Bar(each.name, each.median, min(each.seconds), max(each.seconds))
            for each in summaries(entry)
            if each.accuracy >= floor
        ]
        title = f"{JOBS[job]}, batch 128, {counted(entry['epochs'])}"
        if doubt:
            title += " (probe not trusted)"
        chart.write_bars(folder / f"peers-{job}.svg", title, "seconds (bar: median)", bars)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--build", type=pathlib.Path, default=runs.ROOT / "build", help="has bench/job and probe")
    add("--jobs", default=",".join(JOBS), help="of " + ", ".join(JOBS))
    add("--only", help="competitors whose name has one of these words")
    add("--threads", type=runs.counts, default=runs.THREADS, help="to try, as 1,2")
    add("--rounds", type=int, default=7)
    add("--epochs", type=int, default=10)
    add("--grid-epochs", type=int, default=4)
    add("--timeout", type=float, default=900, help="limit per process in seconds")
    add("--output", type=pathlib.Path, default=runs.RESULTS / "compare.json")
    page, folder = runs.ROOT / "docs/performance.md", runs.ROOT / "docs/performance"
    add("--table", type=pathlib.Path, nargs="?", const=page, help="only rewrite the page's block")
    add("--plots", type=pathlib.Path, nargs="?", const=folder, help="only draw into the folder")
    add("--even-untrusted", action="store_true", help="report untrusted jobs too, marked as such")
    arguments = parser.parse_args()

    results = runs.load(arguments.output)
    if arguments.table or arguments.plots:
        jobs = reportable(results, arguments.even_untrusted)
        if arguments.table:
            write_table(arguments.table, jobs)
        if arguments.plots:
            write_plots(arguments.plots, jobs)
        return

    names = arguments.jobs.split(",")
    for job in names:
        if job not in JOBS:
            parser.error(f'unknown job "{job}"; expected one of {", ".join(JOBS)}')
    comparison = Comparison(arguments, results)
    begin = time.perf_counter()
    try:
        for job in names:
            comparison.measure(job)
            doubt = runs.distrust(results[job]["probes"])
            say(f"{job}: {'not to be trusted: ' + doubt if doubt else 'trusted'}")
    except KeyboardInterrupt:
        say(f"interrupted; the results so far are in {arguments.output}")
        sys.exit(130)
    say(f"{time.perf_counter() - begin:.0f} s; {arguments.output}")


if __name__ == "__main__":
    main()
