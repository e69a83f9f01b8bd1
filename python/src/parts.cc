#include <nanobind/stl/string.h>

#include <functional>
#include <map>
#include <string>

#include "bindings.h"
#include "cornu/activations/activation.h"
#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/initializers/initializer.h"
#include "cornu/layers/table.h"
#include "cornu/listing/callback_table.h"
#include "cornu/listing/part_list.h"
#include "cornu/losses/loss.h"
#include "cornu/metrics/metric.h"
#include "cornu/optimizers/optimizer.h"
#include "cornu/regularizers/regularizer.h"
#include "cornu/schedules/learning_rate.h"
#include "values.h"

namespace cornu::python {
namespace {

const listing::PartKind& kind_named(const std::string& kind) {
  std::vector<std::string> names;
  for (const listing::PartKind& each : listing::part_kinds()) {
    if (each.name == kind) return each;
    names.push_back(each.name);
  }
  throw unknown_name("cornu", "kind of parts", kind, names);
}

// For each part of a kind: its name, its class, and the name, default and need of each option.
nb::list parts_of(const std::string& kind) {
  nb::list all;
  for (const listing::ListedPart& part : kind_named(kind).parts()) {
    nb::list options;
    for (const listing::PartArgument& each : part.arguments) {
      const bool is_required = !each.value.has_value();
      options.append(nb::make_tuple(each.name, is_required ? nb::none() : object_from(*each.value),
                                    is_required));
    }
    all.append(nb::make_tuple(part.name, part.class_name, nb::tuple(options)));
  }
  return all;
}

using MakeConfig = std::function<NamedConfig(const std::string& name, const Value::Map& config)>;

// Makes a part of each kind and describes it, with every option.
const std::map<std::string, MakeConfig>& makers() {
  static const std::map<std::string, MakeConfig> table = {
      {"activations",
       [](const std::string& name, const Value::Map&) {
         return NamedConfig{std::string(Activation(name).name())};
       }},
      {"initializers",
       [](const std::string& name, const Value::Map& config) {
         const Initializer made = make_initializer(name, config);
         return NamedConfig{std::string(made->name()), made->config()};
       }},
      {"regularizers",
       [](const std::string& name, const Value::Map& config) {
         const Regularizer made = make_regularizer(name, config);
         return NamedConfig{std::string(made->name()), made->config()};
       }},
      {"losses",
       [](const std::string& name, const Value::Map& config) {
         const Loss made = make_loss(name, config);
         return NamedConfig{std::string(made->name()), made->config()};
       }},
      {"metrics",
       [](const std::string& name, const Value::Map& config) {
         const Metric made = make_metric(name, config);
         return NamedConfig{std::string(made->kind()), made->config()};
       }},
      {"optimizers",
       [](const std::string& name, const Value::Map& config) {
         const Optimizer made = make_optimizer(name, config);
         return NamedConfig{std::string(made->name()), made->config()};
       }},
      {"schedules",
       [](const std::string& name, const Value::Map& config) {
         const LearningRate made = make_schedule(name, config);
         return NamedConfig{std::string(made.schedule()->name()), made.schedule()->config()};
       }},
      {"layers",
       [](const std::string& name, const Value::Map& config) {
         const Layer made = make_layer(name, config);
         return NamedConfig{std::string(made.type()), made.description().config()};
       }},
      {"callbacks",
       [](const std::string& name, const Value::Map& config) {
         const listing::CallbackEntry& entry = listing::callback_entry(name);
         entry.make(config);
         return NamedConfig{std::string(entry.name), config};
       }},
  };
  return table;
}

nb::tuple part_config(const std::string& kind, const std::string& name, const nb::dict& config) {
  const NamedConfig made = makers().at(kind_named(kind).name)(name, map_from(config));
  return nb::make_tuple(made.name, dict_from(made.config));
}

// Throws the error of a name that no part of the kind has.
void refuse_unknown(const std::string& kind, const std::string& name) {
  if (kind == "layers") layer_entry(name);
  if (kind == "losses") loss_entry(name);
  if (kind == "metrics") metric_entry(name);
  if (kind == "optimizers") optimizer_entry(name);
  if (kind == "callbacks") listing::callback_entry(name);
  if (kind == "activations") Activation{name};
  if (kind == "initializers") make_initializer(name);
  if (kind == "regularizers") make_regularizer(name);
  if (kind == "schedules") make_schedule(name);
}

// The rate of a schedule at a step.
double rate_at(const nb::object& schedule, int64_t step) {
  LearningRate rate;
  from_value(value_from(schedule), rate);
  return rate.at(step);
}

}  // namespace

void bind_parts(nb::module_& m) {
  m.def("snake_case", [](const std::string& name) { return snake_case(name); });
  m.def(
      "check_value", [](nb::handle value) { value_from(value); }, nb::arg().none());
  m.def("parts_of", parts_of);
  m.def("part_config", part_config);
  m.def("refuse_unknown", refuse_unknown);
  m.def("rate_at", rate_at);
}

}  // namespace cornu::python
