#!/bin/bash
# The same bits from 1, 2, 4 and 8 processes of each MPI: one value for each number of shards,
# whatever the threads and the target (processes.cc), whether they share memory or messages carry
# all. Every process of each run has to answer.
# Usage: processes.sh --pairs|--all PROGRAM NAME LAUNCHER… with a name and a launcher for each MPI.
set -u
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1  # as the other tests of MPI do
which=$1 program=$2
shift 2
golden=$(mktemp)
trap 'rm -f "$golden"' EXIT

fail() {
  echo "same bits: $*" >&2
  exit 1
}

"$program" --write "$golden" || fail "one process: exit $?"
half=--even total=0
memory=0  # whether processes share it
while [ $# -gt 0 ]; do
  name=$1 launcher=$2
  shift 2
  # More processes than cores; each may run on any, or it would wait for its own while others use it.
  options=()
  [ "$name" != openmpi ] || options=(--oversubscribe --bind-to none --mca mpi_yield_when_idle 1)
  chosen=() memories=(0 1)
  for processes in 1 2 4 8; do
    if [ "$which" = --pairs ]; then
      memory=$((1 - memory))
      chosen=("$half") memories=("$memory")
    fi
    for shares in "${memories[@]}"; do
      begin=$SECONDS
      said=$(CORNU_SHARED_MEMORY=$shares "$launcher" ${options[@]+"${options[@]}"} -n "$processes" \
        "$program" "$golden" ${chosen[@]+"${chosen[@]}"}) ||
        fail "$processes processes of $name: exit $?: $said"
      runs=$(sed -n 's/^rank 0 of .*: \([1-9][0-9]*\) runs, 0 differ$/\1/p' <<<"$said")
      [ -n "$runs" ] || fail "$processes processes of $name: $said"
      for ((rank = 0; rank < processes; ++rank)); do
        [ "$(grep -c "^rank $rank of $processes: $runs runs, 0 differ$" <<<"$said")" = 1 ] ||
          fail "rank $rank of $processes of $name is missing: $said"
      done
      echo "$processes processes of $name, shared memory $shares: $runs runs, $((SECONDS - begin)) s"
      total=$((total + runs))
    done
  done
  memory=$((1 - memory))
  [ "$half" = --even ] && half=--odd || half=--even
done
[ "$total" -gt 0 ] || fail "no MPI was given"
echo "$total runs gave $(wc -l <"$golden") hashes"
