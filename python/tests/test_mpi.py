"""fit(distribute=MPI.COMM_WORLD) in processes that mpirun has started."""

import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import pytest

import cornu
import mpi_fit

pytest.importorskip("mpi4py")
SCRIPT = pathlib.Path(mpi_fit.__file__)


def launchers(mpi):
    """Those that may start this MPI's processes: of PyPI, of Debian, of others."""
    beside = pathlib.Path(sys.executable).with_name("mpirun")
    for name in (beside, f"mpirun.{mpi}", "mpirun"):
        path = shutil.which(name)
        if path is not None:
            version = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            if ("Open MPI" in version) == (mpi == "openmpi"):
                yield [path, *(["--oversubscribe"] if mpi == "openmpi" else [])]


def environment(mpi, folder):
    """Where mpi4py finds this MPI and all find this module."""
    chosen = {"PYTHONPATH": str(pathlib.Path(cornu.__file__).absolute().parents[1]),
              "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    # PyPI's mpi4py knows it by the name that all but Debian call it by.
    for path in glob.glob("/usr/lib/*/libmpich.so.12") if mpi == "mpich" else ():
        (folder / "libmpi.so.12").symlink_to(path)
        chosen |= {"MPI4PY_MPIABI": "mpich", "LD_LIBRARY_PATH": str(folder)}
        break
    return os.environ | chosen


class Started:
    """Processes of an MPI: what they printed, and how long they took."""

    def __init__(self, launcher, variables, count, what):
        begin = time.monotonic()
        done = subprocess.run([*launcher, "-n", str(count), sys.executable, SCRIPT, what],
                              capture_output=True, text=True, timeout=120, env=variables)
        self.seconds = time.monotonic() - begin
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.results = dict(re.findall(rf"^(\d) of {count}: (\w+)$", self.out, re.M))


@pytest.fixture(scope="module", params=["openmpi", "mpich"])
def start(request, tmp_path_factory):
    """A function that starts so many processes."""
    mpi = request.param
    plain = environment(None, None)
    for launcher in launchers(mpi):
        for variables in (plain, environment(mpi, tmp_path_factory.mktemp(mpi))):
            if len(Started(launcher, variables, 2, "meet").results) == 2:
                return lambda count, what: Started(launcher, variables, count, what)
    pytest.skip(f"no mpirun of {mpi} whose processes meet by mpi4py")


def test_processes_have_the_bits_of_one(start):
    one = mpi_fit.train(None)
    for count in (2, 4):
        done = start(count, "train")
        assert done.results == {str(rank): one for rank in range(count)}, done.err
        assert done.status == 0
        assert done.out.count("Epoch 2/2") == 1


def test_one_that_hangs_is_named_and_all_end(start):
    done = start(4, "stop")
    assert done.status != 0 and done.results == {}
    assert re.findall(r"^cornu\.\S*Error: fit: timeout; (.+) \(host .+\) of 4 has not answered for "
                      r"1 s\. Hint: ", done.err, re.M) == ["rank 1"], done.err
    assert done.seconds < 20


def test_one_that_fails_ends_all_at_once(start):
    done = start(4, "fail")
    assert done.status != 0 and done.results == {}
    assert done.err.count("KeyError: 'own fault'") == 1
    assert "timeout" not in done.err
    assert done.seconds < 20


def test_an_interrupt_of_one_ends_all_after_the_same_step(start):
    done = start(4, "interrupt")
    assert done.status == 0, done.err
    assert done.out.count("interrupted\n") == 4
    assert len(done.results) == 4 and len(set(done.results.values())) == 1
