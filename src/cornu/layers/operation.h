#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cornu/layers/layer.h"
#include "cornu/ops/expression.h"

namespace cornu::inline v0 {

struct OperationOptions {
  /// Name of a function in Keras's ops, "mean", or of an activation.
  std::string function = "identity";
  std::optional<double> left = {};   ///< a number in place of the first operand; clip: the least
  std::optional<double> right = {};  ///< a number in place of the second operand; clip: the most
  /// sum, mean: the axes; empty: all. concatenate, softmax, log_softmax: the axis; empty: the last
  std::vector<int64_t> axis = {};
  bool keepdims = false;            ///< sum, mean: whether their axes stay, with extent 1
  std::vector<int64_t> shape = {};  ///< reshape: the shape of a sample; one extent may be -1
  std::string name = {};            ///< name in the model; empty: made from the class, "operation"
  bool trainable = true;            ///< has no effect: the layer has no weights

  static void visit_fields(auto& self, auto& v) {
    v("function", self.function);
    v("left", self.left);
    v("right", self.right);
    v("axis", self.axis);
    v("keepdims", self.keepdims);
    v("shape", self.shape);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// A function of one tensor or several, as a layer: Keras's ops in a network.
/// Shapes: as NumPy's; the batch axis stays.
class CORNU_API Operation final : public Layer {
 public:
  static constexpr std::string_view kType = "Operation";
  using Options = OperationOptions;
  explicit Operation(OperationOptions options = {});
};

/// The function that the options name, of these tensors. Error, with the names that there are, for
/// an unknown one, and for a wrong number of tensors.
CORNU_API Expression operate(const OperationOptions& options, const std::vector<Expression>& x);

/// The names of the functions.
CORNU_API std::vector<std::string> operation_names();

}  // namespace cornu::inline v0
