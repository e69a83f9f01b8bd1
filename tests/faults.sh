#!/bin/bash
# Breaks the code on purpose, one fault at a time in a copy of the tree, and sees the named test
# fail. Run by hand; docs/notes/faults.md keeps the list with what was found.
# Usage: tests/faults.sh [FOLDER], which holds the copy and its build, and may be used again.
set -u
cd "$(dirname "$0")/.." || exit 1
folder=${1:-$(mktemp -d)}
mkdir -p "$folder/tree"
cp -a --update CMakeLists.txt CMakePresets.json cmake src tests examples fuzz bench tools docs README.md "$folder/tree/"
cmake -S "$folder/tree" -B "$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCORNU_TESTS=ON \
  -DCORNU_COMMAND=OFF >"$folder/log" 2>&1 || exit 1
passed=0
failed=0

# fault PROGRAM TEST FILE FROM TO: in FILE, FROM (a fixed string) becomes TO; TEST must fail then,
# and pass when FILE is as it was.
fault() {
  local program="cornu_$1_test" test=$2 file=$folder/tree/src/cornu/$3 kept
  kept=$(mktemp)
  cp "$file" "$kept"
  if ! FROM=$4 TO=$5 perl -0pi -e 's/\Q$ENV{FROM}\E/$ENV{TO}/ or exit 1' "$file" || cmp -s "$file" "$kept"; then
    echo "FAILED  $3: \"$4\" is not there any more"
    failed=$((failed + 1))
    return
  fi
  if ! cmake --build "$folder/build" --target "$program" >"$folder/log" 2>&1; then
    echo "FAILED  $3: the fault does not compile, see $folder/log"
    failed=$((failed + 1))
  elif "$folder/build/tests/$program" --gtest_filter="$test" >"$folder/log" 2>&1; then
    echo "FAILED  $3: $test does not see \"$5\""
    failed=$((failed + 1))
  elif ! grep -q '\[  FAILED  \]' "$folder/log"; then
    echo "FAILED  $3: $test ended without a verdict"
    failed=$((failed + 1))
  else
    echo "caught  $3: \"$4\" -> \"$5\" by $(sed -n 's/^\[  FAILED  \] \([A-Za-z.]*\).*/\1/p' "$folder/log" | sort -u | head -n 3 | tr '\n' ' ')"
    passed=$((passed + 1))
  fi
  cp "$kept" "$file"
  rm -f "$kept"
}

fault plan 'Plan.BarriersStand*' plan/passes.cc 'op.barrier = since.conflicts(op);' 'op.barrier = false;'
fault plan 'Executor.EveryTarget*' plan/frame.h 'return {extent * member / members, extent * (member + 1) / members};' 'return {(extent + members - 1) / members * member, extent * (member + 1) / members};'
fault integration 'Steps.Digits*:Parts.Opt*' plan/run_op.h 'static_cast<double>(static_cast<float>(x.beta_2))' 'x.beta_2 * x.beta_2'
fault testing 'Check*' ops/product.cc 'b.add(b.gradient(start), SumRows{}, {dy});' 'b.add(b.gradient(start), SumRows{}, {op.out[0]});'
fault testing 'Check*' ops/builder.cc '.accumulate = !first' '.accumulate = false'
fault testing 'Check*' kernels/pointwise-inl.h 'hn::NegMulAdd(y, y, constant(1))' 'hn::MulAdd(y, y, constant(1))'
fault integration 'Parts.Cross*' kernels/softmax-inl.h 'hn::MulSub(load(p + j, count), constant(sum), load(t + j, count))' 'hn::MulSub(load(p + j, count), constant(2 * sum), load(t + j, count))'
fault kernels '*Product*' kernels/product-inl.h 'if (block.start != nullptr) {' 'if (block.start != nullptr && block.start_row != 0) {'
fault integration 'Parts.Opt*' kernels/updates-inl.h 'hn::Add(hn::Sqrt(v), epsilon)' 'hn::Sqrt(hn::Add(v, epsilon))'
fault integration 'Parts.Accuracy*' metrics/accuracy.cc 'value > values.at(begin + best)' 'value >= values.at(begin + best)'
fault training 'Progress.*' training/progress.cc 'if (seconds >= 1e-3) return' 'if (seconds >= 1) return'
fault models 'Sequential.Evaluate*' training/fit.cc 'loss_ / static_cast<double>(values_)' 'loss_ / static_cast<double>(values_ + 1)'
fault models 'Sequential.ASecond*' models/model.cc 'epochs_begun = impl_->epochs_begun' 'epochs_begun = *new uint64_t(0)'
fault formats 'Idx*' formats/idx.cc 'value = value << 8 | std' 'value = value << 7 | std'
fault datasets 'Dataset*' datasets/dataset.cc 'label < 0 || label >= classes' 'label < 0 || label > classes'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
