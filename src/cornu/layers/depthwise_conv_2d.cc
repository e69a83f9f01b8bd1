#include "cornu/layers/depthwise_conv_2d.h"

#include <memory>

#include "cornu/layers/images_internal.h"

namespace cornu::inline v0 {
namespace {

using DepthwiseOptions = DepthwiseConv2DOptions;

class DepthwiseDescription final : public LayerWith<DepthwiseOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return DepthwiseConv2D::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    const Shape last = channels_last(x[0], 2, options.data_format, where);
    if (last[3] > kLargestExtent / options.depth_multiplier) {
      throw Error({.where = where,
                   .field = "depth_multiplier",
                   .expected = "below 2,147,483,648 channels of the output",
                   .found = "depth_multiplier " + std::to_string(options.depth_multiplier)});
    }
    require_kernel_fits(sliding(last).sliding, options.kernel_size, x[0], where);
  }

  std::vector<WeightSpec> weights(const Shapes& x) const override {
    const int64_t channels = channels_last(x[0], 2, options.data_format, "")[3];
    const Shape kernel = {options.kernel_size[0], options.kernel_size[1], channels,
                          options.depth_multiplier};
    std::vector<WeightSpec> specs = {
        {"kernel", kernel, options.depthwise_initializer, options.depthwise_regularizer}};
    if (options.use_bias) {
      specs.push_back({"bias",
                       {channels * options.depth_multiplier},
                       options.bias_initializer,
                       options.bias_regularizer});
    }
    return specs;
  }

  Slots lower(Builder& b, Slots x, Mode) const override {
    const SlotId image = to_channels_last(b, x[0], options.data_format);
    const ops::DepthwiseSliding over = sliding(b.slot(image).shape);
    const SlotId kernel = b.reshape(b.weight("kernel"), Shape{over.num_weights()});
    const SlotId bias = options.use_bias ? b.weight("bias") : kNone;
    const SlotId sums = b.emit_one(ops::Depthwise{over}, {image, kernel, bias});
    return {from_channels_last(b, options.activation.lower(b, sums), options.data_format)};
  }

 private:
  ops::DepthwiseSliding sliding(const Shape& image) const {
    ops::Sliding s = {.extents = {{image[1], image[2]}}, .channels = image[3]};
    for (size_t axis = 0; axis < 2; ++axis) {
      s.size[axis] = options.kernel_size[axis];
      s.strides[axis] = options.strides[axis];
      s.dilation[axis] = options.dilation_rate[axis];
      if (options.padding == "same") pad_as_same(s, axis);
    }
    return {s, options.depth_multiplier};
  }
};

std::shared_ptr<const LayerDescription> described_depthwise(DepthwiseOptions options) {
  using L = DepthwiseConv2D;
  options.kernel_size = per_axis<L>(options, "kernel_size", std::move(options.kernel_size), 2);
  require<L>(options.kernel_size[1] <= kMostPerAxis / options.kernel_size[0], options,
             "kernel_size", "a kernel of at most 16,777,216 elements",
             Value(to_value(options.kernel_size)).str());
  options.strides = per_axis<L>(options, "strides", std::move(options.strides), 2);
  options.dilation_rate =
      per_axis<L>(options, "dilation_rate", std::move(options.dilation_rate), 2);
  require<L>(options.padding == "valid" || options.padding == "same", options, "padding",
             "\"valid\" or \"same\"", "\"" + options.padding + "\"");
  require<L>(options.depth_multiplier >= 1, options, "depth_multiplier", "depth_multiplier > 0",
             std::to_string(options.depth_multiplier),
             "depth_multiplier is the number of kernels for each channel");
  require_data_format<L>(options);
  for (size_t axis = 0; axis < 2; ++axis) {
    require<L>(options.strides[axis] == 1 || options.dilation_rate[axis] == 1, options, "strides",
               "strides of 1 where dilation_rate is not", Value(to_value(options.strides)).str());
  }
  return std::make_shared<DepthwiseDescription>(std::move(options));
}

}  // namespace

DepthwiseConv2D::DepthwiseConv2D(DepthwiseConv2DOptions options)
    : Layer(described_depthwise(std::move(options))) {}

}  // namespace cornu::inline v0
