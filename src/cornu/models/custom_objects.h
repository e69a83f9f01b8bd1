#pragma once

#include <map>
#include <string>

#include "cornu/activations/activation.h"
#include "cornu/core/user_parts.h"
#include "cornu/initializers/initializer.h"
#include "cornu/layers/layer.h"
#include "cornu/losses/loss.h"
#include "cornu/metrics/metric.h"
#include "cornu/optimizers/optimizer.h"
#include "cornu/regularizers/regularizer.h"
#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

/// User-defined parts of a model file, by the names that their descriptions give; Keras's
/// custom_objects. A name here takes precedence over Cornu's.
struct CustomObjects {
  std::map<std::string, CustomObject<Layer>> layers = {};  ///< by type()
  std::map<std::string, CustomObject<Activation>> activations = {};
  std::map<std::string, CustomObject<Initializer>> initializers = {};
  std::map<std::string, CustomObject<Regularizer>> regularizers = {};
  std::map<std::string, CustomObject<Loss>> losses = {};
  std::map<std::string, CustomObject<Metric>> metrics = {};  ///< by kind()
  std::map<std::string, CustomObject<Optimizer>> optimizers = {};
  std::map<std::string, CustomObject<LearningRate>> schedules = {};
};

}  // namespace cornu::inline v0
