#include "cornu/models/not_a_number.h"

#include <array>
#include <cmath>
#include <string>

#include "cornu/core/error.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

// Only NaN differs from itself. kLanes values are compared at a time.
bool has_nan(std::span<const float> values) {
  constexpr size_t kLanes = 16;
  std::array<uint32_t, kLanes> found{};
  size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      found[lane] |= values[i + lane] != values[i + lane] ? 1U : 0U;
    }
  }
  uint32_t any = 0;
  for (const uint32_t each : found) any |= each;
  for (; i < values.size(); ++i) any |= values[i] != values[i] ? 1U : 0U;
  return any != 0;
}

// The input of a row, in the batch or in the source's memory.
TensorView sample_of(const Batch& batch, size_t input, int64_t row, const Slot& stored) {
  if (!batch.is_in_place(input)) return batch.x[input].view().row(row);
  return {batch.x_rows[input][static_cast<size_t>(row)], stored.shape.without_rows(), stored.dtype};
}

void refuse_row(const Batch& batch, int64_t row, const Plan& plan) {
  for (size_t input = 0; input < batch.x.size(); ++input) {
    const TensorView x = sample_of(batch, input, row, plan.slot(plan.inputs[input]));
    for (int64_t i = 0; i < x.size(); ++i) {
      const double value = x.at(i);
      if (std::isfinite(value)) continue;
      const bool several = batch.x.size() > 1;
      throw Error({.where = "predict",
                   .what = "sample " + std::to_string(batch.sample[static_cast<size_t>(row)]) +
                           " holds a value that is not finite" +
                           (several ? " in input " + std::to_string(input) : ""),
                   .found = shortest(std::abs(value)) + " at element " + std::to_string(i),
                   .hint = "replace missing values, or leave such samples out"});
    }
  }
}

}  // namespace

void refuse_not_a_number(TensorView y, const Batch& batch, const Plan& plan) {
  if (y.dtype() != DType::float32 || batch.rows < 1 || !has_nan(y.span<float>())) return;
  const int64_t each = y.size() / batch.rows;
  const std::span<const float> values = y.span<float>();
  for (int64_t i = 0; i < y.size(); ++i) {
    if (std::isnan(values[static_cast<size_t>(i)])) refuse_row(batch, i / each, plan);
  }
}

}  // namespace cornu::inline v0
