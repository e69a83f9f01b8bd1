#pragma once

#include "cornu/kernels/table.h"

namespace cornu::inline v0::kernels {

/// The functions of one number that the kernels are made of, over arrays: for tests, and for the
/// float reference.
struct MathTable {
  void (*exp)(const float* x, float* y, int64_t size);
  void (*expm1)(const float* x, float* y, int64_t size);
  void (*log)(const float* x, float* y, int64_t size);
  void (*log1p)(const float* x, float* y, int64_t size);
  void (*sigmoid)(const float* x, float* y, int64_t size);
  void (*tanh)(const float* x, float* y, int64_t size);
  void (*erf)(const float* x, float* y, int64_t size);
};

struct TargetTables {
  Table kernels;
  MathTable math;
};

/// The tables of a target that Highway serves; null where it was not built or this CPU lacks it.
const TargetTables* vector_tables(Target target);

const TargetTables& portable_tables();

}  // namespace cornu::inline v0::kernels
