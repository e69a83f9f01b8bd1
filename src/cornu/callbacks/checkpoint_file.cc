#include "cornu/callbacks/checkpoint_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/version.h"
#include "cornu/formats/json.h"
#include "cornu/formats/safetensors.h"
#include "cornu/saving/model_file.h"
#include "cornu/saving/model_format.h"

namespace cornu::inline v0 {
namespace {

constexpr int64_t kCheckpointFormat = 1;
constexpr std::string_view kFitKey = "cornu.fit";
constexpr std::string_view kOptimizerPrefix = "optimizer/";
constexpr std::string_view kCallbackPrefix = "callbacks/";
constexpr std::string_view kHistoryEpochs = "history/epochs";
constexpr std::string_view kHistorySeconds = "history/seconds";
constexpr std::string_view kHistoryValues = "history/values";
constexpr std::string_view kHistoryPlaces = "history/places";
// JSON has no numbers that are not finite.
constexpr std::string_view kFloatKey = "__float__";

std::string state_name(std::string_view kind, const std::string& name) {
  return std::string(kStatePrefix) + std::string(kind) + name;
}

bool is_json(const Value& value) {
  if (value.is_list()) return std::ranges::all_of(value.as_list(), is_json);
  if (value.is_map()) {
    return std::ranges::all_of(value.as_map(), [](const auto& item) {
      return item.first != kFloatKey && is_json(item.second);
    });
  }
  return !value.is_number() || value.is_int() || std::isfinite(value.as_double());
}

Value with_all_numbers(Value value) {
  if (is_json(value)) return value;  // as a rule, and copies take time
  if (value.is_map()) {
    Value::Map map;
    for (const auto& [key, each] : value.as_map()) {
      if (key == kFloatKey) {
        throw Error({.where = "the state of a callback",
                     .what = "has a key \"" + key +
                             "\", which stands for numbers that are not "
                             "finite"});
      }
      map.emplace_back(key, with_all_numbers(each));
    }
    return map;
  }
  if (value.is_list()) {
    Value::List list;
    for (const Value& each : value.as_list()) list.push_back(with_all_numbers(each));
    return list;
  }
  const double number = value.as_double();
  return Value::Map{{std::string(kFloatKey), std::isnan(number) ? "nan"
                                             : number > 0       ? "inf"
                                                                : "-inf"}};
}

Value numbers_back(const Value& value) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (value.is_map()) {
    if (const Value* const text = value.find(kFloatKey)) {
      if (text->as_string() == "nan") return std::numeric_limits<double>::quiet_NaN();
      return text->as_string() == "inf" ? kInfinity : -kInfinity;
    }
    Value::Map map;
    for (const auto& [key, each] : value.as_map()) map.emplace_back(key, numbers_back(each));
    return map;
  }
  if (!value.is_list()) return value;
  Value::List list;
  for (const Value& each : value.as_list()) list.push_back(numbers_back(each));
  return list;
}

// 64 bits as JSON's whole numbers, which have a sign.
Value bits(uint64_t number) {
  return static_cast<int64_t>(number);
}
uint64_t bits_of(const Value& value) {
  return static_cast<uint64_t>(value.as_int());
}

Value training_value(const TrainingState& training) {
  return Value::Map{
      {"steps", training.steps},
      {"steps_before", training.steps_before},
      {"epochs_begun", bits(training.epochs_begun)},
      {"next_epoch", training.next_epoch},
      {"learning_rate", training.learning_rate ? Value(*training.learning_rate) : Value()}};
}

Value feed_value(const FeedState& feed) {
  return Value::Map{{"key", bits(feed.key)},
                    {"steps_of_pass", feed.steps_of_pass},
                    {"steps_of_epoch", feed.steps_of_epoch},
                    {"samples", bits(feed.samples)},
                    {"ended", feed.ended}};
}

Value part_value(const EpochState& part) {
  Value::List counts;
  for (const double each : part.counts) counts.emplace_back(each);
  return Value::Map{{"steps", part.steps},
                    {"samples", part.samples},
                    {"seconds", part.seconds},
                    {"counts", std::move(counts)}};
}

/// The epochs of a history as arrays, which take less time than text: a row for each epoch.
struct HistoryArrays {
  std::vector<std::string> names;  ///< of the columns
  Tensor epochs;                   ///< int64 (n,)
  Tensor seconds;                  ///< float64 (n,)
  Tensor values;                   ///< float64 (n, names)
  Tensor places;                   ///< int32 (n, names): in an epoch's logs, from 1; 0: not there
};

HistoryArrays arrays_of(const History& history) {
  const auto rows = static_cast<int64_t>(history.epochs.size());
  HistoryArrays arrays{.names = history.names(),
                       .epochs = Tensor(Shape{rows}, DType::int64),
                       .seconds = Tensor(Shape{rows}, DType::float64),
                       .values = {},
                       .places = {}};
  const size_t columns = arrays.names.size();
  const Shape table{rows, static_cast<int64_t>(columns)};
  arrays.values = Tensor(table, DType::float64);
  arrays.places = Tensor(table, DType::int32);
  for (size_t row = 0; row < history.epochs.size(); ++row) {
    const EpochRecord& record = history.epochs[row];
    arrays.epochs.span<int64_t>()[row] = record.epoch;
    arrays.seconds.span<double>()[row] = record.seconds;
    int32_t place = 0;
    for (const auto& [name, value] : record.logs) {
      const auto column = std::ranges::find(arrays.names, name) - arrays.names.begin();
      const size_t at = row * columns + static_cast<size_t>(column);
      arrays.values.span<double>()[at] = value;
      arrays.places.span<int32_t>()[at] = ++place;
    }
  }
  return arrays;
}

void set_epochs(const HistoryArrays& arrays, History& history) {
  const auto rows = static_cast<int64_t>(arrays.epochs.size());
  const size_t columns = arrays.names.size();
  // The time grows with the square of it.
  constexpr size_t kMostLogs = 4096;
  if (columns > kMostLogs) {
    throw Error({.expected = "at most " + std::to_string(kMostLogs) + " logs of an epoch",
                 .found = std::to_string(columns)});
  }
  const Shape table{rows, static_cast<int64_t>(columns)};
  if (!(arrays.seconds.shape() == Shape{rows} && arrays.values.shape() == table &&
        arrays.places.shape() == table)) {
    throw Error({.what = "the arrays of its history have different numbers of epochs"});
  }
  const auto values = arrays.values.span<double>();
  const auto places = arrays.places.span<int32_t>();
  for (size_t row = 0; row < static_cast<size_t>(rows); ++row) {
    EpochRecord record{.epoch = arrays.epochs.span<int64_t>()[row],
                       .logs = {},
                       .seconds = arrays.seconds.span<double>()[row]};
    for (int32_t place = 1; place <= static_cast<int32_t>(columns); ++place) {
      for (size_t i = 0; i < columns; ++i) {
        const size_t at = row * columns + i;
        if (places[at] == place) record.logs.set(arrays.names[i], values[at]);
      }
    }
    history.epochs.push_back(std::move(record));
  }
}

Value history_value(const History& history) {
  Value::List names;
  for (const std::string& name : history.names()) names.emplace_back(name);
  return Value::Map{{"seconds", history.seconds}, {"names", std::move(names)}};
}

Value callbacks_value(const std::vector<CallbackState>& callbacks) {
  Value::List list;
  for (const CallbackState& each : callbacks) {
    list.emplace_back(Value::Map{{"name", each.name}, {"values", each.values}});
  }
  return list;
}

// Takes the settings.
Value fit_value(FitState& state) {
  Value::Map fit = {{"format", kCheckpointFormat},
                    {"version", CORNU_VERSION},
                    {"settings", std::move(state.settings)},
                    {"seed", bits(state.seed)},
                    {"training", training_value(state.training)},
                    {"feed", feed_value(state.feed)},
                    {"history", history_value(state.history)},
                    {"epoch", state.epoch},
                    {"earlier_epochs", state.earlier_epochs},
                    {"stopped", state.stopped},
                    {"callbacks", callbacks_value(state.callbacks)}};
  if (state.within_epoch) fit.emplace_back("part", part_value(state.part));
  return with_all_numbers(std::move(fit));
}

// The description of the model, as its own file has it.
std::optional<Value> model_value(const FitState& state) {
  const auto find = [&state](std::string_view key) -> const Value* {
    const auto found = std::ranges::find(state.settings, key, &Value::Map::value_type::first);
    return found == state.settings.end() ? nullptr : &found->second;
  };
  const Value* const network = find("network");
  const Value* const compile = find("compile");
  const Value* const data = find("data");
  if (network == nullptr || compile == nullptr || data == nullptr) return {};
  return Value::Map{{"format", kNetworkFormat},    {"version", CORNU_VERSION},
                    {"name", "checkpoint"},        {"seed", bits(state.seed)},
                    {"inputs", (*data)["inputs"]}, {"targets", (*data)["targets"]},
                    {"network", *network},         {"compile", *compile}};
}

TrainingState training_from(const Value& value) {
  TrainingState training{.optimizer = {},
                         .steps = value["steps"].as_int(),
                         .steps_before = value["steps_before"].as_int(),
                         .epochs_begun = bits_of(value["epochs_begun"]),
                         .next_epoch = value["next_epoch"].as_int()};
  const Value& rate = value["learning_rate"];
  if (!rate.is_null()) training.learning_rate = rate.as_double();
  return training;
}

FeedState feed_from(const Value& value) {
  return {.key = bits_of(value["key"]),
          .steps_of_pass = value["steps_of_pass"].as_int(),
          .steps_of_epoch = value["steps_of_epoch"].as_int(),
          .samples = bits_of(value["samples"]),
          .ended = value["ended"].as_bool()};
}

EpochState part_from(const Value& value) {
  EpochState part{.steps = value["steps"].as_int(),
                  .samples = value["samples"].as_int(),
                  .seconds = value["seconds"].as_double(),
                  .counts = {}};
  for (const Value& each : value["counts"].as_list()) part.counts.push_back(each.as_double());
  return part;
}

FitState fit_from(const Value& fit) {
  const int64_t format = fit["format"].as_int();
  if (format != kCheckpointFormat) {
    throw Error(
        {.kind = ErrorKind::unsupported,
         .expected = "a checkpoint of format 1",
         .found = std::to_string(format),
         .hint = "it was written by another version of Cornu, " + fit["version"].as_string()});
  }
  FitState state{.settings = fit["settings"].as_map(),
                 .seed = bits_of(fit["seed"]),
                 .weights = {},
                 .training = training_from(fit["training"]),
                 .feed = feed_from(fit["feed"]),
                 .history = {},
                 .epoch = fit["epoch"].as_int(),
                 .within_epoch = fit.find("part") != nullptr,
                 .part = {},
                 .earlier_epochs = fit["earlier_epochs"].as_int(),
                 .stopped = fit["stopped"].as_bool(),
                 .callbacks = {}};
  state.history.seconds = fit["history"]["seconds"].as_double();
  if (state.within_epoch) state.part = part_from(fit["part"]);
  for (const Value& each : fit["callbacks"].as_list()) {
    state.callbacks.push_back(
        {.name = each["name"].as_string(), .values = each["values"].as_map(), .tensors = {}});
  }
  return state;
}

// "callbacks/1/weights/0" is the tensor weights/0 of the second.
void take_callback_tensor(std::string_view name, Tensor tensor, FitState& state) {
  for (size_t i = 0; i < state.callbacks.size(); ++i) {
    const std::string prefix = std::to_string(i) + "/";
    if (!name.starts_with(prefix)) continue;
    state.callbacks[i].tensors.emplace_back(name.substr(prefix.size()), std::move(tensor));
    return;
  }
  throw Error({.what = "has a tensor of a callback that there is not: " + std::string(name)});
}

void take_tensor(const std::string& name, Tensor tensor, FitState& state, HistoryArrays& history) {
  if (!name.starts_with(kStatePrefix)) {
    state.weights.emplace_back(name, std::move(tensor));
    return;
  }
  std::string_view of = std::string_view(name).substr(kStatePrefix.size());
  if (of.starts_with(kOptimizerPrefix)) {
    of.remove_prefix(kOptimizerPrefix.size());
    state.training.optimizer.emplace_back(of, std::move(tensor));
  } else if (of.starts_with(kCallbackPrefix)) {
    take_callback_tensor(of.substr(kCallbackPrefix.size()), std::move(tensor), state);
  } else if (of == kHistoryEpochs && tensor.dtype() == DType::int64) {
    history.epochs = std::move(tensor);
  } else if (of == kHistorySeconds && tensor.dtype() == DType::float64) {
    history.seconds = std::move(tensor);
  } else if (of == kHistoryValues && tensor.dtype() == DType::float64) {
    history.values = std::move(tensor);
  } else if (of == kHistoryPlaces && tensor.dtype() == DType::int32) {
    history.places = std::move(tensor);
  } else {
    throw Error({.what = "has the unknown tensor " + name});
  }
}

}  // namespace

CheckpointBytes checkpoint_bytes(FitState state) {
  CheckpointBytes file;
  std::vector<std::pair<std::string, std::string>> metadata;
  if (const auto model = model_value(state)) {
    metadata.emplace_back(kModelKey, formats::write_json(*model));
  }
  metadata.emplace_back(kFitKey, formats::write_json(fit_value(state)));
  const auto add = [&file](std::string_view kind, const std::string& name, Tensor tensor) {
    file.tensors.emplace_back(state_name(kind, name), std::move(tensor));
  };
  file.tensors = std::move(state.weights);
  for (auto& [name, tensor] : state.training.optimizer) {
    add(kOptimizerPrefix, name, std::move(tensor));
  }
  for (size_t i = 0; i < state.callbacks.size(); ++i) {
    for (auto& [name, tensor] : state.callbacks[i].tensors) {
      add(kCallbackPrefix, std::to_string(i) + "/" + name, std::move(tensor));
    }
  }
  HistoryArrays history = arrays_of(state.history);
  add(kHistoryEpochs, "", std::move(history.epochs));
  add(kHistorySeconds, "", std::move(history.seconds));
  add(kHistoryValues, "", std::move(history.values));
  add(kHistoryPlaces, "", std::move(history.places));
  file.parts = formats::safetensors_parts(file.tensors, metadata);
  return file;
}

FitState read_checkpoint(std::span<const std::byte> bytes, const std::string& where) {
  formats::Safetensors file = formats::read_safetensors(bytes, where);
  for (const auto& [key, text] : file.metadata) {
    if (key != kFitKey) continue;
    try {
      const Value fit = numbers_back(formats::read_json(text, "metadata " + key));
      FitState state = fit_from(fit);
      HistoryArrays history;
      for (const Value& name : fit["history"]["names"].as_list()) {
        history.names.push_back(name.as_string());
      }
      for (auto& [name, tensor] : file.tensors) {
        take_tensor(name, std::move(tensor), state, history);
      }
      set_epochs(history, state.history);
      return state;
    } catch (const Error& error) {
      ErrorParts found = error.parts();
      found.kind = found.kind == ErrorKind::unsupported ? found.kind : ErrorKind::corrupt;
      found.where = found.where.empty() ? where : where + ": " + found.where;
      throw Error(found);
    }
  }
  throw Error({.kind = ErrorKind::unsupported,
               .where = where,
               .what = "is no checkpoint of a fit",
               .expected = "the metadata key \"" + std::string(kFitKey) + "\""});
}

}  // namespace cornu::inline v0
