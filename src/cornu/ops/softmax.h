#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = e^(x − max x) / Σ e^(x − max x) along the last axis.
struct Softmax {
  static constexpr std::string_view kName = "softmax";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const Softmax&, const Softmax&) = default;
};

/// dx = y · (dy − Σ dy·y) along the last axis; in = {y, dy}.
struct SoftmaxBack {
  static constexpr std::string_view kName = "softmax_back";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const SoftmaxBack&, const SoftmaxBack&) = default;
};

/// y = (x − max x) − log Σ e^(x − max x) along the last axis.
struct LogSoftmax {
  static constexpr std::string_view kName = "log_softmax";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const LogSoftmax&, const LogSoftmax&) = default;
};

/// dx = dy − e^y · Σ dy along the last axis; in = {y, dy}.
struct LogSoftmaxBack {
  static constexpr std::string_view kName = "log_softmax_back";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const LogSoftmaxBack&, const LogSoftmaxBack&) = default;
};

Outputs outputs(const Softmax&, const Builder&, const Slots& in);
Outputs outputs(const SoftmaxBack&, const Builder&, const Slots& in);
inline double flops(const Softmax&, const Op&, const Sizes& size) {
  return 15 * size.out[0];
}
inline double flops(const SoftmaxBack&, const Op&, const Sizes& size) {
  return 4 * size.out[0];
}
Outputs outputs(const LogSoftmax&, const Builder&, const Slots& in);
Outputs outputs(const LogSoftmaxBack&, const Builder&, const Slots& in);
inline double flops(const LogSoftmax&, const Op&, const Sizes& size) {
  return 16 * size.out[0];
}
inline double flops(const LogSoftmaxBack&, const Op&, const Sizes& size) {
  return 15 * size.out[0];
}
void gradient(const Softmax&, const Op&, Builder&);
void gradient(const LogSoftmax&, const Op&, Builder&);
inline void gradient(const SoftmaxBack&, const Op&, Builder&) {}
inline void gradient(const LogSoftmaxBack&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
