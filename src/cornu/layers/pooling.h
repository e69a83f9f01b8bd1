#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct Pooling2DOptions {
  /// Height and width of the window, or one number for both, > 0.
  std::vector<int64_t> pool_size = {2, 2};
  /// Steps from one window to the next, down and to the right, or one number for both, > 0; empty:
  /// as pool_size, so that windows do not overlap.
  std::vector<int64_t> strides = {};
  /// "valid": windows lie inside the input; "same": a window for each step, of which only the
  /// elements inside count.
  std::string padding = "valid";
  /// "channels_last", the default: the axis of the channels is the last; "channels_first": it is
  /// the one after the batch's, and the input is turned first.
  std::optional<std::string> data_format = {};
  /// Name in the model; empty: made from the class, such as "max_pooling2d_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("pool_size", self.pool_size);
    v("strides", self.strides);
    v("padding", self.padding);
    v("data_format", self.data_format);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

struct Pooling1DOptions {
  /// Length of the window, > 0.
  std::vector<int64_t> pool_size = {2};
  /// Steps from one window to the next, > 0; empty: as pool_size, so that windows do not overlap.
  std::vector<int64_t> strides = {};
  /// "valid": windows lie inside the input; "same": a window for each step, of which only the
  /// elements inside count.
  std::string padding = "valid";
  /// "channels_last", the default: the axis of the channels is the last; "channels_first": it is
  /// the one after the batch's, and the input is turned first.
  std::optional<std::string> data_format = {};
  /// Name in the model; empty: made from the class, such as "max_pooling1d_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("pool_size", self.pool_size);
    v("strides", self.strides);
    v("padding", self.padding);
    v("data_format", self.data_format);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// The largest element of each window, for each channel; of equal ones the gradient goes to the
/// first, row by row, and a NaN in a window gives NaN. Shapes: (None, height, width, channels) ->
/// (None, n, m, channels), n = (height − pool_size) / strides + 1 rounded down, with "same"
/// padding height / strides rounded up. Error for another number of axes, and if no window fits.
class CORNU_API MaxPooling2D final : public Layer {
 public:
  static constexpr std::string_view kType = "MaxPooling2D";
  using Options = Pooling2DOptions;
  explicit MaxPooling2D(Pooling2DOptions options = {});
  /// The first three options by position.
  template <class = void>
  explicit MaxPooling2D(std::vector<int64_t> pool_size, std::vector<int64_t> strides = {},
                        std::string padding = "valid")
      : MaxPooling2D(Pooling2DOptions{.pool_size = std::move(pool_size),
                                      .strides = std::move(strides),
                                      .padding = std::move(padding)}) {}
  /// The same, for a square window.
  template <std::integral Integer>
  explicit MaxPooling2D(Integer pool_size, std::vector<int64_t> strides = {},
                        std::string padding = "valid")
      : MaxPooling2D(Pooling2DOptions{.pool_size = {static_cast<int64_t>(pool_size)},
                                      .strides = std::move(strides),
                                      .padding = std::move(padding)}) {}
};

/// The mean of each window, for each channel; with "same" padding, of its elements inside the
/// input. Shapes: (None, height, width, channels) -> (None, n, m, channels), n = (height −
/// pool_size) / strides + 1 rounded down, with "same" padding height / strides rounded up. Error
/// for another number of axes, and if no window fits.
class CORNU_API AveragePooling2D final : public Layer {
 public:
  static constexpr std::string_view kType = "AveragePooling2D";
  using Options = Pooling2DOptions;
  explicit AveragePooling2D(Pooling2DOptions options = {});
  /// The first three options by position.
  template <class = void>
  explicit AveragePooling2D(std::vector<int64_t> pool_size, std::vector<int64_t> strides = {},
                            std::string padding = "valid")
      : AveragePooling2D(Pooling2DOptions{.pool_size = std::move(pool_size),
                                          .strides = std::move(strides),
                                          .padding = std::move(padding)}) {}
  /// The same, for a square window.
  template <std::integral Integer>
  explicit AveragePooling2D(Integer pool_size, std::vector<int64_t> strides = {},
                            std::string padding = "valid")
      : AveragePooling2D(Pooling2DOptions{.pool_size = {static_cast<int64_t>(pool_size)},
                                          .strides = std::move(strides),
                                          .padding = std::move(padding)}) {}
};

/// The largest element of each window of a sequence, for each channel; of equal ones the gradient
/// goes to the first, and a NaN in a window gives NaN. Shapes: (None, steps, channels) -> (None, n,
/// channels), n = (steps − pool_size) / strides + 1 rounded down, with "same" padding steps /
/// strides rounded up. Error for another number of axes, and if no window fits.
class CORNU_API MaxPooling1D final : public Layer {
 public:
  static constexpr std::string_view kType = "MaxPooling1D";
  using Options = Pooling1DOptions;
  explicit MaxPooling1D(Pooling1DOptions options = {});
  /// The first three options by position.
  template <std::integral Integer>
  explicit MaxPooling1D(Integer pool_size, std::vector<int64_t> strides = {},
                        std::string padding = "valid")
      : MaxPooling1D(Pooling1DOptions{.pool_size = {static_cast<int64_t>(pool_size)},
                                      .strides = std::move(strides),
                                      .padding = std::move(padding)}) {}
};

/// The mean of each window of a sequence, for each channel; with "same" padding, of its elements
/// inside the input. Shapes: (None, steps, channels) -> (None, n, channels), n = (steps −
/// pool_size) / strides + 1 rounded down, with "same" padding steps / strides rounded up. Error for
/// another number of axes, and if no window fits.
class CORNU_API AveragePooling1D final : public Layer {
 public:
  static constexpr std::string_view kType = "AveragePooling1D";
  using Options = Pooling1DOptions;
  explicit AveragePooling1D(Pooling1DOptions options = {});
  /// The first three options by position.
  template <std::integral Integer>
  explicit AveragePooling1D(Integer pool_size, std::vector<int64_t> strides = {},
                            std::string padding = "valid")
      : AveragePooling1D(Pooling1DOptions{.pool_size = {static_cast<int64_t>(pool_size)},
                                          .strides = std::move(strides),
                                          .padding = std::move(padding)}) {}
};

// Keras's other names.
using MaxPool2D = MaxPooling2D;
using AvgPool2D = AveragePooling2D;
using MaxPool1D = MaxPooling1D;
using AvgPool1D = AveragePooling1D;

}  // namespace cornu::inline v0
