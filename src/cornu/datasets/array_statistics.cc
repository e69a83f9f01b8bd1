#include "cornu/datasets/array_statistics.h"

#include <array>
#include <cmath>
#include <span>

namespace cornu::inline v0::datasets {
namespace {

// Bytes are counted by their value, and the sums are exact.
std::vector<ArrayStatistics> statistics_of(std::span<const uint8_t> values, size_t channels) {
  std::vector<std::array<int64_t, 256>> counts(channels);
  for (size_t i = 0; i < values.size();) {
    for (size_t c = 0; c < channels; ++c, ++i) ++counts[c][values[i]];
  }
  std::vector<ArrayStatistics> all(channels);
  for (size_t c = 0; c < channels; ++c) {
    ArrayStatistics& each = all[c];
    double sum = 0;
    for (size_t value = 0; value < 256; ++value) {
      const int64_t count = counts[c][value];
      if (count == 0) continue;
      if (each.count == 0) each.min = static_cast<double>(value);
      each.max = static_cast<double>(value);
      each.count += count;
      sum += static_cast<double>(value) * static_cast<double>(count);
    }
    if (each.count == 0) continue;
    each.mean = sum / static_cast<double>(each.count);
    double squares = 0;
    for (size_t value = 0; value < 256; ++value) {
      const double away = static_cast<double>(value) - each.mean;
      squares += away * away * static_cast<double>(counts[c][value]);
    }
    each.standard_deviation = std::sqrt(squares / static_cast<double>(each.count));
  }
  return all;
}

template <class T>
std::vector<ArrayStatistics> statistics_of(std::span<const T> values, size_t channels) {
  std::vector<ArrayStatistics> all(channels);
  std::vector<double> sums(channels), squares(channels);
  const auto for_each_finite = [&](auto f) {
    for (size_t i = 0; i < values.size();) {
      for (size_t c = 0; c < channels; ++c, ++i) {
        const auto value = static_cast<double>(values[i]);
        if (std::isfinite(value)) f(c, value);
      }
    }
  };
  for_each_finite([&](size_t c, double value) {
    ArrayStatistics& each = all[c];
    if (each.count == 0 || value < each.min) each.min = value;
    if (each.count == 0 || value > each.max) each.max = value;
    ++each.count;
    sums[c] += value;
  });
  for (size_t c = 0; c < channels; ++c) {
    all[c].not_finite = static_cast<int64_t>(values.size() / channels) - all[c].count;
    if (all[c].count > 0) all[c].mean = sums[c] / static_cast<double>(all[c].count);
  }
  for_each_finite([&](size_t c, double value) {
    const double away = value - all[c].mean;
    squares[c] += away * away;
  });
  for (size_t c = 0; c < channels; ++c) {
    if (all[c].count == 0) continue;
    all[c].standard_deviation = std::sqrt(squares[c] / static_cast<double>(all[c].count));
  }
  return all;
}

}  // namespace

std::vector<ArrayStatistics> array_statistics(TensorView array, int64_t channels) {
  const auto count = static_cast<size_t>(channels);
  switch (array.dtype()) {
    case DType::uint8:
      return statistics_of(array.span<uint8_t>(), count);
    case DType::int32:
      return statistics_of(array.span<int32_t>(), count);
    case DType::int64:
      return statistics_of(array.span<int64_t>(), count);
    case DType::float32:
      return statistics_of(array.span<float>(), count);
    case DType::float64:
      return statistics_of(array.span<double>(), count);
  }
  return {};
}

}  // namespace cornu::inline v0::datasets
