#!/bin/bash
# The promise of the same bits, tested for other CPUs: same_bits runs on this CPU's targets, on
# an x86-64 without AVX-512, on one without AVX2 and FMA, and, cross-built, on AArch64, the last
# three under an emulator. Each must support exactly the expected targets and give the hashes of
# golden.txt, which were written on a CPU with AVX-512. An emulator takes 20 times as long, so it runs
# a few epochs, unless --whole is given.
# Usage: tests/same_bits/emulated.sh [--write | --whole] [PROGRAM]
# Without PROGRAM it is built. --write replaces golden.txt, for a change that changes bits on purpose.
set -u
cd "$(dirname "$0")/../.." || exit 1
golden=tests/same_bits/golden.txt
build=$PWD/build/same_bits
log=$(mktemp)
trap 'rm -f "$log"' EXIT

fail() {
  echo "emulated: $*" >&2
  tail -n 20 "$log" >&2
  exit 1
}

# build FOLDER ARGUMENTS…: builds the program in that folder.
build() {
  local folder=$build/$1
  shift
  { cmake -S tests/same_bits -B "$folder" -G Ninja "$@" &&
    cmake --build "$folder" --target same_bits; } >"$log" 2>&1 || fail "$folder does not build"
}

runs=0
# check NAME 'TARGETS' 'TRIED' COMMAND…: the CPU's targets are exactly TARGETS, and each of TRIED gives
# the golden hashes, the first of them also without the passes.
check() {
  local name=$1 expected=$2 tried=$3 target found without
  shift 3
  [ -n "$tried" ] || fail "$name: no target to try"
  found=$("$@" --targets 2>"$log" | tr '\n' ' ')
  [ "${found% }" = "$expected" ] || fail "$name: targets $found, expected $expected"
  for target in $tried; do
    for without in none all; do
      [ "$without" = none ] || [ "$target" = "${tried%% *}" ] || continue
      "$@" --target "$target" --threads 2 --without "$without" $length --golden "$golden" \
        >"$log" 2>&1 || fail "$name"
      echo "$name: $target, without $without: as in $golden"
      runs=$((runs + 1))
    done
  done
}

[ "$(uname -m)" = x86_64 ] || fail "this has to run on x86-64, not on $(uname -m)"
write=
length=--brief
case ${1:-} in
  --write) write=yes; shift ;;
  --whole) length=; shift ;;
esac
program=${1:-}
if [ -z "$program" ]; then
  build native
  program=$build/native/bin/same_bits
fi
build aarch64 -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/aarch64.cmake"

targets=$("$program" --targets | tr '\n' ' ')
if [ -n "$write" ]; then
  [ "${targets%% *}" = avx512 ] || fail "golden.txt is written on a CPU with AVX-512"
  "$program" --target avx512 --write "$golden" >"$log" 2>&1 || fail "avx512"
fi
[ "${targets%% *}" = avx512 ] || echo "no AVX-512 here: golden.txt has its hashes"
check "this CPU" "${targets% }" "${targets% }" "$program"
check "x86-64 without AVX-512 (Haswell)" "avx2 portable" avx2 \
  qemu-x86_64-static -cpu Haswell "$program"
check "x86-64 without AVX2 and FMA (Sandy Bridge)" portable portable \
  qemu-x86_64-static -cpu SandyBridge "$program"
check "AArch64 (Cortex-A57)" "neon portable" "neon portable" \
  qemu-aarch64-static -cpu cortex-a57 "$build/aarch64/bin/same_bits"
echo "$runs runs gave the hashes of $golden"
