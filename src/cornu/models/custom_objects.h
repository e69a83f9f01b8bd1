#pragma once

#include <map>
#include <string>
#include <type_traits>
#include <utility>

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

/// How a user-defined part is made when a file is loaded: the part itself, or a function of the
/// configuration that its config() gave. A part may be given as a shared pointer to its
/// description.
template <class Part>
class CustomObject {
 public:
  template <class Make>
  requires std::is_constructible_v<Part, std::invoke_result_t<Make, const Value::Map&>>
  CustomObject(Make given)  // NOLINT: converts on purpose
      : make_(
            [given = std::move(given)](const Value::Map& config) { return Part(given(config)); }) {}
  template <class Given>
  requires(!std::is_invocable_v<Given, const Value::Map&> && std::is_constructible_v<Part, Given>)
      CustomObject(Given part)  // NOLINT: converts on purpose
      : make_([part = Part(std::move(part))](const Value::Map&) { return part; }) {}

  const MakePart<Part>& make() const { return make_; }

 private:
  MakePart<Part> make_;
};

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
