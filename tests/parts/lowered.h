#pragma once

// Shared by the tests of parts: running a few ops alone, and the bound on the distance from Keras.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "../golden_files.h"
#include "cornu/cornu.h"
#include "cornu/plan/executor.h"
#include "cornu/plan/passes.h"

namespace cornu::inline v0 {

/// max|found − exact| ≤ tolerance · max|exact|.
inline void expect_close(TensorView found, TensorView exact, double tolerance,
                         const std::string& what) {
  ASSERT_EQ(found.size(), exact.size()) << what;
  ASSERT_GT(exact.size(), 0) << what;
  double largest = 0;
  for (int64_t i = 0; i < exact.size(); ++i) {
    if (std::isfinite(exact.at(i))) largest = std::max(largest, std::abs(exact.at(i)));
  }
  for (int64_t i = 0; i < exact.size(); ++i) {
    EXPECT_LE(std::abs(found.at(i) - exact.at(i)), tolerance * largest)
        << what << "[" << i << "]: " << found.at(i) << ", Keras " << exact.at(i);
  }
}

/// Largest error of float32 results against the float64 golden `name`: 2e-6, or twice the error of
/// Keras's own float32 results.
inline double tolerance(const formats::Safetensors& golden, const std::string& name) {
  const TensorView error = golden_tensor(golden, name + "_error");
  EXPECT_EQ(error.size(), 1) << name;
  return error.size() == 1 ? std::max(2e-6, 2 * error.at(0)) : 0;
}

inline void expect_as_keras(TensorView found, const formats::Safetensors& golden,
                            const std::string& name) {
  expect_close(found, golden_tensor(golden, name), tolerance(golden, name), name);
}

inline Tensor as_float(TensorView values) {
  Tensor result(values.shape());
  for (int64_t i = 0; i < values.size(); ++i) {
    result.span<float>()[static_cast<size_t>(i)] = static_cast<float>(values.at(i));
  }
  return result;
}

/// A few ops on given tensors, whose first axis is the batch's, run once.
class Lowered {
 public:
  using Lower = std::function<Slots(Builder&, const Slots& in)>;

  /// Runs them on `in`. `dy` is the gradient of the first output; without it, the gradients are
  /// those of the losses.
  Lowered(const Lower& lower, const std::vector<Tensor>& in, const Tensor* dy = nullptr) {
    Builder b;
    plan_ = {.mode = Mode::training, .real = DType::float32, .capacity = in[0].shape()[0]};
    for (const Tensor& each : in) plan_.inputs.push_back(slot_of(b, each));
    plan_.outputs = lower(b, plan_.inputs);
    if (dy != nullptr) {
      plan_.targets = {slot_of(b, *dy)};
      b.seed_gradient(plan_.outputs[0], plan_.targets[0]);
    }
    b.derive_gradients();
    for (const SlotId each : plan_.inputs) {
      gradients_.push_back(b.has_gradient(each) ? b.gradient(each) : kNone);
    }
    plan_.slots = b.slots();
    plan_.ops = b.ops();
    plan_.losses = b.losses();
    executor_ = make_executor(plan_, [](const Slot&) { return nullptr; },
                              {.without = {"shard_columns", "share_memory"}});
    workspace_ = executor_->make_workspace();
    batch_.x = in;
    if (dy != nullptr) batch_.y.push_back(*dy);
    batch_.rows = plan_.capacity;
    executor_->run(batch_, {}, *workspace_);
  }

  TensorView y() const { return value(plan_.outputs[0]); }
  /// dL/din[i]; an empty view if that input has no gradient.
  TensorView dx(size_t i = 0) const {
    return gradients_[i] == kNone ? TensorView() : value(gradients_[i]);
  }

 private:
  static SlotId slot_of(Builder& b, const Tensor& t) {
    return b.input("in", t.shape().without_rows().with_rows(), t.dtype());
  }
  TensorView value(SlotId slot) const { return executor_->value(slot, *workspace_, batch_.rows); }

  Plan plan_;
  Slots gradients_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Workspace> workspace_;
  Batch batch_;
};

}  // namespace cornu::inline v0
