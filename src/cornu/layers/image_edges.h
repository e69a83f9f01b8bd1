#pragma once

#include <concepts>
#include <optional>
#include <string>

#include "cornu/layers/edges.h"
#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct ZeroPadding2DOptions {
  /// Rows and columns of zeros: one number for every edge, one for the rows and one for the
  /// columns, or top, bottom, left, right; >= 0.
  Edges padding = {1};
  /// "channels_last", the default: the axis of the channels is the last; "channels_first": it is
  /// the one after the batch's.
  std::optional<std::string> data_format = {};
  /// Name in the model; empty: made from the class, "zero_padding2d", "zero_padding2d_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("padding", self.padding);
    v("data_format", self.data_format);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

struct Cropping2DOptions {
  /// Rows and columns that are cut away: one number for every edge, one for the rows and one for
  /// the columns, or top, bottom, left, right; >= 0.
  Edges cropping = {};
  /// "channels_last", the default: the axis of the channels is the last; "channels_first": it is
  /// the one after the batch's.
  std::optional<std::string> data_format = {};
  /// Name in the model; empty: made from the class, "cropping2d", "cropping2d_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("cropping", self.cropping);
    v("data_format", self.data_format);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Puts rows and columns of zeros around an image. Shapes: (None, height, width, channels) ->
/// (None, top + height + bottom, left + width + right, channels). Error for another number of axes.
class CORNU_API ZeroPadding2D final : public Layer {
 public:
  static constexpr std::string_view kType = "ZeroPadding2D";
  using Options = ZeroPadding2DOptions;
  explicit ZeroPadding2D(ZeroPadding2DOptions options = {});
  /// The same number at each edge.
  template <std::integral Integer>
  explicit ZeroPadding2D(Integer padding)
      : ZeroPadding2D(ZeroPadding2DOptions{.padding = static_cast<int64_t>(padding)}) {}
};

/// Cuts rows and columns away from an image. Shapes: (None, height, width, channels) -> (None,
/// height − top − bottom, width − left − right, channels). Error for another number of axes, and if
/// nothing remains.
class CORNU_API Cropping2D final : public Layer {
 public:
  static constexpr std::string_view kType = "Cropping2D";
  using Options = Cropping2DOptions;
  explicit Cropping2D(Cropping2DOptions options = {});
  /// The same number at each edge.
  template <std::integral Integer>
  explicit Cropping2D(Integer cropping)
      : Cropping2D(Cropping2DOptions{.cropping = static_cast<int64_t>(cropping)}) {}
};

}  // namespace cornu::inline v0
