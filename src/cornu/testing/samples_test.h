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
