#!/bin/bash
# Makes a virtual environment in which the Python module can be built and tested, if it is not there
# yet. Prints why it cannot be made, and ends with status 1.
#
# Usage: tests/python_venv.sh VENV
set -u
venv=$1
packages=(numpy nanobind nanobind-backend pytest mpi4py)
give_up() {
  echo "$1"
  exit 1
}

if "$venv/bin/python" -c 'import mpi4py, nanobind, nanobind_backend, numpy, pytest' 2>/dev/null; then
  exit 0
fi
command -v python3 >/dev/null || give_up "there is no python3. Hint: apt-get install python3-venv python3-dev"
header=$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h
[ -e "$header" ] || give_up "$header is missing. Hint: apt-get install python3-dev"
rm -rf "$venv"
python3 -m venv "$venv" >&2 || give_up "python3 -m venv fails. Hint: apt-get install python3-venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" >&2 ||
  give_up "pip cannot install ${packages[*]}"
