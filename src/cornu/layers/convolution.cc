#include "cornu/layers/convolution.h"

#include <memory>
#include <type_traits>

#include "cornu/layers/images_internal.h"

namespace cornu::inline v0 {
namespace {

template <class L>
constexpr int kConvolvedAxes = std::is_same_v<L, Conv1D> ? 1 : 2;

template <class L>
class ConvolutionDescription final : public LayerWith<typename L::Options> {
 public:
  using LayerWith<typename L::Options>::LayerWith;
  using LayerWith<typename L::Options>::options;
  std::string_view type() const override { return L::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    const Shape last = channels_last(x[0], kConvolvedAxes<L>, options.data_format, where);
    if (last.back() % options.groups != 0) {
      throw Error({.where = where,
                   .field = "groups",
                   .expected = "groups that divide the channels of the input, " + x[0].str(),
                   .found = "groups " + std::to_string(options.groups)});
    }
    require_kernel_fits(sliding(as_image(last)), options.kernel_size, x[0], where);
  }

  std::vector<WeightSpec> weights(const Shapes& x) const override {
    const Shape last = channels_last(x[0], kConvolvedAxes<L>, options.data_format, "");
    std::vector<int64_t> kernel = options.kernel_size;
    kernel.push_back(last.back() / options.groups);
    kernel.push_back(options.filters);
    std::vector<WeightSpec> specs = {
        {"kernel", Shape(kernel), options.kernel_initializer, options.kernel_regularizer}};
    if (options.use_bias) {
      specs.push_back(
          {"bias", {options.filters}, options.bias_initializer, options.bias_regularizer});
    }
    return specs;
  }

  Slots lower(Builder& b, Slots x, Mode) const override {
    const SlotId image = as_image(b, to_channels_last(b, x[0], options.data_format));
    const ops::Sliding s = sliding(b.slot(image).shape);
    const SlotId kernel = b.reshape(b.weight("kernel"), Shape{s.depth(), options.filters});
    const SlotId bias = options.use_bias ? b.weight("bias") : kNone;
    SlotId y = options.activation.lower(b, b.emit_one(ops::Convolution{s}, {image, kernel, bias}));
    if (kConvolvedAxes<L> == 1) y = as_sequence(b, y);
    return {from_channels_last(b, y, options.data_format)};
  }

 private:
  ops::Sliding sliding(const Shape& image) const {
    ops::Sliding s = {
        .extents = {{image[1], image[2]}}, .channels = image[3], .groups = options.groups};
    constexpr size_t kFirst = 2 - kConvolvedAxes<L>;
    for (size_t axis = kFirst; axis < 2; ++axis) {
      s.size[axis] = options.kernel_size[axis - kFirst];
      s.strides[axis] = options.strides[axis - kFirst];
      s.dilation[axis] = options.dilation_rate[axis - kFirst];
      add_padding(s, axis);
    }
    return s;
  }

  void add_padding(ops::Sliding& s, size_t axis) const {
    if (options.padding == "causal") {
      s.before[axis] = s.span(axis) - 1;
    } else if (options.padding == "same") {
      pad_as_same(s, axis);
    }
  }
};

template <class L>
std::shared_ptr<const LayerDescription> described_convolution(typename L::Options options) {
  constexpr auto kAxes = static_cast<size_t>(kConvolvedAxes<L>);
  require<L>(options.filters >= 1, options, "filters", "filters > 0",
             std::to_string(options.filters), "filters is the number of channels of the output");
  options.kernel_size = per_axis<L>(options, "kernel_size", std::move(options.kernel_size), kAxes);
  require<L>(options.kernel_size.back() <= kMostPerAxis / options.kernel_size[0], options,
             "kernel_size", "a kernel of at most 16,777,216 elements",
             Value(to_value(options.kernel_size)).str());
  options.strides = per_axis<L>(options, "strides", std::move(options.strides), kAxes);
  options.dilation_rate =
      per_axis<L>(options, "dilation_rate", std::move(options.dilation_rate), kAxes);
  const bool is_causal = kAxes == 1 && options.padding == "causal";
  require<L>(options.padding == "valid" || options.padding == "same" || is_causal, options,
             "padding", kAxes == 1 ? "\"valid\", \"same\" or \"causal\"" : "\"valid\" or \"same\"",
             "\"" + options.padding + "\"");
  require_data_format<L>(options);
  require<L>(options.groups >= 1 && options.filters % options.groups == 0, options, "groups",
             "groups that divide the filters, " + std::to_string(options.filters),
             std::to_string(options.groups));
  for (size_t axis = 0; axis < kAxes; ++axis) {
    require<L>(options.strides[axis] == 1 || options.dilation_rate[axis] == 1, options, "strides",
               "strides of 1 where dilation_rate is not", Value(to_value(options.strides)).str());
  }
  return std::make_shared<ConvolutionDescription<L>>(std::move(options));
}

}  // namespace

Conv2D::Conv2D(Conv2DOptions options) : Layer(described_convolution<Conv2D>(std::move(options))) {}

Conv1D::Conv1D(Conv1DOptions options) : Layer(described_convolution<Conv1D>(std::move(options))) {}

}  // namespace cornu::inline v0
