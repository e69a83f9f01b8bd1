#pragma once

// One list of layers for all tests that walk the table: a new layer gets its sample here.

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/layers/activation_layer.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/dropout.h"
#include "cornu/layers/elu.h"
#include "cornu/layers/embedding.h"
#include "cornu/layers/gaussian_dropout.h"
#include "cornu/layers/gaussian_noise.h"
#include "cornu/layers/input.h"
#include "cornu/layers/operation.h"
#include "cornu/layers/prelu.h"
#include "cornu/layers/relu.h"
#include "cornu/layers/rescaling.h"
#include "cornu/layers/reshape.h"
#include "cornu/layers/table.h"

namespace cornu::inline v0::testing {

/// A layer with options under which it computes something, and the inputs that it needs.
struct LayerSample {
  Layer layer;
  Shapes samples = {{6}};  ///< the shape of each input, without the batch axis
  int64_t indices = 0;     ///< not 0: inputs are whole numbers from 0 to below it
  bool computes = true;    ///< adds ops; else the output is the input under another shape
  bool random = false;     ///< draws numbers in training
  bool row_by_row = true;  ///< in training, no row of the output depends on other rows
  /// Not empty: the shape (with -1) that 6, 12 or 24 numbers get before it in a network.
  std::vector<int64_t> folded = {};

  /// Its output in a network, for lines of 6, 12 or 24 numbers.
  SymbolicTensor operator()(const SymbolicTensor& x) const {
    return layer(folded.empty() ? x : Reshape({.target_shape = folded})(x));
  }
};

/// A new layer of each type that needs other options or inputs than the defaults.
inline std::vector<LayerSample> own_layer_samples() {
  std::vector<LayerSample> all;
  all.push_back({.layer = Input(InputOptions{.shape = {6}}), .computes = false});
  all.push_back({.layer = Dense({.units = 5, .activation = "tanh"})});
  all.push_back({.layer = make_layer("Flatten", {}), .samples = {{2, 3}}, .computes = false});
  all.push_back({.layer = Reshape({.target_shape = {2, -1}}), .computes = false});
  all.push_back({.layer = ActivationLayer({.activation = "softsign"})});
  all.push_back({.layer = Dropout({.rate = 0.3F}), .samples = {{20}}, .random = true});
  all.push_back({.layer = GaussianDropout({.rate = 0.3}), .samples = {{20}}, .random = true});
  all.push_back({.layer = GaussianNoise({.stddev = 0.1}), .samples = {{20}}, .random = true});
  all.push_back({.layer = Rescaling({.scale = 0.5, .offset = 0.25})});
  all.push_back({.layer = make_layer("PReLU", {}), .samples = {{2, 3}}});
  all.push_back({.layer = make_layer("BatchNormalization", {}), .row_by_row = false});
  all.push_back(
      {.layer = Embedding({.input_dim = 7, .output_dim = 2}), .samples = {{4}}, .indices = 7});
  all.push_back({.layer = make_layer("Conv2D", {{"filters", 5},
                                                {"kernel_size", Value::List{3, 2}},
                                                {"strides", Value::List{1, 2}},
                                                {"padding", "same"}}),
                 .samples = {{4, 3, 2}},
                 .folded = {-1, 3, 2}});
  all.push_back({.layer = make_layer("Conv1D", {{"filters", 3}, {"kernel_size", 2}}),
                 .samples = {{6, 2}},
                 .folded = {-1, 2}});
  all.push_back({.layer = make_layer("DepthwiseConv2D", {{"kernel_size", Value::List{3, 2}},
                                                         {"strides", Value::List{2, 1}},
                                                         {"padding", "same"},
                                                         {"depth_multiplier", 2}}),
                 .samples = {{4, 3, 2}},
                 .folded = {-1, 3, 2}});
  for (const char* type : {"MaxPooling2D", "AveragePooling2D"}) {
    all.push_back(
        {.layer = make_layer(
             type, {{"pool_size", Value::List{3, 2}}, {"strides", 2}, {"padding", "same"}}),
         .samples = {{4, 3, 2}},
         .folded = {-1, 3, 2}});
  }
  for (const char* type : {"MaxPooling1D", "AveragePooling1D"}) {
    all.push_back({.layer = make_layer(type, {}), .samples = {{6, 2}}, .folded = {-1, 2}});
  }
  for (const char* type : {"GlobalMaxPooling2D", "GlobalAveragePooling2D"}) {
    all.push_back({.layer = make_layer(type, {}), .samples = {{3, 2, 4}}, .folded = {-1, 3, 2}});
  }
  for (const char* type : {"GlobalMaxPooling1D", "GlobalAveragePooling1D"}) {
    all.push_back({.layer = make_layer(type, {}), .samples = {{6, 4}}, .folded = {-1, 2}});
  }
  for (const char* type : {"ZeroPadding2D", "UpSampling2D"}) {
    all.push_back({.layer = make_layer(type, {}), .samples = {{3, 2, 2}}, .folded = {-1, 3, 2}});
  }
  all.push_back({.layer = make_layer("Cropping2D", {{"cropping", Value::List{0, 1}}}),
                 .samples = {{2, 3, 2}},
                 .folded = {-1, 3, 2}});
  all.push_back({.layer = make_layer("Permute", {{"dims", Value::List{2, 3, 1}}}),
                 .samples = {{2, 3, 4}},
                 .folded = {-1, 3, 2}});
  all.push_back({.layer = make_layer("RepeatVector", {{"n", 3}})});
  all.push_back({.layer = make_layer("SpatialDropout1D", {{"rate", 0.3}}),
                 .samples = {{2, 9}},
                 .random = true,
                 .folded = {-1, 6}});
  all.push_back({.layer = make_layer("SpatialDropout2D", {{"rate", 0.3}}),
                 .samples = {{2, 2, 9}},
                 .random = true,
                 .folded = {-1, 1, 6}});
  all.push_back({.layer = Operation({.function = "square"})});
  return all;
}

/// A new layer of each type of the table, in its order: as above, or with its default options.
inline std::vector<LayerSample> layer_samples() {
  std::vector<LayerSample> own = own_layer_samples();
  std::vector<LayerSample> all;
  for (const LayerEntry& entry : layer_table()) {
    const auto found =
        std::ranges::find(own, entry.name, [](const auto& each) { return each.layer.type(); });
    if (found != own.end()) {
      all.push_back(*found);
      continue;
    }
    const Layer layer = make_layer(entry.name, {});
    const bool joins = layer.description().takes(2);
    all.push_back({.layer = layer, .samples = joins ? Shapes{{2, 3}, {2, 3}} : Shapes{{6}}});
  }
  return all;
}

/// The types of the table, for tests that have a case for each.
inline std::vector<std::string> layer_types() {
  std::vector<std::string> types;
  for (const LayerEntry& entry : layer_table()) types.emplace_back(entry.name);
  return types;
}

/// A new layer of this type of the table.
inline LayerSample layer_sample(std::string_view type) {
  for (LayerSample& each : layer_samples()) {
    if (each.layer.type() == type) return each;
  }
  throw std::invalid_argument("no layer of the table is a " + std::string(type));
}

}  // namespace cornu::inline v0::testing
