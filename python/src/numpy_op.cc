#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "arrays.h"
#include "cornu/ops/expression.h"
#include "failure.h"
#include "held.h"
#include "traced.h"
#include "values.h"

namespace cornu::python {
namespace {

/// An op whose arithmetic is the methods of a Python layer, on copies of its inputs:
///   _cornu_forward(inputs)           its output
///   _cornu_backward(dy, y, inputs)   a gradient for each input, or None where that is 0
/// One member of the team computes it, the thread that called fit or predict.
class NumpyFunction final : public ops::CustomFunction {
 public:
  NumpyFunction(nb::object layer, std::string name, std::vector<Shape> in, Shape out)
      : layer_(hold(std::move(layer))),
        name_(std::move(name)),
        in_(std::move(in)),
        out_(std::move(out)) {}

  std::string_view name() const override { return name_; }
  Shape output_shape(std::span<const Shape>) const override { return out_; }
  void forward(const ops::CustomInputs<float>& in, std::span<float> y) const override {
    forward_of(in, y);
  }
  void forward(const ops::CustomInputs<double>& in, std::span<double> y) const override {
    forward_of(in, y);
  }
  void backward(const ops::CustomInputs<float>& in, std::span<const float> y,
                std::span<const float> dy, size_t input, std::span<float> dx) const override {
    backward_of(in, y, dy, input, dx);
  }
  void backward(const ops::CustomInputs<double>& in, std::span<const double> y,
                std::span<const double> dy, size_t input, std::span<double> dx) const override {
    backward_of(in, y, dy, input, dx);
  }

 private:
  template <class T>
  static nb::object copied(std::span<const T> values, const Shape& shape, int64_t rows) {
    constexpr DType kType = sizeof(T) == sizeof(float) ? DType::float32 : DType::float64;
    return array_from(Tensor(TensorView(values.data(), shape.with_rows(rows), kType)));
  }

  template <class T>
  nb::list inputs(const ops::CustomInputs<T>& in) const {
    nb::list list;
    for (size_t i = 0; i < in_.size(); ++i) list.append(copied(in[i], in_[i], in.rows));
    return list;
  }

  // Python has made it an array of the right shape and type.
  template <class T>
  static std::span<const T> numbers(const nb::object& array) {
    const auto view = view_of(nb::cast<Array>(array));
    return view.template span<T>();
  }

  // Calls f unless this run has failed already, and keeps what it throws for the run's end.
  template <class F>
  static void guarded(const F& f) {
    Run* const run = Run::now();
    if (run != nullptr && run->failed()) return;
    const nb::gil_scoped_acquire gil;
    try {
      f();
    } catch (...) {
      if (run != nullptr) run->fail(std::current_exception());
    }
  }

  template <class T>
  void forward_of(const ops::CustomInputs<T>& in, std::span<T> y) const {
    std::ranges::fill(y, T{0});
    guarded([&] {
      const nb::object made = layer_->attr("_cornu_forward")(inputs(in));
      std::ranges::copy(numbers<T>(made), y.begin());
    });
  }

  // One call gives the gradients of all inputs, each of which is asked for once per step.
  template <class T>
  void backward_of(const ops::CustomInputs<T>& in, std::span<const T> y, std::span<const T> dy,
                   size_t input, std::span<T> dx) const {
    guarded([&] {
      if (waiting_.size() != in_.size() || !waiting_[input]) {
        const nb::object made = layer_->attr("_cornu_backward")(
            copied(dy, out_, in.rows), copied(y, out_, in.rows), inputs(in));
        waiting_.clear();
        for (const nb::handle each : nb::cast<nb::list>(made)) {
          waiting_.push_back(hold(nb::borrow(each)));
        }
      }
      const Held gradient = std::exchange(waiting_[input], nullptr);
      if (gradient->is_none()) return;
      const std::span<const T> more = numbers<T>(*gradient);
      for (size_t i = 0; i < dx.size(); ++i) dx[i] += more[i];
    });
  }

  const Held layer_;
  const std::string name_;
  const std::vector<Shape> in_;
  const Shape out_;
  mutable std::vector<Held> waiting_;  ///< gradients of the last call, until they are asked for
};

// `shape` is that of a sample of the output.
TracedTensor numpy_op(nb::object layer, const std::string& name, const nb::list& x,
                      const nb::object& shape) {
  Slots in;
  std::vector<Shape> shapes;
  const std::vector<Expression> inputs = expressions_from(x);
  for (const Expression& each : inputs) {
    in.push_back(each.slot());
    shapes.push_back(each.shape());
  }
  Builder& b = inputs.at(0).builder();
  auto function = std::make_shared<const NumpyFunction>(std::move(layer), name, std::move(shapes),
                                                        shape_from(shape).with_rows());
  const ops::Custom op = {function.get(), function->name()};
  const Expression y(b, b.emit_one(What(op, function), in));
  b.ops().back().split = Split::one;
  return TracedTensor(y);
}

}  // namespace

void bind_numpy_ops(nb::module_& m) {
  m.def("numpy_op", numpy_op);
}

}  // namespace cornu::python
