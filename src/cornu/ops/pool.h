#pragma once

// Windows that slide over the two axes before the last. Slots: x (rows, height, width, channels) ->
// y (rows, windows down, windows across, channels).

#include "cornu/ops/gradients.h"
#include "cornu/ops/window.h"

namespace cornu::inline v0::ops {

/// y = the largest x of each window, NaN if it has one; in = {x}. If it `remembers`, out[1] is the
/// place of each within its window (of equal ones the first, row by row), for the gradient: uint8,
/// or int32 for windows of more than 256 elements.
struct MaxPool {
  Window window;
  bool remembers = false;
  static constexpr std::string_view kName = "max_pool";
  static constexpr Layout kLayout = Layout::samples;
  static constexpr int kLeadingAxes = 2;
  static void visit_fields(auto& self, auto& v) {
    Window::visit_fields(self.window, v);
    v("remembers", self.remembers);
  }
  friend bool operator==(const MaxPool&, const MaxPool&) = default;
};

/// dx of MaxPool, for x of `rows` × `cols`; in = {dy, places}.
struct MaxPoolBack {
  Window window;
  int64_t rows = 0, cols = 0;
  static constexpr std::string_view kName = "max_pool_back";
  static constexpr Layout kLayout = Layout::samples;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) {
    Window::visit_fields(self.window, v);
    v("rows", self.rows);
    v("cols", self.cols);
  }
  friend bool operator==(const MaxPoolBack&, const MaxPoolBack&) = default;
};

/// y = Σ x of each window, divided by the number of its elements if `mean`; in = {x}.
struct AveragePool {
  Window window;
  bool mean = true;
  static constexpr std::string_view kName = "average_pool";
  static constexpr Layout kLayout = Layout::samples;
  static constexpr int kLeadingAxes = 2;
  static void visit_fields(auto& self, auto& v) {
    Window::visit_fields(self.window, v);
    v("mean", self.mean);
  }
  friend bool operator==(const AveragePool&, const AveragePool&) = default;
};

/// dx of AveragePool, for x of `rows` × `cols`: each is Σ dy of its windows, divided as there; in =
/// {dy}. Without `mean` and where the windows do not overlap, it repeats each dy over its window:
/// UpSampling2D's forward pass.
struct AveragePoolBack {
  Window window;
  int64_t rows = 0, cols = 0;
  bool mean = true;
  static constexpr std::string_view kName = "average_pool_back";
  static constexpr Layout kLayout = Layout::samples;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) {
    Window::visit_fields(self.window, v);
    v("rows", self.rows);
    v("cols", self.cols);
    v("mean", self.mean);
  }
  friend bool operator==(const AveragePoolBack&, const AveragePoolBack&) = default;
};

Outputs outputs(const MaxPool&, const Builder&, const Slots& in);
Outputs outputs(const MaxPoolBack&, const Builder&, const Slots& in);
Outputs outputs(const AveragePool&, const Builder&, const Slots& in);
Outputs outputs(const AveragePoolBack&, const Builder&, const Slots& in);
double flops(const MaxPool&, const Op&, const Sizes& size);
double flops(const MaxPoolBack&, const Op&, const Sizes& size);
double flops(const AveragePool&, const Op&, const Sizes& size);
double flops(const AveragePoolBack&, const Op&, const Sizes& size);
void gradient(const MaxPool&, const Op&, Builder&);
inline void gradient(const MaxPoolBack&, const Op&, Builder&) {}
void gradient(const AveragePool&, const Op&, Builder&);
void gradient(const AveragePoolBack&, const Op&, Builder&);
inline Share reads(const MaxPool&, const Op& op, size_t) {
  return share_of_samples(op);
}
inline Share reads(const AveragePool&, const Op& op, size_t) {
  return share_of_samples(op);
}

}  // namespace cornu::inline v0::ops
