#include "cornu/report/run_record.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace cornu::inline v0 {
namespace {

void add_text(Value::Map& map, const char* key, const std::string& text) {
  if (!text.empty()) map.emplace_back(key, text);
}

Value team_document(const TeamUse& team) {
  Value::Map steps;
  for (size_t i = 0; i < team.steps.size(); ++i) {
    if (team.steps[i] > 0) steps.emplace_back(std::to_string(i + 1), team.steps[i]);
  }
  return Value::Map{{"auto", team.elastic},
                    {"steps", std::move(steps)},
                    {"changes", team.changes},
                    {"reason", team.text()}};
}

bool is_validated(const EpochRecord& epoch) {
  return std::ranges::any_of(epoch.logs,
                             [](const auto& each) { return each.first.starts_with("val_"); });
}

}  // namespace

int64_t whole_epochs(const RunRecord& record) {
  const std::vector<EpochRecord>& epochs = record.history.epochs;
  const bool is_cut =
      record.status == "interrupted" && !epochs.empty() && !is_validated(epochs.back());
  return static_cast<int64_t>(epochs.size()) - (is_cut ? 1 : 0);
}

Value run_document(const RunRecord& record) {
  Value::List epochs;
  for (const EpochRecord& each : record.history.epochs) {
    Value::Map epoch;
    for (const auto& [name, value] : each.logs) epoch.emplace_back(name, value);
    epoch.emplace_back("seconds", each.seconds);
    epochs.emplace_back(std::move(epoch));
  }
  Value::Map document = {{"status", record.status}, {"dataset", record.dataset}};
  add_text(document, "error", record.error);
  document.emplace_back("samples", Value::Map{{"train", record.train_samples},
                                              {"validation", record.validation_samples}});
  document.emplace_back("epochs", std::move(epochs));
  document.emplace_back("seconds", record.history.seconds);
  if (record.threads > 0) document.emplace_back("threads", record.threads);
  if (!record.history.team.steps.empty()) {
    document.emplace_back("team", team_document(record.history.team));
  }
  add_text(document, "target", record.target);
  document.emplace_back("seed", static_cast<int64_t>(record.seed));
  document.emplace_back("shards", record.shards);
  if (record.processes > 1) document.emplace_back("processes", record.processes);
  add_text(document, "weights_sha256", record.weights_sha256);
  add_text(document, "data_sha256", record.data_sha256);
  add_text(document, "run_dir", record.run_dir);
  document.emplace_back("versions", record.versions);
  document.emplace_back("settings", record.settings);
  return document;
}

namespace {

std::string text_in(const Value& document, const char* key) {
  const Value* const text = document.find(key);
  return text == nullptr ? std::string() : text->as_string();
}

// null stands for a number that is not finite.
double number_of(const Value& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.as_double();
}

}  // namespace

RunRecord run_record(const Value& document) {
  RunRecord record{.status = document["status"].as_string(),
                   .dataset = document["dataset"].as_string(),
                   .train_samples = document["samples"]["train"].as_int(),
                   .validation_samples = document["samples"]["validation"].as_int(),
                   .target = text_in(document, "target"),
                   .seed = static_cast<uint64_t>(document["seed"].as_int()),
                   .shards = document["shards"].as_int(),
                   .weights_sha256 = text_in(document, "weights_sha256"),
                   .data_sha256 = text_in(document, "data_sha256"),
                   .run_dir = text_in(document, "run_dir"),
                   .versions = document["versions"].as_map(),
                   .settings = document["settings"].as_map(),
                   .error = text_in(document, "error")};
  for (const Value& each : document["epochs"].as_list()) {
    EpochRecord epoch{.epoch = static_cast<int64_t>(record.history.epochs.size()), .logs = {}};
    for (const auto& [name, value] : each.as_map()) {
      if (name == "seconds") {
        epoch.seconds = value.as_double();
      } else {
        epoch.logs.set(name, number_of(value));
      }
    }
    record.history.epochs.push_back(std::move(epoch));
  }
  record.history.seconds = document["seconds"].as_double();
  if (const Value* const threads = document.find("threads")) {
    record.threads = static_cast<int>(threads->as_int());
  }
  return record;
}

Value history_document(const History& history) {
  Value::List numbers;
  for (const EpochRecord& each : history.epochs) numbers.emplace_back(each.epoch);
  Value::Map columns;
  for (const std::string& name : history.names()) {
    Value::List values;
    for (double value : history[name]) values.emplace_back(value);
    columns.emplace_back(name, std::move(values));
  }
  return Value::Map{{"epoch", std::move(numbers)},
                    {"history", std::move(columns)},
                    {"params", Value::Map{{"verbose", history.params.verbose},
                                          {"epochs", history.params.epochs},
                                          {"steps", history.params.steps}}}};
}

std::string history_csv(const History& history) {
  std::vector<std::string> names = history.names();
  std::sort(names.begin(), names.end());
  std::string text = "epoch";
  for (const std::string& name : names) text += "," + name;
  text += "\r\n";
  for (const EpochRecord& each : history.epochs) {
    text += std::to_string(each.epoch);
    for (const std::string& name : names) {
      const double* value = each.logs.find(name);
      text += "," + (value == nullptr ? "NA" : shortest(*value));
    }
    text += "\r\n";
  }
  return text;
}

}  // namespace cornu::inline v0
