#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct MergeOptions {
  std::string name = {};  ///< name in the model; empty: made from the class, such as "add_1"
  bool trainable = true;  ///< has no effect: the layer has no weights

  static void visit_fields(auto& self, auto& v) {
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Adds its inputs, element by element: y = a + b + ….
/// Shapes: two or more inputs of one shape (None, …) -> y the same. Error if they differ.
class CORNU_API Add final : public Layer {
 public:
  static constexpr std::string_view kType = "Add";
  using Options = MergeOptions;
  explicit Add(MergeOptions options = {});
};

/// Subtracts the second input from the first, element by element: y = a − b.
/// Shapes: two inputs of one shape (None, …) -> y the same. Error if they differ.
class CORNU_API Subtract final : public Layer {
 public:
  static constexpr std::string_view kType = "Subtract";
  using Options = MergeOptions;
  explicit Subtract(MergeOptions options = {});
};

/// Multiplies its inputs, element by element: y = a · b · ….
/// Shapes: two or more inputs of one shape (None, …) -> y the same. Error if they differ.
class CORNU_API Multiply final : public Layer {
 public:
  static constexpr std::string_view kType = "Multiply";
  using Options = MergeOptions;
  explicit Multiply(MergeOptions options = {});
};

/// The mean of its inputs, element by element: y = (a + b + …) / n.
/// Shapes: two or more inputs of one shape (None, …) -> y the same. Error if they differ.
class CORNU_API Average final : public Layer {
 public:
  static constexpr std::string_view kType = "Average";
  using Options = MergeOptions;
  explicit Average(MergeOptions options = {});
};

/// The largest of its inputs, element by element: y = the largest of a, b, …; if several are equal,
/// the gradient goes to the first of them. Shapes: two or more inputs of one shape (None, …) -> y
/// the same. Error if they differ.
class CORNU_API Maximum final : public Layer {
 public:
  static constexpr std::string_view kType = "Maximum";
  using Options = MergeOptions;
  explicit Maximum(MergeOptions options = {});
};

/// The smallest of its inputs, element by element: y = the smallest of a, b, …; if several are
/// equal, the gradient goes to the first of them. Shapes: two or more inputs of one shape (None, …)
/// -> y the same. Error if they differ.
class CORNU_API Minimum final : public Layer {
 public:
  static constexpr std::string_view kType = "Minimum";
  using Options = MergeOptions;
  explicit Minimum(MergeOptions options = {});
};

}  // namespace cornu::inline v0
