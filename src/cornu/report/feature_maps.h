#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/models/model.h"

namespace cornu::inline v0 {

struct FeatureMapsOptions {
  /// The layers that are drawn, by name; none: all whose outputs are images, (None, height, width,
  /// channels), but for those that change nothing, such as Dropout.
  std::vector<std::string> layers = {};
  int64_t most = 16;  ///< maps of a layer that are drawn, the first ones
};

/// Draws what the layers of a network make of one image into an .svg or .png: for each layer a line
/// of its maps, one per channel. Black is the smallest number of the layer's drawn maps and white
/// the largest; the line says which these are. The image has the shape of a sample of the network,
/// or the same number of elements, and its bytes are read as those of the training data were.
/// Error for a network of several inputs, for one without such layers, and for unknown names.
///
///     save_feature_maps(model, test.x().row(7), "maps.png");
CORNU_API void save_feature_maps(const Model& model, TensorView image, const std::string& path,
                                 const FeatureMapsOptions& options = {});

}  // namespace cornu::inline v0
