#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "cornu/core/array.h"
#include "cornu/core/error.h"
#include "cornu/core/fields.h"
#include "cornu/models/model_internal.h"
#include "cornu/models/saved_card_internal.h"

namespace cornu::inline v0 {
namespace {

// Larger ones would make the text of a file longer than its weights.
constexpr int64_t kLargestSample = 65'536;

Value names_value(const std::vector<std::string>& names) {
  return Value::List(names.begin(), names.end());
}

// As Keras's History has it; null where an epoch has no such log. Times would differ between two
// runs that are equal otherwise.
Value history_value(const std::vector<EpochRecord>& epochs) {
  History history;
  history.epochs = epochs;
  Value::List numbers;
  for (const EpochRecord& each : epochs) numbers.emplace_back(each.epoch);
  Value::Map columns;
  for (const std::string& name : history.names()) {
    Value::List column;
    for (const EpochRecord& each : epochs) {
      const double* const value = each.logs.find(name);
      column.push_back(value == nullptr ? Value() : Value(*value));
    }
    columns.emplace_back(name, std::move(column));
  }
  return Value::Map{{"epoch", std::move(numbers)}, {"history", std::move(columns)}};
}

Value numbers_value(TensorView values) {
  Value::List list;
  const bool is_whole = values.dtype() != DType::float32 && values.dtype() != DType::float64;
  for (int64_t i = 0; i < values.size(); ++i) {
    const double number = values.at(i);
    list.push_back(is_whole ? Value(static_cast<int64_t>(number)) : Value(number));
  }
  return list;
}

bool is_finite(TensorView values) {
  for (int64_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values.at(i))) return false;
  }
  return true;
}

std::vector<TensorView> views(const std::vector<Tensor>& tensors) {
  return {tensors.begin(), tensors.end()};
}

// Null if there is none, if it is large, or if the prediction is not finite.
Value sample_value(const Model& model, const std::vector<Tensor>& sample) {
  int64_t size = 0;
  for (const Tensor& each : sample) size += each.size();
  if (sample.empty() || size > kLargestSample) return {};
  if (!std::ranges::all_of(sample, [](const Tensor& each) { return is_finite(each); })) return {};
  Value::List inputs;
  for (const Tensor& each : sample) {
    inputs.emplace_back(Value::Map{{"dtype", to_value(each.dtype())},
                                   {"shape", to_value(each.shape())},
                                   {"values", numbers_value(each)}});
  }
  Value::List outputs;
  for (const Tensor& each : model.predict_all(views(sample))) {
    if (!is_finite(each) || each.size() > kLargestSample) return {};
    outputs.push_back(numbers_value(each));
  }
  return Value::Map{{"inputs", std::move(inputs)}, {"outputs", std::move(outputs)}};
}

std::vector<EpochRecord> history_from(const Value& value) {
  std::vector<EpochRecord> epochs;
  for (const Value& number : value["epoch"].as_list()) {
    epochs.push_back({.epoch = number.as_int(), .logs = {}, .seconds = 0});
  }
  for (const auto& [name, column] : value["history"].as_map()) {
    if (column.as_list().size() != epochs.size()) {
      throw Error({.where = "history",
                   .what = name + " has another number of values than there are epochs"});
    }
    for (size_t i = 0; i < epochs.size(); ++i) {
      const Value& each = column.as_list()[i];
      if (!each.is_null()) epochs[i].logs.set(name, each.as_double());
    }
  }
  return epochs;
}

template <class T>
void set_numbers(const Value::List& list, Tensor& tensor) {
  for (size_t i = 0; i < list.size(); ++i) {
    const double number = list[i].as_double();
    tensor.span<T>()[i] = static_cast<T>(number);
    if (static_cast<double>(tensor.span<T>()[i]) == number) continue;
    throw Error({.where = "sample",
                 .what = "has the number " + shortest(number) + ", which is no " +
                         std::string(name(tensor.dtype()))});
  }
}

// The elements are there before their memory is made.
Tensor tensor_from(const Value& value) {
  DType dtype{};
  Shape shape;
  from_value(value["dtype"], dtype);
  from_value(value["shape"], shape);
  const Value::List& list = value["values"].as_list();
  if (shape.size() != static_cast<int64_t>(list.size())) {
    throw Error({.where = "sample",
                 .expected = std::to_string(shape.size()) + " numbers",
                 .found = std::to_string(list.size())});
  }
  Tensor tensor(shape, dtype);
  switch (dtype) {
    case DType::uint8:
      set_numbers<uint8_t>(list, tensor);
      break;
    case DType::int32:
      set_numbers<int32_t>(list, tensor);
      break;
    case DType::int64:
      set_numbers<int64_t>(list, tensor);
      break;
    case DType::float32:
      set_numbers<float>(list, tensor);
      break;
    case DType::float64:
      set_numbers<double>(list, tensor);
      break;
  }
  return tensor;
}

}  // namespace

void add_card(Value::Map& config, const Model& model) {
  const ModelCard& card = model.card();
  if (!card.class_names.empty()) {
    config.emplace_back("class_names", names_value(card.class_names));
  }
  if (!card.history.empty()) config.emplace_back("history", history_value(card.history));
  if (!card.provenance.empty()) config.emplace_back("provenance", card.provenance);
  if (!card.preprocessing.empty()) config.emplace_back("preprocessing", card.preprocessing);
  Value sample = sample_value(model, model.stored_sample());
  if (!sample.is_null()) config.emplace_back("sample", std::move(sample));
}

void set_card_from(Model& model, const Value& config) {
  if (!config.is_map()) return;
  ModelCard card;
  if (const Value* const names = config.find("class_names")) {
    for (const Value& each : names->as_list()) card.class_names.push_back(each.as_string());
  }
  if (const Value* const history = config.find("history")) card.history = history_from(*history);
  if (const Value* const from = config.find("provenance")) card.provenance = from->as_map();
  if (const Value* const made = config.find("preprocessing")) card.preprocessing = made->as_map();
  model.set_card(std::move(card));
  std::vector<Tensor> inputs;
  if (const Value* const sample = config.find("sample")) {
    for (const Value& each : (*sample)["inputs"].as_list()) inputs.push_back(tensor_from(each));
  }
  model.set_stored_sample(std::move(inputs));
}

void check_sample(const Model& model, const Value& config) {
  const Value* const sample = config.is_map() ? config.find("sample") : nullptr;
  if (sample == nullptr) return;
  const std::vector<Tensor> found = model.predict_all(views(model.stored_sample()));
  const Value::List& outputs = (*sample)["outputs"].as_list();
  if (outputs.size() != found.size()) {
    throw Error({.where = "sample",
                 .expected = std::to_string(found.size()) + " outputs",
                 .found = std::to_string(outputs.size())});
  }
  for (size_t i = 0; i < found.size(); ++i) {
    const Value::List& expected = outputs[i].as_list();
    if (static_cast<int64_t>(expected.size()) != found[i].size()) {
      throw Error({.where = "sample",
                   .expected = std::to_string(found[i].size()) + " numbers",
                   .found = std::to_string(expected.size())});
    }
    double largest = 0;
    for (const Value& each : expected) largest = std::max(largest, std::abs(each.as_double()));
    for (int64_t j = 0; j < found[i].size(); ++j) {
      const double before = expected[static_cast<size_t>(j)].as_double();
      if (std::abs(found[i].at(j) - before) <= 1e-5 * largest) continue;
      throw Error({.kind = ErrorKind::corrupt,
                   .where = "sample",
                   .what = "the model predicts another number than when it was saved",
                   .expected = shortest(before),
                   .found = shortest(found[i].at(j)),
                   .hint = "the file was changed; without check_sample it opens nevertheless"});
    }
  }
}

}  // namespace cornu::inline v0
