#include "cornu/layers/spatial_dropout.h"

#include <memory>
#include <type_traits>
#include <utility>

#include "cornu/layers/images_internal.h"

namespace cornu::inline v0 {
namespace {

template <class L>
class SpatialDropoutDescription final : public LayerWith<typename L::Options> {
 public:
  using LayerWith<typename L::Options>::LayerWith;
  using LayerWith<typename L::Options>::options;
  std::string_view type() const override { return L::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    channels_last(x[0], std::is_same_v<L, SpatialDropout1D> ? 1 : 2, format(), where);
  }

  Slots lower(Builder& b, Slots x, Mode mode) const override {
    if (mode != Mode::training || !(options.rate > 0)) return x;
    const ops::SpatialDropout drop = {options.rate, b.stream(options.seed)};
    const SlotId y = b.emit_one(drop, {to_channels_last(b, x[0], format())});
    return {from_channels_last(b, y, format())};
  }

 private:
  DataFormat format() const {
    if constexpr (std::is_same_v<L, SpatialDropout2D>) {
      return options.data_format;
    } else {
      return {};
    }
  }
};

template <class L>
typename L::Options checked_rate(typename L::Options options) {
  require<L>(options.rate >= 0 && options.rate < 1, options, "rate", "0 <= rate < 1",
             shortest(static_cast<double>(options.rate)),
             "rate is the fraction of the channels that is dropped");
  if constexpr (std::is_same_v<L, SpatialDropout2D>) require_data_format<L>(options);
  return options;
}

}  // namespace

SpatialDropout1D::SpatialDropout1D(SpatialDropout1DOptions options)
    : Layer(std::make_shared<SpatialDropoutDescription<SpatialDropout1D>>(
          checked_rate<SpatialDropout1D>(std::move(options)))) {}

SpatialDropout2D::SpatialDropout2D(SpatialDropout2DOptions options)
    : Layer(std::make_shared<SpatialDropoutDescription<SpatialDropout2D>>(
          checked_rate<SpatialDropout2D>(std::move(options)))) {}

}  // namespace cornu::inline v0
