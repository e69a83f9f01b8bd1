#pragma once

// Plans and data shared by the tests of this folder.

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cornu/datasets/dataset.h"
#include "cornu/layers/convolution.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/dropout.h"
#include "cornu/layers/flatten.h"
#include "cornu/layers/pooling.h"
#include "cornu/layers/reshape.h"
#include "cornu/plan/passes.h"

namespace cornu::inline v0 {

/// Bytes (5, 4), dense(6, sigmoid), dropout, dense(3, softmax).
inline Graph tutorial_graph(int64_t units = 6) {
  Graph graph;
  auto at = std::vector<int>{graph.add_input({5, 4})};
  at = graph.add(Flatten(), at);
  at = graph.add(Dense({.units = units, .activation = "sigmoid"}), at);
  at = graph.add(Dropout({.rate = 0.5F}), at);
  at = graph.add(Dense({.units = 3, .activation = "softmax"}), at);
  graph.set_outputs(at);
  graph.build(0);
  return graph;
}

/// Bytes (5, 4), dense(96, sigmoid), as (2, 3, 16), convolution(16, 1, `activation`), a max
/// pooling, dense(3, softmax).
inline Graph pooled_graph(const std::string& activation = "relu") {
  Graph graph;
  auto at = std::vector<int>{graph.add_input({5, 4})};
  at = graph.add(Flatten(), at);
  at = graph.add(Dense({.units = 96, .activation = "sigmoid"}), at);
  at = graph.add(Reshape({2, 3, 16}), at);
  at = graph.add(Conv2D(16, 1, activation), at);
  at = graph.add(MaxPooling2D(2, {1}), at);
  at = graph.add(Flatten(), at);
  at = graph.add(Dense({.units = 3, .activation = "softmax"}), at);
  graph.set_outputs(at);
  graph.build(0);
  return graph;
}

inline Plan plan_of(const Graph& graph, Mode mode, const Optimizer& optimizer = "adam",
                    int64_t capacity = 32) {
  const Spec spec{.x = {{{5, 4}, {.dtype = DType::uint8, .divisor = 255}}},
                  .y = {{{3}, {.dtype = DType::uint8, .classes = 3}}},
                  .size = 0};
  const Loss loss = "categorical_crossentropy";
  return make_plan(graph, spec, {loss}, &optimizer, {.mode = mode, .capacity = capacity});
}

/// Bytes (9, 10, channels), a third of them 0, to be divided by 255; labels 0 … 4.
inline Dataset image_bytes(int64_t count, int64_t channels) {
  Tensor x(Shape{count, 9, 10, channels}, DType::uint8);
  Tensor y(Shape{count}, DType::uint8);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<uint8_t>()[static_cast<size_t>(i)] = static_cast<uint8_t>(i * i % 251 * (i % 3));
  }
  for (int64_t i = 0; i < count; ++i) {
    y.span<uint8_t>()[static_cast<size_t>(i)] = static_cast<uint8_t>(i * 7 % 5);
  }
  return Dataset(std::move(x), std::move(y)).divide(255);
}

/// Every pass except `kept`.
inline std::vector<std::string> all_but(std::vector<std::string> kept) {
  std::vector<std::string> without;
  for (const Pass& pass : cpu_passes()) {
    if (std::find(kept.begin(), kept.end(), pass.name) == kept.end()) {
      without.emplace_back(pass.name);
    }
  }
  return without;
}

inline int count(const Plan& plan, std::string_view op) {
  return static_cast<int>(std::count_if(plan.ops.begin(), plan.ops.end(),
                                        [&](const Op& each) { return name(each.what) == op; }));
}

/// The products of a plan that satisfy a condition.
template <class Test>
int count_products(const Plan& plan, const Test& test) {
  return static_cast<int>(std::count_if(plan.ops.begin(), plan.ops.end(), [&](const Op& op) {
    return std::holds_alternative<ops::Product>(op.what) && test(op);
  }));
}

}  // namespace cornu::inline v0
