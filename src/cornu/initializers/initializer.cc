#include "cornu/initializers/initializer.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "cornu/core/rng.h"

namespace cornu::inline v0 {
namespace {

// Keras's fans: the last two axes are in and out, the ones before multiply both (a kernel's area).
struct Fans {
  double in = 1, out = 1;
};

Fans fans(const Shape& shape) {
  if (shape.ndim() == 0) return {};
  if (shape.ndim() == 1) return {static_cast<double>(shape[0]), static_cast<double>(shape[0])};
  double area = 1;
  for (int axis = 0; axis < shape.ndim() - 2; ++axis) area *= static_cast<double>(shape[axis]);
  return {area * static_cast<double>(shape[shape.ndim() - 2]),
          area * static_cast<double>(shape.back())};
}

// Uniform in [-limit, limit): drawn and scaled in float64, rounded once.
void fill_uniform(std::span<float> values, double limit, uint64_t key) {
  for (size_t i = 0; i < values.size(); ++i) {
    const auto words = Philox::words(key, 0, i / 2);
    const size_t half = i % 2 * 2;
    values[i] = static_cast<float>((2 * uniform(words[half], words[half + 1]) - 1) * limit);
  }
}

// Glorot and Bengio 2010: limit = √(6 / (fan_in + fan_out)).
void glorot_uniform(std::span<float> values, const Shape& shape, uint64_t key) {
  const Fans fan = fans(shape);
  fill_uniform(values, std::sqrt(6 / (fan.in + fan.out)), key);
}

void zeros(std::span<float> values, const Shape&, uint64_t) {
  std::fill(values.begin(), values.end(), 0.0F);
}

constexpr InitializerEntry kTable[] = {
    {"glorot_uniform", glorot_uniform},
    {"zeros", zeros},
};

}  // namespace

std::span<const InitializerEntry> initializer_table() {
  return kTable;
}

Initializer::Initializer(std::string_view name) {
  std::vector<std::string> names;
  for (size_t i = 0; i < std::size(kTable); ++i) {
    if (kTable[i].name == name) {
      index_ = i;
      return;
    }
    names.emplace_back(kTable[i].name);
  }
  throw unknown_name("initializer", "initializer", name, names);
}

std::string_view Initializer::name() const {
  return kTable[index_].name;
}

Tensor Initializer::make(Shape shape, uint64_t key) const {
  Tensor weight(shape);
  kTable[index_].fill(weight.span<float>(), shape, key);
  return weight;
}

}  // namespace cornu::inline v0
