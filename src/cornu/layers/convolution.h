#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/activations/activation.h"
#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct Conv2DOptions {
  /// Number of filters, the channels of the output; required, > 0.
  int64_t filters = 0;
  /// Height and width of the kernel, or one number for both, > 0; required.
  std::vector<int64_t> kernel_size = {};
  /// Steps from one place of the kernel to the next, down and across, or one number for both, > 0.
  std::vector<int64_t> strides = {1, 1};
  /// "valid": the kernel lies inside the input; "same": zeros around it, so that there is a place
  /// for each step.
  std::string padding = "valid";
  /// "channels_last", the default: the axis of the channels is the last; "channels_first": it is
  /// the one after the batch's, and the input is turned first.
  std::optional<std::string> data_format = {};
  /// Distance between the pixels that a kernel sees, down and across, or one number for both, > 0.
  std::vector<int64_t> dilation_rate = {1, 1};
  /// Parts into which input channels and filters are divided, each filter seeing the channels of
  /// its own; divides both.
  int64_t groups = 1;
  /// Function of the outputs; "linear": y = x.
  Activation activation = "linear";
  /// Whether a bias is added.
  bool use_bias = true;
  /// Values of the kernel before training.
  Initializer kernel_initializer = "glorot_uniform";
  /// Values of the bias (filters,) before training.
  Initializer bias_initializer = "zeros";
  /// Penalty on the kernel, or none.
  Regularizer kernel_regularizer = {};
  /// Penalty on the bias, or none.
  Regularizer bias_regularizer = {};
  /// Name in the model; empty: made from the class, "conv2d", "conv2d_1".
  std::string name = {};
  /// Whether training changes its weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("filters", self.filters);
    v("kernel_size", self.kernel_size);
    v("strides", self.strides);
    v("padding", self.padding);
    v("data_format", self.data_format);
    v("dilation_rate", self.dilation_rate);
    v("groups", self.groups);
    v("activation", self.activation);
    v("use_bias", self.use_bias);
    v("kernel_initializer", self.kernel_initializer);
    v("bias_initializer", self.bias_initializer);
    v("kernel_regularizer", self.kernel_regularizer);
    v("bias_regularizer", self.bias_regularizer);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

struct Conv1DOptions {
  /// Number of filters, the channels of the output; required, > 0.
  int64_t filters = 0;
  /// Length of the kernel, > 0; required.
  std::vector<int64_t> kernel_size = {};
  /// Steps from one place of the kernel to the next, > 0.
  std::vector<int64_t> strides = {1};
  /// "valid": the kernel lies inside the input; "same": zeros around it, so that there is a place
  /// for each step; "causal": the same zeros, all of them before it.
  std::string padding = "valid";
  /// "channels_last", the default: the axis of the channels is the last; "channels_first": it is
  /// the one after the batch's, and the input is turned first.
  std::optional<std::string> data_format = {};
  /// Distance between the elements that a kernel sees, > 0.
  std::vector<int64_t> dilation_rate = {1};
  /// Parts into which input channels and filters are divided, each filter seeing the channels of
  /// its own; divides both.
  int64_t groups = 1;
  /// Function of the outputs; "linear": y = x.
  Activation activation = "linear";
  /// Whether a bias is added.
  bool use_bias = true;
  /// Values of the kernel before training.
  Initializer kernel_initializer = "glorot_uniform";
  /// Values of the bias (filters,) before training.
  Initializer bias_initializer = "zeros";
  /// Penalty on the kernel, or none.
  Regularizer kernel_regularizer = {};
  /// Penalty on the bias, or none.
  Regularizer bias_regularizer = {};
  /// Name in the model; empty: made from the class, "conv1d", "conv1d_1".
  std::string name = {};
  /// Whether training changes its weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("filters", self.filters);
    v("kernel_size", self.kernel_size);
    v("strides", self.strides);
    v("padding", self.padding);
    v("data_format", self.data_format);
    v("dilation_rate", self.dilation_rate);
    v("groups", self.groups);
    v("activation", self.activation);
    v("use_bias", self.use_bias);
    v("kernel_initializer", self.kernel_initializer);
    v("bias_initializer", self.bias_initializer);
    v("kernel_regularizer", self.kernel_regularizer);
    v("bias_regularizer", self.bias_regularizer);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Filters slide over images: at each place y = activation(Σ x · kernel + bias) over the pixels and
/// channels that the filter sees, which is called a convolution though the kernel is not turned
/// around (LeCun et al. 1989). Shapes: x (None, height, width, channels), kernel (kernel height,
/// kernel width, channels / groups, filters), bias (filters) -> y (None, n, m, filters), n =
/// (height − span) / strides + 1 rounded down, span = dilation_rate · (kernel height − 1) + 1; with
/// "same" padding height / strides rounded up. Error for another number of axes, if the kernel does
/// not fit, or if groups does not divide channels and filters.
class CORNU_API Conv2D final : public Layer {
 public:
  static constexpr std::string_view kType = "Conv2D";
  using Options = Conv2DOptions;
  explicit Conv2D(Conv2DOptions options);
  /// The first options by position; one number for a square kernel.
  template <std::integral Integer>
  Conv2D(Integer filters, int64_t kernel_size, Activation activation = "linear")
      : Conv2D(Conv2DOptions{.filters = static_cast<int64_t>(filters),
                             .kernel_size = {kernel_size},
                             .activation = std::move(activation)}) {}
};

/// Filters slide over sequences: at each place y = activation(Σ x · kernel + bias) over the steps
/// and channels that the filter sees. Shapes: x (None, steps, channels), kernel (kernel_size,
/// channels / groups, filters), bias (filters) -> y (None, n, filters), n = (steps − span) /
/// strides + 1 rounded down, span = dilation_rate · (kernel_size − 1) + 1; with "same" or "causal"
/// padding steps / strides rounded up. Error for another number of axes, if the kernel does not
/// fit, or if groups does not divide channels and filters.
class CORNU_API Conv1D final : public Layer {
 public:
  static constexpr std::string_view kType = "Conv1D";
  using Options = Conv1DOptions;
  explicit Conv1D(Conv1DOptions options);
  /// The first options by position; one number for a kernel as long.
  template <std::integral Integer>
  Conv1D(Integer filters, int64_t kernel_size, Activation activation = "linear")
      : Conv1D(Conv1DOptions{.filters = static_cast<int64_t>(filters),
                             .kernel_size = {kernel_size},
                             .activation = std::move(activation)}) {}
};

// Keras's other names.
using Convolution2D = Conv2D;
using Convolution1D = Conv1D;

}  // namespace cornu::inline v0
