#include "cornu/cli/net_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <utility>

#include "cornu/activations/activation.h"
#include "cornu/callbacks/csv_logger.h"
#include "cornu/callbacks/early_stopping.h"
#include "cornu/callbacks/reduce_lr_on_plateau.h"
#include "cornu/callbacks/terminate_on_nan.h"
#include "cornu/cli/call_text.h"
#include "cornu/core/names.h"
#include "cornu/formats/utf8.h"
#include "cornu/layers/table.h"

namespace cornu::inline v0::cli {

namespace {

// This text is case-sensitive: Keras's class in small letters, its underscores as people set them.
const LayerEntry& layer_of_text(std::string_view name) {
  const bool small = std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
  const LayerEntry* const found = small ? find_layer(name) : nullptr;
  if (found != nullptr) return *found;
  refuse_absent_layer(name);
  for (const ActivationEntry& each : activation_table()) {
    if (each.name != name) continue;
    throw Error({.kind = ErrorKind::not_found,
                 .what = "unknown layer \"" + std::string(name) + "\"",
                 .hint = "activation(" + std::string(name) + ") is a layer"});
  }
  std::vector<std::string> names;
  for (const LayerEntry& each : layer_table()) names.push_back(snake_case(each.type));
  throw unknown_name("layers", "layer", name, names);
}

}  // namespace

std::vector<Layer> layers_from_text(std::string_view text, const std::string& where) {
  const CallText calls(text, where);
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
    // As in Keras logs call it by the name it was asked for.
    const bool named =
        std::ranges::any_of(config, [](const auto& each) { return each.first == "name"; });
    if (!named && call.name != entry.name) config.emplace_back("name", call.name);
    metrics.push_back(calls.made_at(call, config, [&] { return entry.make(config); }));
  }
  return metrics;
}

namespace {

struct CSVLoggerText {
  std::string filename = {};
  std::string separator = ",";
  bool append = false;

  static void visit_fields(auto& self, auto& v) {
    v("filename", self.filename);
    v("separator", self.separator);
    v("append", self.append);
  }
};

struct TerminateOnNaNText {
  static void visit_fields(auto&, auto&) {}
};

struct CallbackEntry {
  std::string_view name;
  std::vector<std::string> (*fields)();
  SharedCallback (*make)(const Value::Map& config);
};

template <class Options>
Options options_from(const Value::Map& config, const char* where) {
  Options options;
  fields_from_map(config, options, where);
  return options;
}

// Those that need no function of the caller's.
const CallbackEntry kCallbacks[] = {
    {"early_stopping", field_names<EarlyStoppingOptions>,
     [](const Value::Map& config) -> SharedCallback {
       return EarlyStopping(options_from<EarlyStoppingOptions>(config, "early_stopping"));
     }},
    {"reduce_lr_on_plateau", field_names<ReduceLROnPlateauOptions>,
     [](const Value::Map& config) -> SharedCallback {
       return ReduceLROnPlateau(
           options_from<ReduceLROnPlateauOptions>(config, "reduce_lr_on_plateau"));
     }},
    {"csv_logger", field_names<CSVLoggerText>,
     [](const Value::Map& config) -> SharedCallback {
       const auto options = options_from<CSVLoggerText>(config, "csv_logger");
       if (options.filename.empty()) {
         throw Error({.where = "csv_logger", .expected = "a filename", .found = "none"});
       }
       return CSVLogger(options.filename,
                        {.separator = options.separator, .append = options.append});
     }},
    {"terminate_on_nan", field_names<TerminateOnNaNText>,
     [](const Value::Map&) -> SharedCallback { return TerminateOnNaN(); }},
};

constexpr AbsentName kAbsentCallbacks[] = {
    {"backup_and_restore", "early_stopping(restore_best_weights=true)"},
    {"model_checkpoint", "early_stopping(restore_best_weights=true)"},
    {"orbax_checkpoint", "early_stopping(restore_best_weights=true)"},
    {"progbar_logger", "--verbose 1"},
    {"remote_monitor", "csv_logger"},
    {"swap_ema_weights", "an optimizer with use_ema"},
    {"tensor_board", "csv_logger"},
};

const CallbackEntry& callback_entry(std::string_view name) {
  std::vector<std::string> names;
  for (const CallbackEntry& each : kCallbacks) {
    if (same_name(each.name, name)) return each;
    names.emplace_back(each.name);
  }
  refuse_absent("callback", name, kAbsentCallbacks);
  throw unknown_name("callback", "callback", name, names);
}

}  // namespace

Callbacks callbacks_from_text(std::string_view text, const std::string& where) {
  const CallText calls(text, where);
  Callbacks callbacks;
  for (const Call& call : calls.calls("a callback, such as early_stopping(patience=3)")) {
    const CallbackEntry& entry = calls.entry_of(call, callback_entry);
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
