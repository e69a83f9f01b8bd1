#!/bin/bash
# mpich 5.0.2: MPI_Allreduce adds floats in another order from the fifth call on: the same numbers on
# the same four ranks of one host have other sums then.
# Right would be the same sums: MPI "strongly recommends" that a reduction gives the same result
# whenever it is applied to the same arguments in the same order (MPI 4.1, 6.9.1, advice to
# implementors), and MPICH 4.0.2 of Debian 12 does so. The guess before running it was that the order
# depends on the length and the number of ranks alone, as with Open MPI. What changes is the
# algorithm: MPIR_CVAR_POSIX_NUM_COLLS_THRESHOLD is 5.
# Seen on 2026-11-30, with Python 3.11 and mpi4py 4.1.2:
#     differs from the first call: no no no no yes yes yes yes
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install mpich==5.0.2 mpi4py==4.1.2 numpy==2.4.6 || exit 2
cat >"$folder/sums.py" <<'PYTHON'
import mpi4py

mpi4py.rc.thread_level = "single"
import numpy as np
from mpi4py import MPI

ranks = MPI.COMM_WORLD
assert ranks.size == 4
mine = np.random.default_rng(ranks.rank).standard_normal(1000).astype("float32")
sums = []
for _ in range(8):
    sums.append(np.empty_like(mine))
    ranks.Allreduce(mine, sums[-1], MPI.SUM)
if ranks.rank == 0:
    print("differs from the first call:", *("no" if np.array_equal(s, sums[0]) else "yes" for s in sums))
PYTHON
seen=$("$folder/venv/bin/mpirun" -n 4 "$folder/venv/bin/python" "$folder/sums.py") || exit 2
expected='differs from the first call: no no no no yes yes yes yes'
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
echo "as found: $seen"
