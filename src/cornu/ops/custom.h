#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "cornu/core/shape.h"
#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// Inputs of a user-defined op: the rows being computed, or the whole tensor for a weight.
template <class T>
struct CustomInputs {
  static constexpr size_t kMost = 8;

  std::array<std::span<const T>, kMost> values{};
  int64_t rows = 0;
  std::span<const T> operator[](size_t input) const { return values[input]; }
};

/// A user-defined op in both precisions, float and double; CustomOf makes one from a class.
class CustomFunction {
 public:
  virtual ~CustomFunction() = default;
  virtual std::string_view name() const = 0;
  virtual Shape output_shape(std::span<const Shape> in) const = 0;
  virtual void forward(const CustomInputs<float>& in, std::span<float> y) const = 0;
  virtual void forward(const CustomInputs<double>& in, std::span<double> y) const = 0;
  virtual void backward(const CustomInputs<float>& in, std::span<const float> y,
                        std::span<const float> dy, size_t input, std::span<float> dx) const = 0;
  virtual void backward(const CustomInputs<double>& in, std::span<const double> y,
                        std::span<const double> dy, size_t input, std::span<double> dx) const = 0;
};

/// A class with
///   static constexpr std::string_view kName;
///   Shape output_shape(std::span<const Shape> in) const;  // begins with kRows, as in[0] does
///   template <class T> void forward(const CustomInputs<T>& in, std::span<T> y) const;
///   template <class T> void backward(const CustomInputs<T>& in, std::span<const T> y,
///                                    std::span<const T> dy, size_t input, std::span<T> dx) const;
/// as a user-defined op. Each row is computed by itself, on any thread; backward adds the gradient
/// of in[input] to dx, for a weight the sum over all rows.
template <class F>
class CustomOf final : public CustomFunction {
 public:
  explicit CustomOf(F f) : f_(std::move(f)) {}
  std::string_view name() const override { return F::kName; }
  Shape output_shape(std::span<const Shape> in) const override { return f_.output_shape(in); }
  void forward(const CustomInputs<float>& in, std::span<float> y) const override {
    f_.template forward<float>(in, y);
  }
  void forward(const CustomInputs<double>& in, std::span<double> y) const override {
    f_.template forward<double>(in, y);
  }
  void backward(const CustomInputs<float>& in, std::span<const float> y, std::span<const float> dy,
                size_t input, std::span<float> dx) const override {
    f_.template backward<float>(in, y, dy, input, dx);
  }
  void backward(const CustomInputs<double>& in, std::span<const double> y,
                std::span<const double> dy, size_t input, std::span<double> dx) const override {
    f_.template backward<double>(in, y, dy, input, dx);
  }

 private:
  F f_;
};

/// y = f(in…), f user-defined. Shapes: given by f's output_shape; the first input has the batch
/// axis.
struct Custom {
  const CustomFunction* function = nullptr;  ///< owned by the What that holds the op
  std::string_view name;                     ///< the function's, for plans to print
  static constexpr std::string_view kName = "custom";
  static void visit_fields(auto& self, auto& v) { v("function", std::string(self.name)); }
  friend bool operator==(const Custom&, const Custom&) = default;
};

/// The gradient of Custom for one of its inputs; in = {dy, y, in…}.
struct CustomBack {
  const CustomFunction* function = nullptr;
  std::string_view name;
  int64_t input = 0;
  static constexpr std::string_view kName = "custom_back";
  static void visit_fields(auto& self, auto& v) {
    v("function", std::string(self.name));
    v("input", self.input);
  }
  friend bool operator==(const CustomBack&, const CustomBack&) = default;
};

CORNU_API Outputs outputs(const Custom& x, const Builder& b, const Slots& in);
Outputs outputs(const CustomBack& x, const Builder& b, const Slots& in);
inline double flops(const Custom&, const Op&, const Sizes& size) {
  return size.out[0];
}
inline double flops(const CustomBack&, const Op&, const Sizes& size) {
  return size.out[0];
}
void gradient(const Custom& x, const Op& op, Builder& b);
inline void gradient(const CustomBack&, const Op&, Builder&) {}
// An op does not know which inputs have the batch axis, so each member waits for all of them:
// slower if waiting for its rows would suffice, but always correct.
inline Share reads(const Custom&, const Op&, size_t) {
  return Share::all;
}
inline Share reads(const CustomBack&, const Op&, size_t) {
  return Share::all;
}

}  // namespace cornu::inline v0::ops
