#include <algorithm>
#include <cmath>

#include "cornu/core/names.h"
#include "cornu/evaluation/class_scores.h"
#include "cornu/report/page_sections_internal.h"

namespace cornu::inline v0 {
namespace {

const Value* setting_of(const RunRecord& record, std::string_view name) {
  for (const auto& [each, value] : record.settings) {
    if (each == name) return &value;
  }
  return nullptr;
}

Value tile(std::string name, std::string value, std::string note = {}) {
  return Value::Map{
      {"name", std::move(name)}, {"value", std::move(value)}, {"note", std::move(note)}};
}

void add_class_tiles(Value::List& tiles, const ClassResults& results) {
  const ClassScores scores = class_scores(results.matrix());
  const int64_t samples = results.samples();
  const int64_t wrong = samples - std::llround(scores.accuracy * static_cast<double>(samples));
  tiles.push_back(tile("Accuracy", percent_text(scores.accuracy),
                       with_commas(wrong) + " of " + with_commas(samples) + " wrong"));
  tiles.push_back(tile("F1", percent_text(scores.macro.f1), "mean over the classes"));
  if (results.calibration().count() > 0) {
    tiles.push_back(tile("Calibration error", percent_text(results.calibration().expected_error()),
                         "of the probabilities"));
  }
}

void add_number_tiles(Value::List& tiles, const NumberResults& results) {
  const RegressionErrors& errors = results.errors();
  tiles.push_back(tile("Mean absolute error", number_text(errors.mean_absolute_error()),
                       "of " + counted(results.samples(), "sample")));
  tiles.push_back(tile("Root mean squared error", number_text(errors.root_mean_squared_error())));
  tiles.push_back(tile("R²", number_text(errors.r2()), "1 would be perfect"));
}

Value fact(std::string name, std::string value) {
  return Value::Map{{"name", std::move(name)}, {"value", std::move(value)}};
}

// Over the whole width; written as code.
Value wide_fact(std::string name, std::string value) {
  return Value::Map{
      {"name", std::move(name)}, {"value", std::move(value)}, {"wide", true}, {"code", true}};
}

void add_setting(Value::List& facts, const RunRecord& record, const char* name, const char* title) {
  const Value* const value = setting_of(record, name);
  if (value == nullptr || value->is_null()) return;
  std::string text;
  if (value->is_list()) {
    for (const Value& each : value->as_list()) text += (text.empty() ? "" : ", ") + each.str();
  } else {
    text = value->is_string() ? value->as_string() : value->str();
  }
  if (!text.empty()) facts.push_back(fact(title, text));
}

// The shape and the numbers that the network reads.
void add_input(Value::List& facts, const Model& model) {
  if (model.data_spec().x.size() != 1) return;
  const Field& x = model.data_spec().x[0];
  std::string text = x.shape.str() + ", " + std::string(name(x.encoding.dtype));
  if (x.encoding.divisor != 1) text += " ÷ " + shortest(x.encoding.divisor);
  facts.push_back(fact("Input", text));
}

// As the command takes it, or its name.
std::string optimizer_text(const RunRecord& record) {
  if (const Value* const options = setting_of(record, "options")) {
    const Value* const text = options->find("--optimizer");
    if (text != nullptr && text->is_string()) return text->as_string();
  }
  const Value* const optimizer = setting_of(record, "optimizer");
  const Value* const name = optimizer == nullptr ? nullptr : optimizer->find("name");
  return name == nullptr ? "" : name->as_string();
}

}  // namespace

Value results_section(const RunReport& report) {
  Value::List tiles;
  const ValidationResults* const validation = report.validation;
  if (validation != nullptr && validation->classes) add_class_tiles(tiles, *validation->classes);
  if (validation != nullptr && validation->numbers) add_number_tiles(tiles, *validation->numbers);
  const History& history = report.record.history;
  if (!history.epochs.empty()) {
    for (const auto& [name, value] : history.last()) {
      const bool is_loss = name == "loss" || name == "val_loss";
      if (!is_loss && validation != nullptr) continue;
      const std::string title = name == "val_loss" ? "Validation loss"
                                : name == "loss"   ? "Training loss"
                                                   : name;
      tiles.push_back(tile(title, number_text(value), "after the last epoch"));
    }
  }
  if (tiles.empty()) return {};
  return Value::Map{{"items", std::move(tiles)}};
}

Value::List run_facts(const RunReport& report) {
  const RunRecord& record = report.record;
  Value::List facts = {fact("Data", record.dataset),
                       fact("Training samples", with_commas(record.train_samples))};
  if (record.validation_samples > 0) {
    facts.push_back(fact("Validation samples", with_commas(record.validation_samples)));
  }
  std::string epochs = std::to_string(whole_epochs(record));
  if (record.history.params.epochs > 0) {
    epochs += " of " + std::to_string(record.history.params.epochs);
  }
  facts.push_back(fact("Epochs", epochs));
  add_setting(facts, record, "batch_size", "Batch size");
  add_setting(facts, record, "loss", "Loss");
  add_setting(facts, record, "metrics", "Metrics");
  const std::string optimizer = optimizer_text(record);
  if (!optimizer.empty()) facts.push_back(fact("Optimizer", optimizer));
  add_input(facts, report.model);
  facts.push_back(fact("Duration", duration_text(record.history.seconds)));
  if (record.threads > 0) facts.push_back(fact("Threads", std::to_string(record.threads)));
  if (!record.target.empty()) facts.push_back(fact("Instruction set", record.target));
  facts.push_back(fact("Seed", std::to_string(record.seed)));
  for (const auto& [name, version] : record.versions) {
    facts.push_back(fact(name, version.is_string() ? version.as_string() : version.str()));
  }
  for (const char* const name : {"net", "model"}) {
    const Value* const text = setting_of(record, name);
    if (text == nullptr || !text->is_string() || text->as_string().empty()) continue;
    facts.push_back(wide_fact("Network", text->as_string()));
  }
  if (!record.weights_sha256.empty()) {
    facts.push_back(wide_fact("Weights, SHA-256", record.weights_sha256));
  }
  if (!record.data_sha256.empty()) {
    facts.push_back(wide_fact("Training data, SHA-256", record.data_sha256));
  }
  return facts;
}

}  // namespace cornu::inline v0
