#!/bin/bash
# tools/check_house finds each violation planted here, and nothing in a clean tree.
set -u
tools=$(cd "$(dirname "$0")/../tools" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

plant() {  # plant FILE LINE...
  mkdir -p "$tree/$(dirname "$1")" && printf '%s\n' "${@:2}" >"$tree/$1"
}
house() { (cd "$tree" && HOUSE=$tree "$tree/tools/check_house" "$@" 2>&1); }
clean() {
  rm -rf "$tree"/* && mkdir -p "$tree/tools" && cp "$tools"/check_house* "$tree/tools"
  plant src/cornu/cornu.h '#include "cornu/layers/dense.h"'
  plant src/cornu/layers/dense.h '#include <vector>' '#include "cornu/core/shape.h"'
  plant src/cornu/layers/dense.cc '#include "cornu/layers/dense.h"' '// not std::exp(x)'
  plant src/cornu/layers/dense_test.cc '#include <gtest/gtest.h>' '#include "cornu/models/model.h"'
  plant src/cornu/kernels/product.cc '#include <hwy/highway.h>' '#include <unistd.h>'
  plant src/cornu/kernels/exp-inl.h '#include <hwy/highway.h>'
  plant src/cornu/kernels/reference_double.cc 'double f(double x) { return std::exp(x); }'
  plant src/cornu/formats/json.cc '#include <nlohmann/json.hpp>' '#include <unordered_map>'
  plant src/cornu/models/save_model.cc '#include "cornu/saving/model_file.h"'
  plant src/cornu/cli/train.cc '#include <fmt/format.h>' '#include "cornu/cornu.h"'
}
refused() {  # refused TEXT [BUILD]: the last plant is the one finding, with TEXT in its message
  local said
  if said=$(house "${@:2}"); then
    echo "FAILED: exit 0, wanted: $1"; failed=1
  elif ! grep -qF -- "$1" <<<"$said" || ! grep -qF 'check_house: 1 found' <<<"$said"; then
    printf 'FAILED: wanted one finding: %s\ngot:\n%s\n' "$1" "$said"; failed=1
  fi
  clean
}

clean
if ! house >/dev/null; then echo "FAILED: the clean tree is refused:"; house; failed=1; fi

plant src/cornu/ops/op.cc '#include "cornu/layers/dense.h"'
refused 'ops/ (rank 2) includes layers/ (rank 4), which is higher'
plant src/cornu/losses/loss.h '  #  include "cornu/layers/dense.h"'
refused 'losses/ includes its sister layers/'
plant src/cornu/kernels/table.h '#include "cornu/formats/idx.h"'
refused 'kernels/ includes its sister formats/'
plant src/cornu/training/loop.cc '#include "cornu/saving/model_file.h"'
refused 'the core library includes saving/'
plant src/cornu/training/loop.cc '#include "cornu/datasets/catalogue.h"'
refused 'the core library includes datasets/'
plant src/cornu/models/model.cc '#include "cornu/cornu.h"'
refused 'cornu/cornu.h is for users'
plant src/cornu/cornu.h '#include "cornu/kernels/exp-inl.h"'
refused 'exp-inl.h is private'
plant src/cornu/tricks/a.cc ''
refused 'the folder "tricks" has no rank'
plant src/cornu/core/a.cc '#include "shape.h"'
refused 'includes are rooted at src/'
plant src/cornu/ops/op.cc '#include <hwy/highway.h>'
refused 'only kernels/ may include Highway'
plant src/cornu/plan/run.cc '#include "hwy/highway.h"'
refused 'only kernels/ may include Highway'
plant src/cornu/kernels/table.h '#include <hwy/highway.h>'
refused '<hwy/highway.h> in a public header'
plant src/cornu/formats/json.h '#include <nlohmann/json_fwd.hpp>'
refused 'a header may not include other libraries'
plant src/cornu/plan/print.cc '#include <fmt/format.h>'
refused 'the core library depends on Highway only'
plant src/cornu/core/text_utils.cc ''
refused '"utils" says nothing'
plant tests/helper.cc ''
refused '"helper" says nothing'
plant src/cornu/datasets/split.cc '#include <random>'
refused '<random>'
plant src/cornu/datasets/dataset.cc 'std::shuffle(a, b, c);'
refused 'random numbers come from core/rng.h'
plant src/cornu/graph/graph.cc '#include <unordered_map>'
refused 'its order is not fixed'
plant src/cornu/losses/loss.cc 'float f(float x) { return std::log1p(x); }'
refused 'a function of libm that is not exact'
plant src/cornu/kernels/product.cc '#pragma STDC FP_CONTRACT ON'
refused 'all files have the same arithmetic flags'
plant src/cornu/layers/dense.h 'struct DenseOptions {' '  /// Number of outputs.' \
  '  int64_t units = 0;' '  bool use_bias = true;  ///< whether a bias is added' \
  '  std::function<void(int64_t step, const Logs& logs)>' '      hook = {};' \
  '  static void visit_fields(auto& self, auto& v) { v("units", self.units); }' '};'
refused 'the option hook has no comment'
plant src/cornu/training/fit.h 'struct FitOptions {' '  /// Of both.' '  double a = 0, b = 0;' '' \
  '  Callbacks callbacks = {};' '};'
refused 'the option callbacks has no comment'
plant src/cornu/cli/train.h 'struct TrainOptions {' '  bool json = false;' '};'
plant src/cornu/layers/a.h 'struct Field {' '  int x = 0;' '};' 'struct AOptions {' '};' 'int y = 0;'
if ! house >/dev/null; then echo "FAILED: fields of other structs are refused:"; house; failed=1; fi
clean

# The functions that the objects call.
object() {  # object NAME CODE
  plant "$1" "#include <cmath>" "$2"
  mkdir -p "$tree/build/lib"
  "${CXX:-c++}" -std=c++20 -O1 -c "$tree/$1" -o "$tree/build/$(basename "$1").o" &&
    ar rcs "$tree/build/lib/libcornu_core.a" "$tree/build/$(basename "$1").o"
}
exact='float g(float x) { return std::sqrt(x) + std::floor(x) + std::fma(x, x, x) + std::nearbyint(x); }'
object out/exact.cc "$exact"
object out/reference_double.cc 'double h(double x) { return std::exp(x); }'
if ! house build >/dev/null; then echo "FAILED: exact functions are refused:"; house build; failed=1; fi
for call in 'std::exp(x)' 'std::pow(x, y)' 'std::tanh(float(x))' 'std::fmin(x, y)' 'std::lgamma(x)'; do
  object out/a.cc "double k(double x, double y) { return $call + y; }"
  refused 'is not exact: use the functions of kernels/' build
done
refused 'libcornu_core.a: not found' build

[ "$failed" = 0 ] && echo "check_house_test: all found"
exit "$failed"
