#!/bin/bash
# The promise of the same bits, tested from outside: the command built by g++ and by clang trains
# `digits` for three epochs, on every target of this CPU and on 1 to 4 threads, and once without each
# pass; and MNIST, if it is found, for one epoch on every target. Fails unless all runs on a data set
# give one weights_sha256. tests/same_bits tests all combinations of threads, targets and passes on
# small networks.
# Usage: tests/hash_matrix.sh [COMMAND…], default build/bin/cornu and build/clang/bin/cornu.
set -u
cd "$(dirname "$0")/.." || exit 1
commands=("$@")
[ $# -gt 0 ] || commands=(build/bin/cornu build/clang/bin/cornu)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

field() { sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" "$folder/run/run.json" | head -n 1; }

fail() {
  echo "hash_matrix: $*" >&2
  exit 1
}

# run COMMAND TARGET THREADS ARGUMENTS…: prints the hash after checking that target and threads ran.
run() {
  local command=$1 target=$2 threads=$3
  shift 3
  rm -rf "$folder/run"
  "$command" train "$@" --target "$target" --threads "$threads" --minimum-work 0 --verbose 0 \
    --out "$folder/run" >/dev/null || fail "$command $target $threads: exit $?"
  [ "$(field target)" = "$target" ] || fail "asked for $target, ran $(field target)"
  [ "$(field threads)" = "${expected:-$threads}" ] ||
    fail "asked for $threads threads, ran $(field threads)"
  field weights_sha256
}

# turns NAME ARGUMENTS…: each command on each target, with 1 to 4 threads taking turns. `matrix` tests
# every combination, on smaller data.
turns() {
  local name=$1 first="" runs=0 hash command target threads
  shift
  for command in "${commands[@]}"; do
    for target in $targets; do
      threads=$((runs % 4 + 1))
      hash=$(run "$command" "$target" "$threads" "$@") || exit 1
      [ ${#hash} = 64 ] || fail "$command $target $threads: no weights_sha256"
      first=${first:-$hash}
      [ "$hash" = "$first" ] || fail "$name: $command, $target, $threads threads: $hash, not $first"
      runs=$((runs + 1))
    done
  done
  echo "$name: $runs runs, one hash: $first"
}

# matrix NAME ARGUMENTS…: each command on each target with 1 to 4 threads, and once without each pass.
matrix() {
  local name=$1 first="" runs=0 hash command target threads passes pass
  shift
  for command in "${commands[@]}"; do
    for target in $targets; do
      for threads in 1 2 3 4; do
        hash=$(run "$command" "$target" "$threads" "$@") || exit 1
        [ ${#hash} = 64 ] || fail "$command $target $threads: no weights_sha256"
        first=${first:-$hash}
        [ "$hash" = "$first" ] || fail "$name: $command, $target, $threads threads: $hash, not $first"
        runs=$((runs + 1))
      done
    done
  done
  hash=$(run "${commands[0]}" "${targets%% *}" 2 "$@") || exit 1
  [ "$hash" = "$first" ] || fail "$name: run to run: $hash, not $first"
  runs=$((runs + 1))
  passes=$("${commands[0]}" explain "$folder/run" | sed -n 's/^Passes: //p' | tr -d ,)
  [ -n "$passes" ] || fail "explain names no pass"
  for pass in $passes; do
    local expected=""
    [ "$pass" = schedule ] && expected=1  # without a schedule one thread runs
    hash=$(run "${commands[0]}" "${targets%% *}" 2 "$@" --without "$pass") || exit 1
    [ "$hash" = "$first" ] || fail "$name: without $pass: $hash, not $first"
    runs=$((runs + 1))
  done
  echo "$name: $runs runs, one hash: $first"
}

for command in "${commands[@]}"; do
  [ -x "$command" ] || fail "$command is not built"
done
targets=$("${commands[0]}" doctor | sed -n 's/^targets *\([^;]*\);.*/\1/p' | tr -d ,)
[ -n "$targets" ] || fail "doctor names no target"
echo "targets: $targets; commands: ${commands[*]}"
matrix digits digits --epochs 3 --batch-size 32
if "${commands[0]}" doctor | grep -q '^ *mnist.* MB in '; then
  turns mnist mnist --epochs 1
else
  echo "skipped: full MNIST not found"
fi
