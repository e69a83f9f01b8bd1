#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <vector>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct UpSampling2DOptions {
  /// Times that each row and each column is repeated, or one number for both, > 0.
  std::vector<int64_t> size = {2, 2};
  /// "channels_last", the default: the axis of the channels is the last; "channels_first": it is
  /// the one after the batch's, and the input is turned first.
  std::optional<std::string> data_format = {};
  /// Must be "nearest".
  std::string interpolation = "nearest";
  /// Name in the model; empty: made from the class, "up_sampling2d", "up_sampling2d_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("size", self.size);
    v("data_format", self.data_format);
    v("interpolation", self.interpolation);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Repeats each row and each column of an image. Shapes: (None, height, width, channels) -> (None,
/// height · size, width · size, channels). Error for another number of axes, and for an
/// interpolation other than "nearest".
class CORNU_API UpSampling2D final : public Layer {
 public:
  static constexpr std::string_view kType = "UpSampling2D";
  using Options = UpSampling2DOptions;
  explicit UpSampling2D(UpSampling2DOptions options = {});
  /// The first option by position.
  template <class = void>
  explicit UpSampling2D(std::vector<int64_t> size)
      : UpSampling2D(UpSampling2DOptions{.size = std::move(size)}) {}
  /// The same, for rows and columns alike.
  template <std::integral Integer>
  explicit UpSampling2D(Integer size)
      : UpSampling2D(UpSampling2DOptions{.size = {static_cast<int64_t>(size)}}) {}
};

}  // namespace cornu::inline v0
