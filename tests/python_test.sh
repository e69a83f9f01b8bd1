#!/bin/bash
# Builds the Python module as `pip install .` does, installs it into a virtual environment that is
# made where there is none, and runs its tests. Ends with `N passed, N failed`.
#
# Usage: tests/python_test.sh [VENV]
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
venv=${1:-$root/build/python/venv}
mkdir -p "$root/build/python"
give_up() {
  echo "$1"
  echo "0 passed, 1 failed"
  exit 1
}

[ -x "$venv/bin/pip" ] || python3 -m venv "$venv" || give_up "no virtual environment can be made"
# The compiler and its options are those of CI's Release build, and the build folder is as far from
# the sources as that one's: so the compiler cache knows the library's objects from it.
export CXX=${CXX:-c++}
"$venv/bin/pip" install --quiet --config-settings="build-dir=$root/build-wheel" \
  --config-settings=cmake.define.CORNU_WERROR=ON "$root[test]" || give_up "pip install failed"
"$root/tests/python_tests.sh" "$venv/bin/python" "$root/build/python/results.xml"
