#include "cornu/listing/part_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "cornu/activations/activation.h"
#include "cornu/core/names.h"
#include "cornu/datasets/catalogue.h"
#include "cornu/initializers/initializer.h"
#include "cornu/interop/class_name.h"
#include "cornu/layers/table.h"
#include "cornu/listing/callback_table.h"
#include "cornu/losses/loss.h"
#include "cornu/metrics/metric.h"
#include "cornu/optimizers/optimizer.h"
#include "cornu/regularizers/regularizer.h"
#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0::listing {
namespace {

Value::Map config_of(const Layer& layer) {
  return layer.description().config();
}
Value::Map config_of(const LearningRate& rate) {
  return rate.schedule()->config();
}
template <class P>
Value::Map config_of(const P& made) {
  return made->config();
}

// The defaults are those of a part made without arguments. Required arguments are found by the
// error that their absence causes.
template <class Part>
std::vector<PartArgument> arguments_of(const PartEntry<Part>& entry) {
  const std::vector<std::string> fields = entry.fields();
  std::vector<std::string> required;
  Value::Map given;
  Value::Map defaults;
  for (size_t tries = 0; tries <= fields.size(); ++tries) {
    try {
      defaults = config_of(entry.make(given));
      break;
    } catch (const Error& error) {
      const std::string& field = error.parts().field;
      if (field.empty()) break;
      required.push_back(field);
      given.emplace_back(field, Value(1));
    }
  }
  std::vector<PartArgument> arguments;
  for (const std::string& field : fields) {
    PartArgument argument{field};
    const bool is_required = std::ranges::find(required, field) != required.end();
    for (const auto& [name, value] : defaults) {
      if (name == field && !is_required) argument.value = value;
    }
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

template <class Part>
std::vector<ListedPart> parts_of() {
  std::vector<ListedPart> all;
  for (const PartEntry<Part>& each : part_table<Part>().entries()) {
    all.push_back({snake_case(each.name), arguments_of(each)});
    all.back().class_name = class_name_of(each.name);
  }
  return all;
}

std::vector<ListedPart> activations() {
  std::vector<ListedPart> all;
  for (const ActivationEntry& each : activation_table()) all.push_back({std::string(each.name)});
  return all;
}

std::vector<ListedPart> callbacks() {
  std::vector<ListedPart> all;
  for (const CallbackEntry& each : callback_table()) {
    ListedPart part{std::string(each.name)};
    for (const auto& [name, value] : each.defaults()) {
      part.arguments.push_back({name, value});
      if (name == each.required) part.arguments.back().value.reset();
    }
    part.class_name = class_name_of(each.name);
    all.push_back(std::move(part));
  }
  return all;
}

std::vector<ListedPart> data_sets() {
  std::vector<ListedPart> all;
  for (const datasets::DatasetEntry& each : datasets::catalogue()) {
    all.push_back({each.name, {}, each.title});
  }
  return all;
}

// Arguments that all parts of a kind have; repeating them would hide the others.
constexpr std::string_view kEverywhere[] = {"name", "trainable"};

// As it is written in the option's text.
std::string written(const Value& value) {
  const bool is_word =
      !value.is_string() || value.as_string().find_first_of(",; \t") == std::string::npos;
  return is_word ? value.str() : '"' + value.str() + '"';
}

}  // namespace

const std::vector<PartKind>& part_kinds() {
  static const std::vector<PartKind> kinds = {
      {"layers", "--net", parts_of<Layer>},
      {"activations", "--net, as activation=…", activations},
      {"initializers", "--net, as kernel_initializer=… and the like", parts_of<Initializer>},
      {"regularizers", "--net, as kernel_regularizer=… and the like", parts_of<Regularizer>},
      {"losses", "--loss", parts_of<Loss>},
      {"metrics", "--metrics", parts_of<Metric>},
      {"optimizers", "--optimizer", parts_of<Optimizer>},
      {"schedules", "--optimizer, as learning_rate=…", parts_of<LearningRate>},
      {"callbacks", "--callback", callbacks},
      {"datasets", "DATASET", data_sets},
  };
  return kinds;
}

std::string signature(const ListedPart& part) {
  std::string text;
  for (const PartArgument& each : part.arguments) {
    if (std::ranges::find(kEverywhere, each.name) != std::end(kEverywhere)) continue;
    const std::string value = each.value ? "=" + written(*each.value) : "";
    text += (text.empty() ? "" : ", ") + each.name + value;
  }
  return text.empty() ? part.name : part.name + "(" + text + ")";
}

std::vector<std::string> fields_of_value(std::string_view name) {
  const auto fields_in = [name](const auto& table) -> std::vector<std::string> {
    const auto* const found = table.find(name);
    return found == nullptr ? std::vector<std::string>() : found->fields();
  };
  for (const auto& found :
       {fields_in(part_table<LearningRate>()), fields_in(part_table<Initializer>()),
        fields_in(part_table<Regularizer>())}) {
    if (!found.empty()) return found;
  }
  for (const std::string_view layer : layers_as_activations()) {
    if (same_name(layer, name)) return layer_entry(layer).fields();
  }
  return {};
}

}  // namespace cornu::inline v0::listing
