#include "cornu/layers/global_pooling.h"

#include <memory>
#include <utility>

#include "cornu/layers/images_internal.h"

namespace cornu::inline v0 {
namespace {

/// One window over the whole image.
template <class L>
class GlobalPoolingDescription final : public LayerWith<GlobalPoolingOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return L::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    const Shape image = as_image(channels_last(x[0], kAxes, options.data_format, where));
    constexpr int64_t kMost = int64_t{1} << 24;  // kernels count them in floats
    if (image[1] < 1 || image[2] < 1 || image[2] > kMost / image[1]) {
      throw Error({.where = where,
                   .expected = "channels of 1 to 16,777,216 elements",
                   .found = x[0].str()});
    }
  }

  Slots lower(Builder& b, Slots x, Mode mode) const override {
    const SlotId image = as_image(b, to_channels_last(b, x[0], options.data_format));
    const int64_t rows = b.slot(image).shape[1];
    const int64_t cols = b.slot(image).shape[2];
    const ops::Window whole = {rows, cols, rows, cols};
    SlotId y;
    if constexpr (L::kType.starts_with("GlobalMax")) {
      y = b.emit(ops::MaxPool{whole, mode == Mode::training}, {image})[0];
    } else {
      y = b.emit_one(ops::AveragePool{whole}, {image});
    }
    return {b.reshape(y, shape_of(b.slot(y).shape))};
  }

 private:
  static constexpr int kAxes = L::kType.ends_with("1D") ? 1 : 2;

  // That of the output, from (None, 1, 1, channels).
  Shape shape_of(const Shape& pooled) const {
    if (!options.keepdims) return {pooled[0], pooled[3]};
    const Shape kept = kAxes == 1 ? Shape{pooled[0], 1, pooled[3]} : pooled;
    return in_data_format(kept, options.data_format);
  }
};

template <class L>
std::shared_ptr<const LayerDescription> described_global_pooling(GlobalPoolingOptions options) {
  require_data_format<L>(options);
  return std::make_shared<GlobalPoolingDescription<L>>(std::move(options));
}

}  // namespace

GlobalMaxPooling2D::GlobalMaxPooling2D(GlobalPoolingOptions options)
    : Layer(described_global_pooling<GlobalMaxPooling2D>(std::move(options))) {}

GlobalAveragePooling2D::GlobalAveragePooling2D(GlobalPoolingOptions options)
    : Layer(described_global_pooling<GlobalAveragePooling2D>(std::move(options))) {}

GlobalMaxPooling1D::GlobalMaxPooling1D(GlobalPoolingOptions options)
    : Layer(described_global_pooling<GlobalMaxPooling1D>(std::move(options))) {}

GlobalAveragePooling1D::GlobalAveragePooling1D(GlobalPoolingOptions options)
    : Layer(described_global_pooling<GlobalAveragePooling1D>(std::move(options))) {}

}  // namespace cornu::inline v0
