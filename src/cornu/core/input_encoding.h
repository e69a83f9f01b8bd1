#pragma once

#include <cstdint>

#include "cornu/core/dtype.h"

namespace cornu::inline v0 {

/// How stored elements become the numbers a network sees: value = (element - offset) ÷ divisor,
/// each step rounded once in the network's precision; `classes` > 0 instead turns an integer
/// label into a one-hot row. The plan's first op does this; the model file stores it.
struct InputEncoding {
  DType dtype = DType::float32;
  double divisor = 1;
  double offset = 0;
  int64_t classes = 0;

  /// Whether the network sees the stored numbers themselves, or labels made one-hot.
  bool is_identity() const { return divisor == 1 && offset == 0; }

  static void visit_fields(auto& self, auto& v) {
    v("dtype", self.dtype);
    v("divisor", self.divisor);
    v("offset", self.offset);
    v("classes", self.classes);
  }
  friend bool operator==(const InputEncoding&, const InputEncoding&) = default;
};

}  // namespace cornu::inline v0
