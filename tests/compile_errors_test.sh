#!/bin/bash
# Compiles the examples of docs/compile-errors.md: the errors in one file, in which each must give
# the line that the page shows (as g++ words it), and the fixes in another, which must compile.
#
#     compile_errors_test.sh COMPILER gcc|clang SOURCE_DIR
set -u
compiler=$1 kind=$2 source=$3
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One function per example; g++ reports its lines as those of a file "exampleN".
awk -v work="$work" -v kind="$kind" '
  function begin(file) {
    print "void example" ++n "(Sequential& model, const Tensor& x, const Tensor& y, const Dataset& train," \
          " const MatrixXf& matrix, const SymbolicTensor& a) {\n#line 1 \"example" n "\"" >>file
  }
  /^```cpp error g\+\+$/ && kind == "clang" { skip = 1; next }  # clang compiles it
  /^```cpp error( g\+\+)?$/ { file = work "/errors.cc"; begin(file); next }
  /^```cpp$/       { file = work "/fixes.cc"; begin(file); next }
  /^```text$/      { text = !skip; skip = 0; next }
  /^```$/          { if (file) print "}" >>file; file = ""; text = 0; next }
  text && /^#error/ { next }
  text             { print "example" n "\t" $0 >>(work "/expected") }
  file             { print >>file }
' "$source/docs/compile-errors.md"
for name in errors fixes; do
  { cat <<'PRELUDE'
#include "cornu/cornu.h"
using namespace cornu;
struct MatrixXf {
  static constexpr bool IsRowMajor = false;
  static constexpr int ColsAtCompileTime = -1;
  long rows() const;
  long cols() const;
  const float* data() const;
};
PRELUDE
    cat "$work/$name.cc"; } >"$work/${name}_all.cc"
done

failed=0
flags=(-std=c++20 -fsyntax-only "-I$source/src")
if ! "$compiler" "${flags[@]}" "$work/fixes_all.cc" 2>"$work/said"; then
  echo "FAILED: a fix does not compile:"; head -20 "$work/said"; failed=1
fi
[ "$kind" = clang ] && flags+=(-Werror=reorder-init-list -ferror-limit=0)
"$compiler" "${flags[@]}" "$work/errors_all.cc" 2>"$work/said"
# An error inside a header names the example in its notes.
for example in $(cut -f1 "$work/expected"); do
  grep -q "$example[:(]" "$work/said" || { echo "FAILED: $example compiles"; failed=1; }
done
if [ "$kind" = gcc ]; then
  sed -i "s/‘/'/g; s/’/'/g" "$work/said" "$work/expected"
  while IFS=$'\t' read -r example line; do
    grep -F "error: " "$work/said" | grep -qF -- "$line" ||
      { echo "FAILED: $example no longer says: $line"; failed=1; }
  done <"$work/expected"
fi
[ "$failed" = 0 ] && echo "compile errors: $(wc -l <"$work/expected") as the page says"
exit "$failed"
