#include <algorithm>
#include <charconv>
#include <cmath>

#include "cornu/formats/base64.h"
#include "cornu/report/best_epoch.h"
#include "cornu/report/learning_curves.h"
#include "cornu/report/page_sections_internal.h"

namespace cornu::inline v0 {
namespace {

// More cannot be told apart, and would make the file large.
constexpr size_t kMostEpochs = 2000;

// Every epoch, or every second, third, …, and the last.
std::vector<const EpochRecord*> drawn_epochs(const History& history) {
  const size_t every = (history.epochs.size() + kMostEpochs - 1) / kMostEpochs;
  std::vector<const EpochRecord*> drawn;
  for (size_t i = 0; i < history.epochs.size(); ++i) {
    const bool is_last = i + 1 == history.epochs.size();
    if (i % every == 0 || is_last) drawn.push_back(&history.epochs[i]);
  }
  return drawn;
}

// A number of six digits.
double rounded(double value) {
  if (!std::isfinite(value)) return value;
  const std::string text = significant(value, 6);
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Null where the epoch has none.
Value values_of(const std::vector<const EpochRecord*>& epochs, const std::string& name) {
  Value::List values;
  bool is_logged = false;
  for (const EpochRecord* each : epochs) {
    const double* const value = each->logs.find(name);
    is_logged = is_logged || value != nullptr;
    values.push_back(value == nullptr ? Value() : Value(rounded(*value)));
  }
  if (!is_logged) return {};
  return values;
}

}  // namespace

Value chart_data(const History& history) {
  const std::vector<const EpochRecord*> epochs = drawn_epochs(history);
  Value::List numbers;
  for (const EpochRecord* each : epochs) numbers.emplace_back(each->epoch + 1);
  std::vector<std::string> names;
  for (const std::string& name : history.names()) {
    std::string base = name.starts_with("val_") ? name.substr(4) : name;
    if (std::ranges::find(names, base) == names.end()) names.push_back(std::move(base));
  }
  Value::List charts;
  for (const std::string& name : names) {
    charts.push_back(Value::Map{{"name", name},
                                {"train", values_of(epochs, name)},
                                {"validation", values_of(epochs, "val_" + name)}});
  }
  Value best;
  if (const auto found = best_epoch(history); found && history.epochs.size() > 1) {
    best = static_cast<int64_t>(found->epoch);
  }
  return Value::Map{
      {"epochs", std::move(numbers)}, {"charts", std::move(charts)}, {"best", std::move(best)}};
}

Value curves_section(const RunReport& report) {
  const History& history = report.record.history;
  if (history.epochs.empty()) return {};
  std::string hint;
  if (const auto best = best_epoch(history); best && history.epochs.size() > 1) {
    hint = "Epoch " + std::to_string(static_cast<int64_t>(best->epoch)) + " has the least " +
           (best->name == "loss" ? "loss" : "validation loss") + ", " + number_text(best->loss) +
           " (dotted line).";
  }
  return Value::Map{{"hint", hint},
                    {"svg", formats::base64(learning_curves_svg(history, "Learning curves"))},
                    {"alt", "Learning curves of " +
                                counted(static_cast<int64_t>(history.epochs.size()), "epoch")}};
}

}  // namespace cornu::inline v0
