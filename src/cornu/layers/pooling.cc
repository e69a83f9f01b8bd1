#include "cornu/layers/pooling.h"

#include <memory>
#include <type_traits>

#include "cornu/layers/images_internal.h"

namespace cornu::inline v0 {
namespace {

template <class L>
constexpr int kPooledAxes = std::is_same_v<typename L::Options, Pooling1DOptions> ? 1 : 2;

template <class L>
class PoolingDescription final : public LayerWith<typename L::Options> {
 public:
  using LayerWith<typename L::Options>::LayerWith;
  using LayerWith<typename L::Options>::options;
  std::string_view type() const override { return L::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    const Shape image = as_image(channels_last(x[0], kPooledAxes<L>, options.data_format, where));
    const ops::Window window = window_of();
    const int64_t least_rows = window.same ? 1 : window.height;
    const int64_t least_cols = window.same ? 1 : window.width;
    if (image[1] < least_rows || image[2] < least_cols) {
      throw Error({.where = where,
                   .field = "pool_size",
                   .expected = "windows that fit into the input, " + x[0].str(),
                   .found = "pool_size " + Value(to_value(options.pool_size)).str(),
                   .hint = "padding \"same\" allows windows that reach over the edges"});
    }
  }

  Slots lower(Builder& b, Slots x, Mode mode) const override {
    const SlotId image = as_image(b, to_channels_last(b, x[0], options.data_format));
    SlotId y;
    if constexpr (L::kType.starts_with("Max")) {
      y = b.emit(ops::MaxPool{window_of(), mode == Mode::training}, {image})[0];
    } else {
      y = b.emit_one(ops::AveragePool{window_of()}, {image});
    }
    if (kPooledAxes<L> == 1) y = as_sequence(b, y);
    return {from_channels_last(b, y, options.data_format)};
  }

 private:
  ops::Window window_of() const {
    const std::vector<int64_t>& size = options.pool_size;
    const std::vector<int64_t>& step = options.strides.empty() ? size : options.strides;
    const bool is_line = kPooledAxes<L> == 1;
    return {is_line ? 1 : size[0], size.back(), is_line ? 1 : step[0], step.back(),
            options.padding == "same"};
  }
};

template <class L>
std::shared_ptr<const LayerDescription> described_pooling(typename L::Options options) {
  constexpr auto kAxes = static_cast<size_t>(kPooledAxes<L>);
  options.pool_size = per_axis<L>(options, "pool_size", std::move(options.pool_size), kAxes);
  if (!options.strides.empty()) {
    options.strides = per_axis<L>(options, "strides", std::move(options.strides), kAxes);
  }
  require<L>(options.padding == "valid" || options.padding == "same", options, "padding",
             "\"valid\" or \"same\"", "\"" + options.padding + "\"");
  require_data_format<L>(options);
  // Kernels count the elements of a window in floats.
  const int64_t height = options.pool_size[0];
  require<L>(options.pool_size.back() <= kMostPerAxis / height, options, "pool_size",
             "a window of at most 16,777,216 elements", Value(to_value(options.pool_size)).str());
  return std::make_shared<PoolingDescription<L>>(std::move(options));
}

}  // namespace

MaxPooling2D::MaxPooling2D(Pooling2DOptions options)
    : Layer(described_pooling<MaxPooling2D>(std::move(options))) {}

AveragePooling2D::AveragePooling2D(Pooling2DOptions options)
    : Layer(described_pooling<AveragePooling2D>(std::move(options))) {}

MaxPooling1D::MaxPooling1D(Pooling1DOptions options)
    : Layer(described_pooling<MaxPooling1D>(std::move(options))) {}

AveragePooling1D::AveragePooling1D(Pooling1DOptions options)
    : Layer(described_pooling<AveragePooling1D>(std::move(options))) {}

}  // namespace cornu::inline v0
