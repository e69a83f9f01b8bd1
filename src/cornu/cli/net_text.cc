#include "cornu/cli/net_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <utility>

#include "cornu/activations/activation.h"
#include "cornu/cli/call_text.h"
#include "cornu/core/names.h"
#include "cornu/formats/utf8.h"
#include "cornu/layers/table.h"
#include "cornu/listing/callback_table.h"

namespace cornu::inline v0::cli {

namespace {

const LayerEntry& layer_of_text(std::string_view name) {
  if (const LayerEntry* const found = find_layer(name)) return *found;
  const std::string_view last = name.substr(name.rfind('.') + 1);
  refuse_absent_layer(last);
  for (const ActivationEntry& each : activation_table()) {
    if (each.name != name) continue;
    throw Error({.kind = ErrorKind::not_found,
                 .what = "unknown layer \"" + std::string(name) + "\"",
                 .hint = "activation(" + std::string(name) + ") is a layer"});
  }
  // nn.Dense
  if (const LayerEntry* const meant = find_layer(last)) {
    throw Error({.kind = ErrorKind::not_found,
                 .what = "unknown layer \"" + std::string(name) + "\"",
                 .hint = "its name is " + std::string(meant->name) + " here"});
  }
  std::vector<std::string> names;
  for (const LayerEntry& each : layer_table()) names.push_back(snake_case(each.name));
  for (const std::string& each : registered_names("layer")) names.push_back(snake_case(each));
  throw unknown_name("layers", "layer", name, names);
}

// Keras's own text: Sequential([…]), keras.Sequential([…]), [Flatten(), …], model.add(…).
void refuse_sequential(std::string_view text, const CallText& calls) {
  const size_t begin = std::min(text.find_first_not_of(" \t\n"), text.size());
  const std::string_view first = text.substr(begin, text.find_first_of(" (", begin) - begin);
  const std::string_view name = first.substr(first.rfind('.') + 1);
  const bool is_sequential = same_name(name, "Sequential");
  const bool is_added = name != first && name == "add";
  const bool is_list = first.starts_with('[');
  if (!is_sequential && !is_added && !is_list) return;
  calls.fail(begin, {.what = std::string("a network is its layers alone, without ") +
                             (is_sequential ? "Sequential([…])"
                              : is_added    ? "model.add(…)"
                                            : "[…]"),
                     .expected = "layers, such as flatten, dense(64, activation=relu), dense(10, "
                                 "activation=softmax)"});
}

}  // namespace

std::vector<Layer> layers_from_text(std::string_view text, const std::string& where) {
  const CallText calls(text, where);
  refuse_sequential(text, calls);
  std::vector<Layer> layers;
  for (const Call& call : calls.calls("a layer, such as dense(64, activation=relu)")) {
    const LayerEntry& entry = calls.entry_of(call, layer_of_text);
    const Value::Map config = calls.config_of(call, entry.fields());
    layers.push_back(calls.made_at(call, config, [&] { return make_layer(call.name, config); }));
  }
  return layers;
}

Optimizer optimizer_from_text(std::string_view text, const std::string& where) {
  const CallText calls(text, where);
  const Call call = calls.only_call("an optimizer, such as adam or adam(0.01)");
  const OptimizerEntry& entry = calls.entry_of(call, optimizer_entry);
  const Value::Map config = calls.config_of(call, entry.fields());
  return calls.made_at(call, config, [&] { return entry.make(config); });
}

Loss loss_from_text(std::string_view text, const std::string& where) {
  const CallText calls(text, where);
  const Call call = calls.only_call("a loss, such as mse or huber(delta=2)");
  const LossEntry& entry = calls.entry_of(call, loss_entry);
  const Value::Map config = calls.config_of(call, entry.fields());
  return calls.made_at(call, config, [&] { return entry.make(config); });
}

std::vector<Metric> metrics_from_text(std::string_view text, const std::string& where) {
  const CallText calls(text, where);
  std::vector<Metric> metrics;
  if (calls.empty()) return metrics;
  for (const Call& call : calls.calls("a metric, such as accuracy or precision(thresholds=0.3)")) {
    const MetricEntry& entry = calls.entry_of(call, metric_entry);
    Value::Map config = calls.config_of(call, entry.fields());
    // As in Keras, logs call it by the name that the user gave.
    const bool named =
        std::ranges::any_of(config, [](const auto& each) { return each.first == "name"; });
    if (!named && call.name != entry.name) config.emplace_back("name", call.name);
    metrics.push_back(calls.made_at(call, config, [&] { return entry.make(config); }));
  }
  return metrics;
}

Callbacks callbacks_from_text(std::string_view text, const std::string& where) {
  const CallText calls(text, where);
  Callbacks callbacks;
  for (const Call& call : calls.calls("a callback, such as early_stopping(patience=3)")) {
    const listing::CallbackEntry& entry = calls.entry_of(call, listing::callback_entry);
    const Value::Map config = calls.config_of(call, entry.fields());
    callbacks.push_back(calls.made_at(call, config, [&] { return entry.make(config); }));
  }
  return callbacks;
}

ClassWeight class_weight_from_text(std::string_view text, const std::string& where) {
  ClassWeight weights;
  while (!text.empty()) {
    const std::string_view each = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), each.size() + 1));
    const size_t colon = each.find(':');
    int64_t label = 0;
    double weight = 0;
    const char* const end = each.data() + each.size();
    const bool good =
        colon != std::string_view::npos &&
        std::from_chars(each.data(), each.data() + colon, label).ptr == each.data() + colon &&
        std::from_chars(each.data() + colon + 1, end, weight).ptr == end && colon > 0 &&
        colon + 1 < each.size();
    if (!good || label < 0 || !(weight >= 0) || !std::isfinite(weight)) {
      throw Error({.where = where,
                   .expected = "classes with weights of 0 or more, such as 0:0.5,3:2",
                   .found = formats::shown(each)});
    }
    if (!weights.emplace(label, weight).second) {
      throw Error({.where = where, .what = "class " + std::to_string(label) + " is given twice"});
    }
  }
  return weights;
}

std::string text_of(const Loss& loss) {
  const std::string name(loss->name());
  const Value::Map defaults = make_loss(name)->config();
  std::string options;
  for (const auto& [field, value] : loss->config()) {
    if (std::find(defaults.begin(), defaults.end(), std::pair(field, value)) != defaults.end()) {
      continue;
    }
    options += (options.empty() ? "" : ", ") + field + "=" + value.str();
  }
  return options.empty() ? name : name + "(" + options + ")";
}

}  // namespace cornu::inline v0::cli
