#include "cornu/layers/up_sampling_2d.h"

#include <utility>

#include "cornu/layers/images_internal.h"

namespace cornu::inline v0 {
namespace {

class UpSampling2DDescription final : public LayerWith<UpSampling2DOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return UpSampling2D::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    channels_last(x[0], 2, options.data_format, where);
  }

  Slots lower(Builder& b, Slots x, Mode) const override {
    const SlotId image = to_channels_last(b, x[0], options.data_format);
    const Shape& shape = b.slot(image).shape;
    const int64_t rows = options.size[0];
    const int64_t cols = options.size[1];
    const ops::AveragePoolBack repeat = {
        {rows, cols, rows, cols}, shape[1] * rows, shape[2] * cols, false};
    return {from_channels_last(b, b.emit_one(repeat, {image}), options.data_format)};
  }
};

UpSampling2DOptions checked(UpSampling2DOptions options) {
  options.size = per_axis<UpSampling2D>(options, "size", std::move(options.size), 2);
  require<UpSampling2D>(options.interpolation == "nearest", options, "interpolation", "\"nearest\"",
                        "\"" + options.interpolation + "\"", "Cornu has no other interpolation");
  require_data_format<UpSampling2D>(options);
  return options;
}

}  // namespace

UpSampling2D::UpSampling2D(UpSampling2DOptions options)
    : Layer(std::make_shared<UpSampling2DDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
