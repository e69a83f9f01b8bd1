#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cornu/activations/activation.h"
#include "cornu/core/part_table.h"
#include "cornu/initializers/initializer.h"
#include "cornu/layers/layer.h"
#include "cornu/losses/loss.h"
#include "cornu/metrics/metric.h"
#include "cornu/optimizers/optimizer.h"
#include "cornu/regularizers/regularizer.h"
#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

/// Makes parts of a user-defined class from its options: the class of a part, as Dense is one, or
/// of its description, as those derived from LayerWith are.
template <class Part, class Own>
class OwnClass {
 public:
  static std::string name() {
    if constexpr (requires { Own::kType; }) {
      return std::string(Own::kType);
    } else if constexpr (requires { Own::kName; }) {
      return std::string(Own::kName);
    } else if constexpr (kHasOptions) {
      return name_of(Own(typename Own::Options{}));
    } else {
      return name_of(Own());
    }
  }

  static std::vector<std::string> fields() {
    if constexpr (kHasOptions) return field_names<typename Own::Options>();
    return {};
  }

  static Part make(const Value::Map& config) {
    if constexpr (kHasOptions) {
      typename Own::Options options{};
      fields_from_map(config, options, name());
      return part_of(std::move(options));
    } else {
      NoOptions none;
      fields_from_map(config, none, name());
      return part_of();
    }
  }

 private:
  struct NoOptions {
    static void visit_fields(auto&, auto&) {}
  };
  static constexpr bool kHasOptions = requires { typename Own::Options; };

  // What files call it.
  static std::string name_of(const auto& made) {
    if constexpr (requires { made.type(); }) {
      return std::string(made.type());
    } else if constexpr (requires { made.kind(); }) {
      return std::string(made.kind());
    } else {
      return std::string(made.name());
    }
  }

  template <class... Options>
  static Part part_of(Options... options) {
    if constexpr (std::derived_from<Own, Part>) {
      return Own(std::move(options)...);
    } else {
      return Part(std::make_shared<const Own>(std::move(options)...));
    }
  }
};

// User-defined parts by their names, for the whole program until it ends: load_model,
// model_from_json and every text that names a part then find them, without custom_objects. Any
// thread may register one at any time.
//
// register_layer<MyLayer>() takes a class that is made from its MyLayer::Options, or without any.
// register_layer("Shift", make, {"by"}) takes a function of the configuration, or a part itself, as
// custom_objects do, and the names of the options, by which text can give them in order.
//
// Error for a name of Cornu's, for one that is registered already, and for one that is no
// identifier; capitals and underscores do not count.

/// One of any kind: register_part<Layer, MyLayer>().
template <class Part, class Own>
void register_part() {
  using Class = OwnClass<Part, Own>;
  part_table<Part>().add(Class::name(), Class::make, Class::fields());
}
template <class Part>
void register_part(std::string name, const CustomObject<Part>& own,
                   std::vector<std::string> fields = {}) {
  part_table<Part>().add(std::move(name), own.make(), std::move(fields));
}

// What is not used is not compiled: all of them are templates.

/// By its type(), as all of Keras's layers.
template <class Own>
void register_layer() {
  register_part<Layer, Own>();
}
template <class Given>
void register_layer(std::string name, Given own, std::vector<std::string> fields = {}) {
  // A copy each time, or all of this type would share weights.
  register_part<Layer>(
      std::move(name),
      [make = CustomObject<Layer>(std::move(own)).make()](const Value::Map& config) {
        return make(config).clone();
      },
      std::move(fields));
}

template <class Own>
void register_activation() {
  register_part<Activation, Own>();
}
template <class Given>
void register_activation(std::string name, Given own) {
  register_part<Activation>(std::move(name), std::move(own));
}

template <class Own>
void register_initializer() {
  register_part<Initializer, Own>();
}
template <class Given>
void register_initializer(std::string name, Given own, std::vector<std::string> fields = {}) {
  register_part<Initializer>(std::move(name), std::move(own), std::move(fields));
}

template <class Own>
void register_regularizer() {
  register_part<Regularizer, Own>();
}
template <class Given>
void register_regularizer(std::string name, Given own, std::vector<std::string> fields = {}) {
  register_part<Regularizer>(std::move(name), std::move(own), std::move(fields));
}

template <class Own>
void register_loss() {
  register_part<Loss, Own>();
}
template <class Given>
void register_loss(std::string name, Given own, std::vector<std::string> fields = {}) {
  register_part<Loss>(std::move(name), std::move(own), std::move(fields));
}

/// By its kind().
template <class Own>
void register_metric() {
  register_part<Metric, Own>();
}
template <class Given>
void register_metric(std::string name, Given own, std::vector<std::string> fields = {}) {
  register_part<Metric>(std::move(name), std::move(own), std::move(fields));
}

template <class Own>
void register_optimizer() {
  register_part<Optimizer, Own>();
}
template <class Given>
void register_optimizer(std::string name, Given own, std::vector<std::string> fields = {}) {
  register_part<Optimizer>(std::move(name), std::move(own), std::move(fields));
}

/// A learning rate that depends on the step.
template <class Own>
void register_schedule() {
  register_part<LearningRate, Own>();
}
template <class Given>
void register_schedule(std::string name, Given own, std::vector<std::string> fields = {}) {
  register_part<LearningRate>(std::move(name), std::move(own), std::move(fields));
}

}  // namespace cornu::inline v0
