#include "cornu/datasets/split.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>

#include "cornu/core/rng.h"

namespace cornu::inline v0::datasets {
namespace {

Tensor gathered(TensorView from, std::span<const uint64_t> rows) {
  const Shape sample = from.shape().without_rows();
  const size_t nbytes = static_cast<size_t>(sample.size()) * itemsize(from.dtype());
  Tensor all(sample.with_rows().with_rows(static_cast<int64_t>(rows.size())), from.dtype());
  std::byte* to = all.data();
  for (const uint64_t row : rows) {
    std::memcpy(to, from.data() + row * nbytes, nbytes);
    to += nbytes;
  }
  return all;
}

bool has_labels(const Dataset& data) {
  return data.num_classes() > 0;
}

}  // namespace

RowSplit split_rows(std::span<const int64_t> classes, double fraction, uint64_t seed) {
  std::map<int64_t, std::vector<uint64_t>> rows;
  for (size_t row = 0; row < classes.size(); ++row) {
    if (classes[row] >= 0) rows[classes[row]].push_back(row);
  }
  RowSplit parts;
  for (const auto& [number, ids] : rows) {
    std::vector<uint64_t> order(ids.size());
    shuffled(mix(seed, name_hash("split") + static_cast<uint64_t>(number)), order);
    const auto all = static_cast<int64_t>(ids.size());
    const auto tests =
        std::clamp<int64_t>(std::llround(static_cast<double>(all) * fraction), 0, all - 1);
    for (int64_t i = 0; i < all; ++i) {
      const uint64_t row = ids[order[static_cast<size_t>(i)]];
      (i < all - tests ? parts.train : parts.test).push_back(row);
    }
  }
  std::ranges::sort(parts.train);
  std::ranges::sort(parts.test);
  return parts;
}

Dataset samples_of(const Dataset& data, std::span<const uint64_t> rows) {
  const Spec spec = data.spec();
  std::vector<Tensor> x, y;
  for (size_t i = 0; i < spec.x.size(); ++i) x.push_back(gathered(data.x(i), rows));
  for (size_t i = 0; i < spec.y.size(); ++i) y.push_back(gathered(data.y(i), rows));
  return {std::move(x), std::move(y), data.info()};
}

RowSplit split_rows(const Dataset& data, double fraction, uint64_t seed) {
  std::vector<int64_t> classes(static_cast<size_t>(data.size()), 0);
  if (has_labels(data)) {
    for (size_t row = 0; row < classes.size(); ++row) {
      classes[row] = static_cast<int64_t>(data.y().at(static_cast<int64_t>(row)));
    }
  }
  return split_rows(classes, fraction, seed);
}

DatasetParts split(const Dataset& data, double fraction, uint64_t seed) {
  const RowSplit rows = split_rows(data, fraction, seed);
  return {.train = samples_of(data, rows.train), .test = samples_of(data, rows.test)};
}

}  // namespace cornu::inline v0::datasets
