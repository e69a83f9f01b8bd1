#!/bin/bash
# The real TensorBoard reads what `cornu train --tensorboard` writes: tests/tensorboard_test.py, with the
# package tensorboard alone, in a virtual environment that is made where there is none. Ends with
# `N passed, N failed`.
#
# Usage: tests/tensorboard_test.sh [COMMAND [VENV]]
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
command=${1:-$root/build/bin/cornu}
venv=${2:-$root/build/tensorboard}
if ! "$venv/bin/python" -c 'import tensorboard' 2>/dev/null; then
  { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet tensorboard==2.21.0; } || {
    echo "0 passed, 1 failed"
    exit 1
  }
fi
exec "$venv/bin/python" "$root/tests/tensorboard_test.py" "$command"
