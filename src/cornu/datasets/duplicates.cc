#include "cornu/datasets/duplicates.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <string_view>
#include <vector>

namespace cornu::inline v0::datasets {
namespace {

using SampleNumbers = std::vector<int64_t>;

// Adds samples of one content, in their order.
void add_equal(const SampleNumbers& equal, const HashedSamples& samples, Duplicates& sum) {
  std::set<uint64_t> labels, train_labels;
  int64_t train = 0;
  for (const int64_t each : equal) {
    const uint64_t label = samples.label(each);
    labels.insert(label);
    if (each >= samples.train_size) continue;
    ++train;
    train_labels.insert(label);
  }
  const int64_t test = static_cast<int64_t>(equal.size()) - train;
  sum.train += std::max<int64_t>(train - 1, 0);
  sum.same_label += train - static_cast<int64_t>(train_labels.size());
  sum.test += std::max<int64_t>(test - 1, 0);
  if (train > 0) sum.test_in_train += test;
  if (labels.size() > 1) sum.two_labels += static_cast<int64_t>(equal.size());
}

// Divides samples of one hash by their contents, which as a rule are one.
std::vector<SampleNumbers> by_content(std::span<const int64_t> numbers,
                                      const HashedSamples& samples) {
  std::vector<SampleNumbers> contents;
  for (const int64_t each : numbers) {
    const auto found = std::ranges::find_if(contents, [&](const SampleNumbers& equal) {
      return samples.are_equal(equal.front(), each);
    });
    if (found != contents.end()) {
      found->push_back(each);
    } else {
      contents.push_back({each});
    }
  }
  return contents;
}

std::string_view bytes_of(TensorView row) {
  return {reinterpret_cast<const char*>(row.data()), row.nbytes()};
}

}  // namespace

Duplicates count_duplicates(const HashedSamples& samples) {
  SampleNumbers numbers(samples.hashes.size());
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<int64_t>(i);
  const auto hash = [&](int64_t i) { return samples.hashes[static_cast<size_t>(i)]; };
  std::ranges::sort(numbers, [&](int64_t a, int64_t b) {
    return hash(a) != hash(b) ? hash(a) < hash(b) : a < b;
  });
  Duplicates sum;
  for (size_t begin = 0; begin < numbers.size();) {
    size_t end = begin + 1;
    while (end < numbers.size() && hash(numbers[end]) == hash(numbers[begin])) ++end;
    if (end - begin > 1) {
      const std::span<const int64_t> alike = std::span(numbers).subspan(begin, end - begin);
      for (const SampleNumbers& equal : by_content(alike, samples)) add_equal(equal, samples, sum);
    }
    begin = end;
  }
  return sum;
}

Duplicates duplicates_in(const DatasetParts& parts) {
  const int64_t train_size = parts.train.size();
  const auto row = [&](int64_t i, bool is_target) {
    const Dataset& part = i < train_size ? parts.train : parts.test;
    const int64_t index = i < train_size ? i : i - train_size;
    return is_target ? part.y().row(index) : part.x().row(index);
  };
  const auto hash = [&](int64_t i, bool is_target) {
    return uint64_t{std::hash<std::string_view>()(bytes_of(row(i, is_target)))};
  };
  std::vector<uint64_t> hashes(static_cast<size_t>(train_size + parts.test.size()));
  for (size_t i = 0; i < hashes.size(); ++i) hashes[i] = hash(static_cast<int64_t>(i), false);
  return count_duplicates(
      {.hashes = hashes,
       .train_size = train_size,
       .are_equal = [&](int64_t a,
                        int64_t b) { return bytes_of(row(a, false)) == bytes_of(row(b, false)); },
       .label = [&](int64_t i) { return hash(i, true); }});
}

}  // namespace cornu::inline v0::datasets
