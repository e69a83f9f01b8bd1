#!/usr/bin/env python3
"""Loading and saving files of models: Cornu, Keras and `cat`, taking turns.

    PYTHONPATH=build/package python bench/peers/files.py
    PYTHONPATH=build/package python bench/peers/files.py --folder /dev/shm --rounds 5

A model of 25 million weights (100 MB, three Dense), and the tutorial's with the state of Adam. Each
round runs a process per format and library, which loads and saves several times; the best of all
counts. `cat FILE > /dev/null` is a process of its own each time. A file is saved under a new name, and
over an old one that is on the disk, whose removal then counts too. Cornu waits until a file is on the disk and Keras does
not, so the time in fsync is left out (`fsync_time.c`) and given beside.

How near to `cat` the large files are loaded is measured apart: a load, a `cat` and, for `.keras`, the
CRC-32 of all bytes alone (`crc_time.c`) take turns, so each share is of its own moment.
"""

import argparse
import ctypes
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TIMES = {"large": 5, "tutorial": 30}
FORMATS = {
    "large": [".keras", ".h5"],
    "tutorial": [".keras", ".h5", ".weights.h5", ".safetensors", ".npz"],
}
KERAS_READS = [".keras", ".h5", ".weights.h5"]
TURNS = 15


def keras_of(library: str):
    if library == "keras":
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        import keras
    else:
        from cornu import keras
    return keras


def make(folder: pathlib.Path) -> None:
    """Writes every file, with Cornu."""
    import numpy as np

    keras = keras_of("cornu")
    layers = keras.layers
    large = keras.Sequential(
        [keras.Input((4096,)), layers.Dense(4096), layers.Dense(2000), layers.Dense(10)]
    )
    tutorial = keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(64, activation="sigmoid"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    tutorial.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    tutorial.fit(np.ones((128, 784), "float32"), np.zeros(128, "int64"), verbose=0)
    for name, model in {"large": large, "tutorial": tutorial}.items():
        for ending in FORMATS[name]:
            save(model, folder / (name + ending))


def is_weights(path: pathlib.Path) -> bool:
    return path.name.endswith((".weights.h5", ".npz"))


def save(model, path: pathlib.Path) -> None:
    model.save_weights(str(path)) if is_weights(path) else model.save(str(path))


def child(library: str, path: pathlib.Path, times: int) -> None:
    """Prints the best milliseconds of each as a line of JSON."""
    keras = keras_of(library)
    in_fsync = ctypes.c_double.in_dll(ctypes.CDLL(None), "fsync_seconds")
    best: dict[str, float] = {}

    def timed(what, call):
        synced, begin = in_fsync.value, time.perf_counter()
        result = call()
        taken, synced = time.perf_counter() - begin, in_fsync.value - synced
        best[what] = min(best.get(what, 1e9), 1e3 * (taken - synced))
        if synced > 0:
            best["fsync"] = min(best.get("fsync", 1e9), 1e3 * synced)
        return result

    whole = path.with_name("tutorial.keras") if is_weights(path) else path
    model = keras.models.load_model(str(whole))
    out = path.with_name("out" + path.name[path.name.index(".") :])
    for _ in range(times):
        if is_weights(path):
            timed("load", lambda: model.load_weights(str(path)))
        else:
            timed("load", lambda: keras.models.load_model(str(path)))
    for _ in range(times):
        out.unlink(missing_ok=True)
        timed("save", lambda: save(model, out))
        with open(out, "rb") as saved:
            os.fsync(saved.fileno())
        timed("save over", lambda: save(model, out))
    out.unlink()
    print(json.dumps(best))


def cat(path: pathlib.Path) -> float:
    with open(os.devnull, "wb") as nowhere:
        begin = time.perf_counter()
        subprocess.run(["cat", str(path)], stdout=nowhere, check=True)
        return 1e3 * (time.perf_counter() - begin)


def crc(path: pathlib.Path) -> float:
    """The milliseconds that ISA-L's CRC-32, which Cornu calls too, takes for a file's bytes alone."""
    program = path.with_name("crc_time")
    run = subprocess.run([str(program), str(path)], capture_output=True, text=True, check=True)
    return 1e3 * float(run.stdout)


def turns(path: pathlib.Path) -> None:
    """Prints the milliseconds of loads, of the CRC and of `cat`, one after another, as JSON."""
    keras = keras_of("cornu")
    keras.models.load_model(str(path))
    taken = []
    for _ in range(TURNS):
        begin = time.perf_counter()
        model = keras.models.load_model(str(path))
        load = 1e3 * (time.perf_counter() - begin)
        del model
        taken.append([load, crc(path) if path.suffix == ".keras" else 0.0, cat(path)])
    print(json.dumps(taken))


def measure_turns(folder: pathlib.Path, rounds: int) -> None:
    """The share of `cat`'s speed, with the CRC and without it: the median and the range."""
    print("| load | ms | CRC-32 alone (ISA-L), ms | `cat`, ms | share of `cat` | without the CRC |")
    print("|---|---:|---:|---:|---:|---:|")
    taken: dict[str, list] = {ending: [] for ending in FORMATS["large"]}
    for _ in range(rounds):
        for ending, all_of_it in taken.items():
            command = [sys.executable, __file__, "--turns", str(folder / ("large" + ending))]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            all_of_it += json.loads(run.stdout.splitlines()[-1])

    def cell(values, digits):
        least, middle, most = min(values), statistics.median(values), max(values)
        return f"{middle:.{digits}f} ({least:.{digits}f} to {most:.{digits}f})"

    for ending, all_of_it in taken.items():
        loads, crcs, cats = zip(*all_of_it)
        with_crc = [read / load for load, _, read in all_of_it]
        without = [read / (load - check) for load, check, read in all_of_it]
        cells = [f"`{ending}`", cell(loads, 1), cell(crcs, 1) if any(crcs) else "", cell(cats, 1)]
        cells += [cell(with_crc, 2), cell(without, 2) if any(crcs) else ""]
        print("| " + " | ".join(cells) + " |", flush=True)


def compile_helpers(folder: pathlib.Path) -> None:
    cc = ["cc", "-O2", "-o"]
    fsync, crc_time = HERE / "fsync_time.c", HERE / "crc_time.c"
    subprocess.run(
        [*cc, folder / "fsync_time.so", "-shared", "-fPIC", fsync, "-ldl"], check=True
    )
    subprocess.run([*cc, folder / "crc_time", crc_time, "-lisal"], check=True)


def measure(folder: pathlib.Path, rounds: int) -> dict:
    shim = folder / "fsync_time.so"
    best: dict[tuple, float] = {}

    def note(key, value):
        best[key] = min(best.get(key, 1e9), value)

    for _ in range(rounds):
        for name, endings in FORMATS.items():
            for ending in endings:
                path = folder / (name + ending)
                for library in ["cornu"] + ["keras"] * (ending in KERAS_READS):
                    command = [sys.executable, __file__, "--child", library, str(path)]
                    command += [str(TIMES[name])]
                    run = subprocess.run(
                        command,
                        env=os.environ | {"LD_PRELOAD": str(shim)},
                        capture_output=True,
                        text=True,
                        check=True,
                    )
                    for what, value in json.loads(run.stdout.splitlines()[-1]).items():
                        note((name, ending, library, what), value)
                for _ in range(5):
                    note((name, ending, "cat", "load"), cat(path))
    return best


def report(best: dict) -> None:
    print("| model | | Cornu, ms | Keras, ms | times as fast | `cat`, ms | fsync, ms |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for name, endings in FORMATS.items():
        for ending in endings:
            for what in ["load", "save", "save over"]:
                ours = best[name, ending, "cornu", what]
                theirs = best.get((name, ending, "keras", what))
                beside = [f"{theirs:.1f}", f"{theirs / ours:.1f}"] if theirs else ["", ""]
                read = f"{best[name, ending, 'cat', 'load']:.1f}" if what == "load" else ""
                synced = "" if what == "load" else f"{best[name, ending, 'cornu', 'fsync']:.1f}"
                cells = [name, f"{what} `{ending}`", f"{ours:.1f}", *beside, read, synced]
                print("| " + " | ".join(cells) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", help="where files are written; by default /tmp")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only-turns", action="store_true", help="the shares of `cat` alone")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--turns", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        library, path, times = options.child
        child(library, pathlib.Path(path), int(times))
        return
    if options.turns:
        turns(options.turns)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = pathlib.Path(name)
        compile_helpers(folder)
        make(folder)
        measure_turns(folder, options.rounds)
        if not options.only_turns:
            print()
            report(measure(folder, options.rounds))


if __name__ == "__main__":
    main()
