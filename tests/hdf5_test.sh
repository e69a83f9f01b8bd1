#!/bin/bash
# h5py and our own reader and writer of HDF5 read each other's files: tests/hdf5_test.py, in a virtual
# environment with h5py that is made where there is none. Ends with `N passed, N failed`.
#
# Usage: tests/hdf5_test.sh [COPY_HDF5 [VENV]]
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
copy=${1:-$root/build/tests/copy_hdf5}
venv=${2:-$root/build/hdf5}
if ! "$venv/bin/python" -c 'import h5py' 2>/dev/null; then
  { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet h5py==3.14.0; } || {
    echo "0 passed, 1 failed"
    exit 1
  }
fi
exec "$venv/bin/python" "$root/tests/hdf5_test.py" "$copy"
