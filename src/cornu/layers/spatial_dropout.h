#pragma once

#include <optional>
#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct SpatialDropout1DOptions {
  /// Fraction of the channels that are dropped, 0 ≤ rate < 1.
  float rate = 0.5F;
  /// Random seed, ≥ 0; -1: the model's seed alone decides.
  int64_t seed = -1;
  /// Name in the model; empty: made from the class, "spatial_dropout1d", "spatial_dropout1d_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("rate", self.rate);
    v("seed", self.seed);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

struct SpatialDropout2DOptions {
  /// Fraction of the channels that are dropped, 0 ≤ rate < 1.
  float rate = 0.5F;
  /// "channels_last", the default: the axis of the channels is the last; "channels_first": it is
  /// the one after the batch's, and the input is turned first.
  std::optional<std::string> data_format = {};
  /// Random seed, ≥ 0; -1: the model's seed alone decides.
  int64_t seed = -1;
  /// Name in the model; empty: made from the class, "spatial_dropout2d", "spatial_dropout2d_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("rate", self.rate);
    v("data_format", self.data_format);
    v("seed", self.seed);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Drops whole channels of sequences in training (Tompson et al. 2015): each channel of a sample
/// with probability `rate`, and the kept ones are multiplied by 1 / (1 − rate); otherwise y = x.
/// Shapes: (None, steps, channels) -> the same. The mask depends on (the model's seed, seed, layer,
/// epoch, sample, channel) alone. Error for a rate outside [0, 1) and another number of axes.
class CORNU_API SpatialDropout1D final : public Layer {
 public:
  static constexpr std::string_view kType = "SpatialDropout1D";
  using Options = SpatialDropout1DOptions;
  explicit SpatialDropout1D(SpatialDropout1DOptions options);
  /// The first option by position.
  template <class = void>
  explicit SpatialDropout1D(double rate)
      : SpatialDropout1D(SpatialDropout1DOptions{.rate = static_cast<float>(rate)}) {}
};

/// Drops whole channels of images in training (Tompson et al. 2015): each channel of a sample with
/// probability `rate`, and the kept ones are multiplied by 1 / (1 − rate); otherwise y = x. Shapes:
/// (None, height, width, channels) -> the same. The mask depends on (the model's seed, seed, layer,
/// epoch, sample, channel) alone. Error for a rate outside [0, 1) and another number of axes.
class CORNU_API SpatialDropout2D final : public Layer {
 public:
  static constexpr std::string_view kType = "SpatialDropout2D";
  using Options = SpatialDropout2DOptions;
  explicit SpatialDropout2D(SpatialDropout2DOptions options);
  /// The first option by position.
  template <class = void>
  explicit SpatialDropout2D(double rate)
      : SpatialDropout2D(SpatialDropout2DOptions{.rate = static_cast<float>(rate)}) {}
};

}  // namespace cornu::inline v0
