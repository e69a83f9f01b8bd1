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

struct DepthwiseConv2DOptions {
  /// Height and width of the kernels, or one number for both, > 0; required.
  std::vector<int64_t> kernel_size = {};
  /// Steps from one place of a kernel to the next, down and across, or one number for both, > 0.
  std::vector<int64_t> strides = {1, 1};
  /// "valid": the kernels lie inside the input; "same": zeros around it, so that there is a place
  /// for each step.
  std::string padding = "valid";
  /// Number of kernels for each channel, and so of outputs, > 0.
  int64_t depth_multiplier = 1;
  /// "channels_last", the default: the axis of the channels is the last; "channels_first": it is
  /// the one after the batch's, and the input is turned first.
  std::optional<std::string> data_format = {};
  /// Distance between the pixels that a kernel sees, down and across, or one number for both, > 0.
  std::vector<int64_t> dilation_rate = {1, 1};
  /// Function of the outputs; "linear": y = x.
  Activation activation = "linear";
  /// Whether a bias is added.
  bool use_bias = true;
  /// Values of the kernels before training.
  Initializer depthwise_initializer = "glorot_uniform";
  /// Values of the bias (channels · depth_multiplier,) before training.
  Initializer bias_initializer = "zeros";
  /// Penalty on the kernels, or none.
  Regularizer depthwise_regularizer = {};
  /// Penalty on the bias, or none.
  Regularizer bias_regularizer = {};
  /// Name in the model; empty: made from the class, "depthwise_conv2d", "depthwise_conv2d_1".
  std::string name = {};
  /// Whether training changes its weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("kernel_size", self.kernel_size);
    v("strides", self.strides);
    v("padding", self.padding);
    v("depth_multiplier", self.depth_multiplier);
    v("data_format", self.data_format);
    v("dilation_rate", self.dilation_rate);
    v("activation", self.activation);
    v("use_bias", self.use_bias);
    v("depthwise_initializer", self.depthwise_initializer);
    v("bias_initializer", self.bias_initializer);
    v("depthwise_regularizer", self.depthwise_regularizer);
    v("bias_regularizer", self.bias_regularizer);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Each channel of images is convolved for itself, with depth_multiplier kernels of its own:
/// y[channel · depth_multiplier + m] = activation(Σ x[channel] · kernel[channel, m] + bias) over
/// the pixels that the kernel sees (Sifre 2014; Chollet 2017, first step). Shapes: x (None, height,
/// width, channels), kernel (kernel height, kernel width, channels, depth_multiplier), bias
/// (channels · depth_multiplier) -> y (None, n, m, channels · depth_multiplier), n = (height −
/// span) / strides + 1 rounded down, span = dilation_rate · (kernel height − 1) + 1; with "same"
/// padding height / strides rounded up. Error for another number of axes, and if the kernel does
/// not fit.
class CORNU_API DepthwiseConv2D final : public Layer {
 public:
  static constexpr std::string_view kType = "DepthwiseConv2D";
  using Options = DepthwiseConv2DOptions;
  explicit DepthwiseConv2D(DepthwiseConv2DOptions options);
  /// The first three options by position.
  template <class = void>
  explicit DepthwiseConv2D(std::vector<int64_t> kernel_size, std::vector<int64_t> strides = {1, 1},
                           std::string padding = "valid")
      : DepthwiseConv2D(DepthwiseConv2DOptions{.kernel_size = std::move(kernel_size),
                                               .strides = std::move(strides),
                                               .padding = std::move(padding)}) {}
  /// The same, for square kernels.
  template <std::integral Integer>
  explicit DepthwiseConv2D(Integer kernel_size, std::vector<int64_t> strides = {1, 1},
                           std::string padding = "valid")
      : DepthwiseConv2D(DepthwiseConv2DOptions{.kernel_size = {static_cast<int64_t>(kernel_size)},
                                               .strides = std::move(strides),
                                               .padding = std::move(padding)}) {}
};

}  // namespace cornu::inline v0
