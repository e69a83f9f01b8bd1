#pragma once

#include <optional>
#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct GlobalPoolingOptions {
  /// "channels_last", the default: the axis of the channels is the last; "channels_first": it is
  /// the one after the batch's, and the input is turned first.
  std::optional<std::string> data_format = {};
  /// Whether the pooled axes stay, with extent 1.
  bool keepdims = false;
  /// Name in the model; empty: made from the class, such as "global_max_pooling2d_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("data_format", self.data_format);
    v("keepdims", self.keepdims);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// The largest element of each channel of an image, or NaN if it has one; of equal ones the
/// gradient goes to the first, row by row. Shapes: (None, height, width, channels) -> (None,
/// channels), with keepdims (None, 1, 1, channels). Error for another number of axes.
class CORNU_API GlobalMaxPooling2D final : public Layer {
 public:
  static constexpr std::string_view kType = "GlobalMaxPooling2D";
  using Options = GlobalPoolingOptions;
  explicit GlobalMaxPooling2D(GlobalPoolingOptions options = {});
};

/// The mean of each channel of an image. Shapes: (None, height, width, channels) -> (None,
/// channels), with keepdims (None, 1, 1, channels). Error for another number of axes.
class CORNU_API GlobalAveragePooling2D final : public Layer {
 public:
  static constexpr std::string_view kType = "GlobalAveragePooling2D";
  using Options = GlobalPoolingOptions;
  explicit GlobalAveragePooling2D(GlobalPoolingOptions options = {});
};

/// The largest element of each channel of a sequence, or NaN if it has one; of equal ones the
/// gradient goes to the first. Shapes: (None, steps, channels) -> (None, channels), with keepdims
/// (None, 1, channels). Error for another number of axes.
class CORNU_API GlobalMaxPooling1D final : public Layer {
 public:
  static constexpr std::string_view kType = "GlobalMaxPooling1D";
  using Options = GlobalPoolingOptions;
  explicit GlobalMaxPooling1D(GlobalPoolingOptions options = {});
};

/// The mean of each channel of a sequence. Shapes: (None, steps, channels) -> (None, channels),
/// with keepdims (None, 1, channels). Error for another number of axes.
class CORNU_API GlobalAveragePooling1D final : public Layer {
 public:
  static constexpr std::string_view kType = "GlobalAveragePooling1D";
  using Options = GlobalPoolingOptions;
  explicit GlobalAveragePooling1D(GlobalPoolingOptions options = {});
};

// Keras's other names.
using GlobalMaxPool2D = GlobalMaxPooling2D;
using GlobalAvgPool2D = GlobalAveragePooling2D;
using GlobalMaxPool1D = GlobalMaxPooling1D;
using GlobalAvgPool1D = GlobalAveragePooling1D;

}  // namespace cornu::inline v0
