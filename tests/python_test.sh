#!/bin/bash
# Builds the Python module as `pip install .` does, installs it into a virtual environment that is
# made where there is none, and runs its tests. Ends with `N passed, N failed`.
#
# Usage: tests/python_test.sh [VENV]
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
venv=${1:-$root/build/python/venv}
results=$root/build/python/results.xml
give_up() {
  echo "$1"
  echo "0 passed, 1 failed"
  exit 1
}

[ -x "$venv/bin/pip" ] || python3 -m venv "$venv" || give_up "no virtual environment can be made"
# The build folder stays, so the compiler cache knows the objects the next time.
"$venv/bin/pip" install --quiet --config-settings="build-dir=$root/build/python/wheel" \
  "$root[test]" || give_up "pip install failed"
# Outside the checkout, where only the installed package can be imported.
cd "$root/build/python" || exit 1
rm -f "$results"
"$venv/bin/python" -W error -m pytest -q -c "$root/pyproject.toml" --rootdir="$root" \
  --junitxml="$results" "$root/python/tests"
[ -s "$results" ] || give_up "pytest ended without results"
"$venv/bin/python" - "$results" <<'PYTHON'
import os
import sys
from xml.etree import ElementTree
suite = ElementTree.parse(sys.argv[1]).getroot().find("testsuite")
total, skipped, *bad = (int(suite.get(name)) for name in ("tests", "skipped", "failures", "errors"))
missing = sum("full MNIST not found" in each.get("message", "") for each in suite.iter("skipped"))
failed, passed = sum(bad), total - skipped - sum(bad)
if skipped > missing:
    print(f"{skipped - missing} skipped")
if missing:
    print(f"{missing} skipped: full MNIST not found")
    # Where a folder of data sets is given, MNIST is expected in it.
    failed += missing if os.environ.get("CORNU_DATASETS") else 0
print(f"{passed} passed, {failed} failed")
PYTHON
