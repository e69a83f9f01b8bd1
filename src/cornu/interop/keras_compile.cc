#include "cornu/interop/keras_compile.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/fields.h"
#include "cornu/core/names.h"
#include "cornu/core/user_parts.h"
#include "cornu/interop/class_name.h"
#include "cornu/interop/keras_part.h"
#include "cornu/losses/loss.h"
#include "cornu/metrics/metric.h"
#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {
namespace {

/// The fields of a part's options by its name.
using FieldsOf = std::function<std::vector<std::string>(const std::string& name)>;

/// An option of Keras's that Cornu does not have, and the values at which it changes nothing.
struct Neutral {
  std::string_view option;
  std::vector<Value> values;
};

// What all parts have: Keras's dtype policies and names, and how losses are averaged.
const std::vector<Neutral>& neutral_options() {
  static const std::vector<Neutral> options = {
      {"reduction", {"sum_over_batch_size", "auto", "mean"}},
      {"axis", {-1}},
      {"ignore_class", {}},
      {"loss_scale_factor", {}},
      {"is_legacy_optimizer", {false, true}},
      {"jit_compile", {false, true}},
      {"multi_label", {false}},
      {"class_id", {}},
      {"decay", {0.0, 0}},
      {"amsgrad", {false}},
      {"nesterov", {false}},
      {"schedule_decay", {0.004}},
  };
  return options;
}

// Those that AUC(num_thresholds) has: 1/(n + 1), 2/(n + 1), …
bool are_even(const Value& thresholds) {
  if (!thresholds.is_list()) return false;
  const Value::List& list = thresholds.as_list();
  for (size_t i = 0; i < list.size(); ++i) {
    const double even = static_cast<double>(i + 1) / static_cast<double>(list.size() + 1);
    if (!list[i].is_number() || std::abs(list[i].as_double() - even) > 1e-9) return false;
  }
  return true;
}

bool changes_nothing(const std::string& option, const Value& value) {
  if (option == "thresholds" && are_even(value)) return true;
  if (option == "name" || option == "dtype" || value.is_null()) return true;
  return std::ranges::any_of(neutral_options(), [&](const Neutral& each) {
    return each.option == option && std::ranges::find(each.values, value) != each.values.end();
  });
}

// tf.keras wraps functions: {"class_name": "MeanMetricWrapper", "config": {"fn": "mse", "name":
// …}}, and its classes of losses and metrics name theirs.
void take_function(NamedConfig& part) {
  const auto fn = std::ranges::find(part.config, "fn", [](const auto& each) { return each.first; });
  if (fn == part.config.end() || !fn->second.is_string()) return;
  if (part.name.ends_with("Wrapper")) {
    part.name = std::string(todays_loss_name(fn->second.as_string()));
  }
  part.config.erase(fn);
}

// Whether it is a user-defined part that says no names of options.
bool takes_any_option(std::string_view kind, const std::string& name) {
  const void* const own = find_user_part(kind, name);
  const RegisteredPart* const registered = find_registered_part(kind, name);
  const bool is_registered = registered != nullptr && own == registered->make();
  return own != nullptr && !(is_registered && !registered->fields.empty());
}

// {"name": …, "config": …}, or the name alone.
Value part_from_keras(const Value& keras, std::string_view what, const FieldsOf& fields_of) {
  NamedConfig part;
  from_value(plain(keras), part);
  take_function(part);
  if (takes_any_option(what, part.name) || part.config.empty()) {
    return part.config.empty() ? Value(part.name)
                               : Value(Value::Map{{"name", part.name}, {"config", part.config}});
  }
  const std::vector<std::string> fields = fields_of(part.name);
  Value::Map config;
  for (auto& [option, value] : part.config) {
    const bool known = std::ranges::find(fields, option) != fields.end();
    if (known) {
      config.emplace_back(option, std::move(value));
    } else if (!changes_nothing(option, value)) {
      throw Error({.kind = ErrorKind::unsupported,
                   .where = part.name,
                   .what = "Keras has " + option + "=" + value.str() + ", Cornu has not"});
    }
  }
  return Value::Map{{"name", part.name}, {"config", std::move(config)}};
}

// A number, or a schedule, whose name means nothing here.
Value rate_from_keras(const Value& keras) {
  if (!keras.is_map()) return keras;
  Value::Map config;
  for (const auto& [option, value] : keras["config"].as_map()) {
    if (option != "name") config.emplace_back(option, value);
  }
  return Value::Map{{"class_name", keras["class_name"]}, {"config", std::move(config)}};
}

// Keras up to 2.10 could divide the rate by 1 + decay · step.
Value rate_with_decay(const Value& rate, double decay) {
  return to_value(NamedConfig{
      .name = "InverseTimeDecay",
      .config = {{"initial_learning_rate", rate}, {"decay_steps", 1}, {"decay_rate", decay}}});
}

Value optimizer_from_keras(const Value& keras) {
  Value form = keras;
  if (keras.is_map()) {
    // The options that have, or had, other names: lr until Keras 2.2.
    Value::Map config;
    double decay = 0;
    for (const auto& [option, value] : keras["config"].as_map()) {
      if (option == "decay" && value.is_number()) {
        decay = value.as_double();
      } else {
        config.emplace_back(option == "lr" ? "learning_rate" : option, value);
      }
    }
    for (auto& [option, value] : config) {
      if (option != "learning_rate") continue;
      value = rate_from_keras(value);
      if (decay != 0) value = rate_with_decay(plain(value), decay);
    }
    form = Value::Map{{"class_name", keras["class_name"]}, {"config", std::move(config)}};
  }
  const Value part = part_from_keras(
      form, "optimizer", [](const std::string& name) { return optimizer_entry(name).fields(); });
  if (part.is_map()) return part;
  return Value::Map{{"name", part}, {"config", Value::Map{}}};
}

// Keras 1 and 2 had other names for some losses, and for the metrics of those.
Value todays(const Value& keras) {
  return keras.is_string() ? Value(std::string(todays_loss_name(keras.as_string()))) : keras;
}

Value loss_from_keras(const Value& keras) {
  return part_from_keras(todays(keras), "loss",
                         [](const std::string& name) { return loss_entry(name).fields(); });
}

// A metric keeps a name of its own, which logs use.
Value metric_from_keras(const Value& keras) {
  return part_from_keras(todays(keras), "metric",
                         [](const std::string& name) { return metric_entry(name).fields(); });
}

// Whether it is a metric of Keras's with a list of thresholds; those of AUC are its num_thresholds.
bool has_thresholds(const Value& keras) {
  const Value& thresholds = value_under(value_under(keras, "config"), "thresholds");
  if (!thresholds.is_list() || thresholds.as_list().empty()) return false;
  const std::string_view type = class_of(keras["class_name"].as_string());
  return type != "AUC" && find_user_part("metric", type) == nullptr;
}

// A metric of several thresholds is one for each of them.
void add_metric(Value::List& list, const Value& keras) {
  if (!has_thresholds(keras)) {
    list.push_back(metric_from_keras(keras));
    return;
  }
  const Value& config = keras["config"];
  const Value thresholds = config["thresholds"];
  for (const Value& threshold : thresholds.as_list()) {
    Value::Map one = config.as_map();
    for (auto& [option, value] : one) {
      if (option == "thresholds") value = threshold;
    }
    list.push_back(metric_from_keras(
        Value::Map{{"class_name", keras["class_name"]}, {"config", std::move(one)}}));
  }
}

// tf.keras's "crossentropy" and "ce" are the one that suits the output, which is that of its loss.
Value with_kind_of(const Value& loss, const Value& keras) {
  const bool is_any = keras.is_string() && (same_name(keras.as_string(), "crossentropy") ||
                                            same_name(keras.as_string(), "ce"));
  const Value& name = loss.is_map() ? loss["name"] : loss;
  if (!is_any || !name.is_string()) return keras;
  if (!plain_name(name.as_string()).ends_with("crossentropy")) return keras;
  return Value::Map{{"class_name", name}, {"config", Value::Map{{"name", keras}}}};
}

// Those of an output with this loss.
Value metrics_from_keras(const Value& keras, const Value& loss) {
  Value::List list;
  if (keras.is_null()) return list;
  const Value::List given = keras.is_list() ? keras.as_list() : Value::List{keras};
  for (const Value& each : given) {
    if (!each.is_null()) add_metric(list, with_kind_of(loss, each));  // null: an output without
  }
  return list;
}

/// Sorts what Keras says into that for all outputs and that for single ones.
class Sorter {
 public:
  explicit Sorter(const std::vector<std::string>& outputs) : outputs_(outputs) {}

  // Calls all(value) or one(output, value).
  void sort(const Value& keras, bool is_list_for_all, const auto& all, const auto& one) const {
    if (keras.is_null()) return;
    const bool is_part = keras.is_map() && keras.find("class_name") != nullptr;
    if (keras.is_map() && !is_part) {
      for (const auto& [output, each] : keras.as_map()) {
        if (each.is_null()) continue;
        outputs_.size() == 1 ? all(each) : one(output, each);
      }
    } else if (keras.is_list() && !is_list_for_all) {
      const Value::List& list = keras.as_list();
      if (list.size() != outputs_.size()) {
        throw Error({.expected = "one for each of " + std::to_string(outputs_.size()) + " outputs",
                     .found = std::to_string(list.size())});
      }
      for (size_t i = 0; i < list.size(); ++i) {
        if (list[i].is_null()) continue;
        outputs_.size() == 1 ? all(list[i]) : one(outputs_[i], list[i]);
      }
    } else {
      all(keras);
    }
  }

  // A list of metrics is for all outputs unless it has a list for each.
  void sort_metrics(const Value& keras, const auto& all, const auto& one) const {
    const bool is_nested = keras.is_list() && !keras.as_list().empty() &&
                           std::ranges::all_of(keras.as_list(), [](const Value& each) {
                             return each.is_list() || each.is_null();
                           });
    sort(keras, !is_nested, all, one);
  }

 private:
  const std::vector<std::string>& outputs_;
};

void add_unless_empty(Value::Map& map, const char* name, Value::Map by_output) {
  if (!by_output.empty()) map.emplace_back(name, std::move(by_output));
}

}  // namespace

Value compile_from_keras(const Value& keras, const std::vector<std::string>& outputs) {
  if (!keras.is_map()) return {};
  const Value& optimizer = value_under(keras, "optimizer").is_null()
                               ? value_under(keras, "optimizer_config")
                               : keras["optimizer"];
  if (optimizer.is_null() && value_under(keras, "loss").is_null()) return {};
  Value loss;
  Value::List metrics, weighted;
  Value::Map losses, loss_weights, output_metrics, output_weighted;
  const Sorter sorter(outputs);
  sorter.sort(
      value_under(keras, "loss"), false, [&](const Value& each) { loss = loss_from_keras(each); },
      [&](const std::string& output, const Value& each) {
        losses.emplace_back(output, loss_from_keras(each));
      });
  sorter.sort(
      value_under(keras, "loss_weights"), false,
      [&](const Value& each) {
        if (each != Value(1.0) && !outputs.empty()) loss_weights.emplace_back(outputs[0], each);
      },
      [&](const std::string& output, const Value& each) {
        loss_weights.emplace_back(output, each);
      });
  const auto sort_metrics = [&](const char* name, Value::List& all, Value::Map& by_output) {
    sorter.sort_metrics(
        value_under(keras, name),
        [&](const Value& each) { all = metrics_from_keras(each, loss).as_list(); },
        [&](const std::string& output, const Value& each) {
          const auto own = std::ranges::find(losses, output, &Value::Map::value_type::first);
          Value list = metrics_from_keras(each, own == losses.end() ? loss : own->second);
          if (!list.as_list().empty()) by_output.emplace_back(output, std::move(list));
        });
  };
  sort_metrics("metrics", metrics, output_metrics);
  sort_metrics("weighted_metrics", weighted, output_weighted);
  Value::Map ours = {
      {"optimizer", optimizer_from_keras(optimizer.is_null() ? Value("rmsprop") : optimizer)},
      {"loss", loss},
      {"metrics", std::move(metrics)}};
  if (!weighted.empty()) ours.emplace_back("weighted_metrics", std::move(weighted));
  add_unless_empty(ours, "losses", std::move(losses));
  add_unless_empty(ours, "loss_weights", std::move(loss_weights));
  add_unless_empty(ours, "output_metrics", std::move(output_metrics));
  add_unless_empty(ours, "output_weighted_metrics", std::move(output_weighted));
  return ours;
}

namespace {

// A schedule among the options of an optimizer.
Value schedule_to_keras(const Value& value) {
  if (!value.is_map() || value.find("class_name") == nullptr) return value;
  return keras_object("keras.optimizers.schedules", value["class_name"].as_string(),
                      value["config"].as_map());
}

// From a name alone, or a name and options.
Value part_to_keras(const Value& ours, const char* module, const Value::Map& beside = {}) {
  if (ours.is_string() || ours.is_null()) return ours;
  const std::string& name = ours["name"].as_string();
  Value::Map config = ours["config"].as_map();
  for (auto& [option, value] : config) value = schedule_to_keras(value);
  config.insert(config.end(), beside.begin(), beside.end());
  return keras_object(module, class_name_of(name), std::move(config));
}

Value losses_to_keras(const Value& ours, const std::vector<std::string>& outputs) {
  const Value* by_output = ours.find("losses");
  if (by_output == nullptr) return part_to_keras(ours["loss"], "keras.losses");
  Value::Map losses;
  for (const std::string& output : outputs) {
    const Value* own = by_output->find(output);
    const Value& loss = own == nullptr ? ours["loss"] : *own;
    if (!loss.is_null()) losses.emplace_back(output, part_to_keras(loss, "keras.losses"));
  }
  return losses;
}

// Options at these values are not set, for which Keras has None.
bool is_unset(const std::pair<std::string, Value>& option) {
  static const Value::Map unset = {{"name", ""}, {"top_k", 0}, {"class_id", -1}};
  return std::ranges::find(unset, option) != unset.end();
}

Value metric_to_keras(Value ours) {
  if (ours.is_map()) {
    Value::Map config = ours["config"].as_map();
    std::erase_if(config, is_unset);
    ours = Value::Map{{"name", ours["name"]}, {"config", std::move(config)}};
  }
  return part_to_keras(ours, "keras.metrics");
}

Value metrics_to_keras(const Value& list) {
  Value::List all;
  for (const Value& each : list.as_list()) all.push_back(metric_to_keras(each));
  return all;
}

Value metrics_to_keras(const Value& ours, const char* for_all, const char* by_output,
                       const std::vector<std::string>& outputs) {
  const Value& all = value_under(ours, for_all);
  const Value* own = ours.find(by_output);
  if (outputs.size() == 1 || (own == nullptr && all.is_null())) {
    return all.is_null() || all.as_list().empty() ? Value() : metrics_to_keras(all);
  }
  Value::Map map;
  for (const std::string& output : outputs) {
    Value::List list = all.is_null() ? Value::List{} : metrics_to_keras(all).as_list();
    if (const Value* more = own == nullptr ? nullptr : own->find(output)) {
      const Value added = metrics_to_keras(*more);
      list.insert(list.end(), added.as_list().begin(), added.as_list().end());
    }
    if (!list.empty()) map.emplace_back(output, std::move(list));
  }
  return map.empty() ? Value() : Value(map);
}

}  // namespace

Value compile_to_keras(const Value& ours, const std::vector<std::string>& outputs) {
  if (ours.is_null()) return Value::Map{};
  return Value::Map{{"optimizer", part_to_keras(ours["optimizer"], "keras.optimizers",
                                                {{"name", ours["optimizer"]["name"]}})},
                    {"loss", losses_to_keras(ours, outputs)},
                    {"loss_weights", value_under(ours, "loss_weights")},
                    {"metrics", metrics_to_keras(ours, "metrics", "output_metrics", outputs)},
                    {"weighted_metrics", metrics_to_keras(ours, "weighted_metrics",
                                                          "output_weighted_metrics", outputs)},
                    {"run_eagerly", false},
                    {"steps_per_execution", 1},
                    {"jit_compile", false}};
}

Value to_training_config(const Value& compile_config) {
  Value::Map map;
  for (const auto& [key, value] : compile_config.as_map()) {
    if (key != "optimizer") map.emplace_back(key, value);
  }
  const Value& optimizer = compile_config["optimizer"];
  map.emplace_back("optimizer_config", Value::Map{{"class_name", optimizer["class_name"]},
                                                  {"config", optimizer["config"]}});
  return map;
}

}  // namespace cornu::inline v0
