#!/usr/bin/env python3
"""The benchmark's training job (data.py) with LibTorch, the C++ library in PyTorch's package. Prints
one line of JSON. Needs g++; compiles libtorch_job.cc the first time, for a minute."""

import pathlib
import subprocess
import sys
import tempfile

import torch

import data
import runs

SOURCE = runs.ROOT / "bench/peers/libtorch_job.cc"
PROGRAM = runs.RESULTS / f"libtorch_job-{torch.__version__}"


def compile_program() -> None:
    """With the options of a Release build, unless it is there and newer than its source."""
    if PROGRAM.exists() and PROGRAM.stat().st_mtime > SOURCE.stat().st_mtime:
        return
    PROGRAM.parent.mkdir(parents=True, exist_ok=True)
    package = pathlib.Path(torch.__file__).parent
    libraries = package / "lib"
    subprocess.run(
        [
            "g++", "-std=c++20", "-O3", "-DNDEBUG", str(SOURCE), "-o", str(PROGRAM),
            f"-I{package}/include", f"-I{package}/include/torch/csrc/api/include",
            f"-L{libraries}", f"-Wl,-rpath,{libraries}", "-Wl,--no-as-needed",
            "-ltorch", "-ltorch_cpu", "-lc10",
        ],
        check=True,
        stdout=sys.stderr,
    )  # fmt: skip


def main() -> None:
    job = data.parser(__doc__).parse_args()
    if not job.validation:
        sys.exit("libtorch_job.py always validates")
    compile_program()
    train, test = data.load(job)
    with tempfile.TemporaryDirectory() as folder:
        for name, array in ("x", train.x), ("y", train.y), ("x_test", test.x), ("y_test", test.y):
            array.tofile(pathlib.Path(folder, name))
        numbers = len(train.x), len(test.x), train.x.shape[1]
        command = [PROGRAM, folder, *numbers, job.units, job.activation]
        command += [job.batch_size, job.epochs, job.threads]
        printed = subprocess.run(
            [str(word) for word in command], check=True, capture_output=True, text=True
        ).stdout.split()
    epoch_seconds, copying = ([float(each) for each in printed[i:-1:2]] for i in (0, 1))
    data.report(
        job, "LibTorch", torch.__version__, {}, epoch_seconds, 0, float(printed[-1]), sum(copying)
    )


if __name__ == "__main__":
    main()
