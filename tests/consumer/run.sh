#!/bin/bash
# An outside project uses Cornu: static and shared, all of it and the core alone, by find_package,
# by pkg-config and as a source folder. Ends with `N passed, N failed`.
#
# Usage: tests/consumer/run.sh [BUILD], an existing static Release build.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
static_build=${1:-}
scratch=$(mktemp -d)
shared_build=$root/build-shared
trap 'rm -rf "$scratch" "$shared_build"' EXIT
passed=0
failed=0

try() {  # try NAME COMMAND...
  if "${@:2}" >"$scratch/out" 2>&1; then
    echo "ok: $1"
    passed=$((passed + 1))
  else
    echo "FAILED: $1"
    tail -n 30 "$scratch/out"
    failed=$((failed + 1))
    return 1
  fi
}

# The other builds do without the optimizer, which their tests do not need: a third of the time.
plain=(-DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O0 -DNDEBUG")

install_cornu() {  # install_cornu static|shared
  local build=$scratch/build-$1 options=("${plain[@]}" -DBUILD_SHARED_LIBS=ON)
  if [ "$1" = shared ] && [ -n "$static_build" ] && command -v ccache >/dev/null; then
    # With the options of the static libraries and a build folder as far from the sources: so the
    # compiler cache knows their objects.
    build=$shared_build
    options=(-DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DCORNU_WERROR=ON)
    rm -rf "$build"
    export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
  fi
  if [ "$1" = static ]; then
    options=("${plain[@]}")
    [ -n "$static_build" ] && build=$static_build options=()
  fi
  cmake -G Ninja -S "$root" -B "$build" "${options[@]}" && cmake --build "$build" &&
    cmake --install "$build" --prefix "$scratch/$1" &&
    mv "$scratch/$1" "$scratch/moved-$1"  # a package that contains its first path fails from here on
}

consume() {  # consume NAME FROM PREFIX [OPTION...]
  cmake -G Ninja -S "$here" -B "$scratch/use-$1" -DCMAKE_BUILD_TYPE=Release -DCORNU_FROM="$2" \
    -DCMAKE_PREFIX_PATH="$3" "${@:4}" && cmake --build "$scratch/use-$1" &&
    ctest --test-dir "$scratch/use-$1" --no-tests=error --output-on-failure
}

by_pkg_config() {  # by_pkg_config PREFIX SOURCE MODULE
  local flags
  flags=$(PKG_CONFIG_PATH=$1/lib/pkgconfig pkg-config --cflags --libs "$3") &&
    c++ -std=c++20 "$here/$2" $flags -Wl,-rpath,"$1/lib" -o "$scratch/by_pkg_config" &&
    "$scratch/by_pkg_config"
}

# block PAGE LANGUAGE N: the text of the Nth block in this language of a page.
block() {
  awk -v fence="\`\`\`$2" -v n="$3" '
    $0 == fence && ++seen == n { inside = 1; next }
    /^```$/ { inside = 0 }
    inside' "$root/docs/$1"
}

# The project that docs/cmake.md shows, with the N-th of its CMakeLists.txt.
project_of_the_page() {  # project_of_the_page N
  local project=$scratch/page-$1
  mkdir -p "$project/path/to" && ln -s "$root" "$project/path/to/cornu" &&
    block cmake.md cmake "$1" >"$project/CMakeLists.txt" &&
    block cmake.md cpp 1 >"$project/first.cc" && grep -q main "$project/first.cc"
}

as_the_page_says() {  # as_the_page_says PREFIX
  mkdir "$scratch/home" && ln -s "$1" "$scratch/home/.local" && project_of_the_page 1 &&
    (cd "$scratch/page-1" && export HOME=$scratch/home PKG_CONFIG_PATH=$1/lib/pkgconfig &&
      sh -e -c "$(block cmake.md sh 2)" | grep '^accuracy: 0\.[89]' &&
      sh -e -c "$(block cmake.md sh 3)" && ./first | grep '^accuracy: 0\.[89]')
}

# Its sources are compiled by other tests here.
sources_as_the_page_says() {
  project_of_the_page 2 && cmake -G Ninja -S "$scratch/page-2" -B "$scratch/page-2/build" &&
    ninja -C "$scratch/page-2/build" -t query first | grep libcornu.a
}

public_headers_only() {
  local private
  private=$(find "$1" -name '*-inl.h' -o -name '*_internal.h' -o -name '*_test.h' -o -path '*/cli/*' \
    -o -path '*/plan/executor.h' -o -path '*/kernels/table.h')
  echo "$private"
  [ -f "$1/core/version.h" ] && [ -z "$private" ]
}

for kind in static shared; do
  try "build and install, $kind" install_cornu $kind || continue
  prefix=$scratch/moved-$kind
  try "find_package, $kind" consume $kind package "$prefix"
  try "find_package, the core alone, $kind" consume core-$kind core "$prefix"
  try "pkg-config, $kind" by_pkg_config "$prefix" everything.cc cornu
  try "pkg-config, the core alone, $kind" by_pkg_config "$prefix" core_only.cc cornu-core
  try "the installed command, $kind" "$prefix/bin/cornu" --version
  try "the installed headers, $kind" public_headers_only "$prefix/include/cornu"
done
try "the project of the page about CMake" as_the_page_says "$scratch/moved-static"
try "the same with Cornu's sources" sources_as_the_page_says

# Without a build type, Cornu is optimized, but the files of the project are not.
optimized_without_build_type() {
  local commands
  cmake -G Ninja -S "$here" -B "$scratch/use-plain" -DCORNU_FROM=source || return 1
  commands=$(ninja -C "$scratch/use-plain" -t commands everything)
  grep -e ' -c .*/table\.cc$' <<<"$commands" | grep -q -e '-O2' &&
    ! grep -e ' -c .*/everything\.cc$' <<<"$commands" | grep -q -e '-O'
}

# The assembler file contains the path of the data.
odd_path() {
  local odd="$scratch/c#1 \$x&y(ü)%! d"
  mkdir "$odd" && (cd "$root" && git ls-files -z | xargs -0 cp --parents -t "$odd") &&
    cmake -G Ninja -S "$odd" -B "$scratch/build-odd" &&
    cmake --build "$scratch/build-odd" --target src/cornu/CMakeFiles/cornu.dir/datasets/digits.S.o
}

try "a path of odd characters" odd_path
try "FetchContent without a build type" optimized_without_build_type
try "FetchContent, without libzip" consume source source "" "${plain[@]}" -DCORNU_ZIP=OFF

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
