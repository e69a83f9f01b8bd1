#pragma once

#include <string>

#include "cornu/models/model.h"

namespace cornu::inline v0 {

/// Options with Keras's names.
struct PlotModelOptions {
  bool show_shapes = true;              ///< writes the shapes of inputs and outputs
  bool show_layer_names = true;         ///< writes the layers' names beside their classes
  bool show_layer_activations = false;  ///< writes activations that are not linear
  bool show_trainable = false;          ///< marks layers whose weights do not train
  std::string rankdir = "TB";           ///< "TB": from top to bottom, "LR": from left to right
  bool expand_nested = false;           ///< shows the layers inside models that are used as layers
};

/// Draws a network as boxes and arrows into an .svg or .png. Error for a model that is not built,
/// for another rankdir or ending, and for more than 2,000 layers.
CORNU_API void plot_model(const Model& model, const std::string& path,
                          const PlotModelOptions& options = {});

}  // namespace cornu::inline v0
