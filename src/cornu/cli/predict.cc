#include "cornu/cli/predict.h"

#include <fmt/format.h>

#include <algorithm>

#include "cornu/cli/output.h"
#include "cornu/cli/output_values.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/array.h"

namespace cornu::inline v0::cli {
namespace {

// The classes of a sample, largest value first: probabilities, or scores if the model has no
// probabilities.
struct Guess {
  int64_t index;
  double value;
};
using Guesses = std::vector<Guess>;
enum class Meaning { probability, score };

std::vector<Guesses> guesses_of(const Tensor& values, int64_t top) {
  const TopK best = top_k(values, top);
  std::vector<Guesses> all;
  for (int64_t row = 0; row < values.shape()[0]; ++row) {
    Guesses guesses;
    for (int64_t i = row * top; i < (row + 1) * top; ++i) {
      guesses.push_back({static_cast<int64_t>(best.indices.at(i)), best.values.at(i)});
    }
    all.push_back(std::move(guesses));
  }
  return all;
}

Value::Map document_of(const Guess& guess, Meaning meaning, const std::vector<std::string>& names) {
  return {{"class", guess.index},
          {"label", names[static_cast<size_t>(guess.index)]},
          {meaning == Meaning::probability ? "probability" : "score", guess.value}};
}

void print_documents(const std::vector<Guesses>& all, Meaning meaning,
                     const std::vector<std::string>& names) {
  Value::List documents;
  for (const Guesses& guesses : all) {
    Value::Map document = {{"sample", static_cast<int64_t>(documents.size())}};
    for (auto& [key, value] : document_of(guesses[0], meaning, names))
      document.emplace_back(key, value);
    Value::List top;
    for (const Guess& guess : guesses) top.emplace_back(document_of(guess, meaning, names));
    document.emplace_back("top", std::move(top));
    documents.emplace_back(std::move(document));
  }
  print_json(std::move(documents));
}

std::string caption(const Guess& guess, Meaning meaning, int64_t truth,
                    const std::vector<std::string>& names) {
  const std::string value = meaning == Meaning::probability
                                ? fmt::format("{:.0f} %", 100 * guess.value)
                                : fmt::format("{:.4g}", guess.value);
  const std::string seen = fmt::format("{} ({})", names[static_cast<size_t>(guess.index)], value);
  return guess.index == truth ? seen : seen + ", is " + names[static_cast<size_t>(truth)];
}

void print_table(const std::vector<Guesses>& all, Meaning meaning, const TensorView& truth,
                 const std::vector<std::string>& names) {
  size_t width = 5;
  for (const std::string& name : names) width = std::max(width, name.size());
  std::string text = fmt::format("{:>6}  {:>{}}  predicted\n", "sample", "label", width);
  size_t right = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const auto label = static_cast<int64_t>(truth.at(static_cast<int64_t>(i)));
    text += fmt::format("{:>6}  {:>{}}", i, names[static_cast<size_t>(label)], width);
    for (const Guess& guess : all[i]) {
      text += fmt::format("  {} {:>8}", names[static_cast<size_t>(guess.index)],
                          meaning == Meaning::probability ? percent(guess.value)
                                                          : fmt::format("{:.4g}", guess.value));
    }
    const bool is_right = all[i][0].index == label;
    right += is_right ? 1 : 0;
    text += is_right ? "\n" : "  wrong\n";
  }
  text += fmt::format("{} of {} right\n", right, all.size());
  if (meaning == Meaning::score) {
    text += "The numbers are the last layer's outputs, not probabilities.\n";
  }
  print(text);
}

void print_pictures(const std::vector<Guesses>& all, Meaning meaning, const Dataset& data,
                    const std::vector<std::string>& names) {
  std::vector<std::string> captions;
  for (size_t i = 0; i < all.size(); ++i) {
    const auto label = static_cast<int64_t>(data.y().at(static_cast<int64_t>(i)));
    captions.push_back(caption(all[i][0], meaning, label, names));
  }
  size_t widest = 0;
  for (const std::string& each : captions) widest = std::max(widest, each.size());
  TerminalOptions terminal = terminal_options();
  const auto fitting = terminal.width / static_cast<int64_t>(widest + 2);
  terminal.columns = std::clamp<int64_t>(fitting, 1, terminal.columns);
  print(terminal_images(data.x(), captions, terminal) + "\n");
}

void require_classes(const Tensor& outputs, const Data& source, const std::string& model) {
  const Shape expected{outputs.shape()[0], source.classes()};
  if (outputs.shape() == expected) return;
  throw Error({.where = model,
               .what = "does not predict the classes of " + source.name,
               .expected = "outputs of shape " + expected.str(),
               .found = outputs.shape().str()});
}

// Predicted numbers beside the targets.
void show_numbers(const PredictOptions& options, const Tensor& outputs, const Dataset& data) {
  const TensorView targets = data.y();
  const int64_t width = outputs.shape().without_rows().size();
  if (targets.size() != outputs.size()) {
    throw Error({.where = options.model,
                 .what = "does not predict the targets of " + options.dataset,
                 .expected = "outputs of shape " + targets.shape().str(),
                 .found = outputs.shape().str()});
  }
  const auto numbers = [width](TensorView values, int64_t row) {
    Value::List list;
    for (int64_t i = 0; i < width; ++i) list.emplace_back(values.at(row * width + i));
    return list;
  };
  Value::List documents;
  std::string text = fmt::format("{:>6}  {:>12}  {:>12}\n", "sample", "predicted", "target");
  for (int64_t row = 0; row < data.size(); ++row) {
    documents.emplace_back(Value::Map{{"sample", row},
                                      {"prediction", numbers(outputs.view(), row)},
                                      {"target", numbers(targets, row)}});
    for (int64_t i = 0; i < width; ++i) {
      const std::string sample = i == 0 ? std::to_string(row) : "";
      text += fmt::format("{:>6}  {:>12.6g}  {:>12.6g}\n", sample, outputs.at(row * width + i),
                          targets.at(row * width + i));
    }
  }
  options.json ? print_json(std::move(documents)) : print(text);
}

}  // namespace

int predict(const PredictOptions& options) {
  check_execution(options.execution);
  const auto check_top = [&options](int64_t classes, const std::string& name) {
    if (options.top <= classes) return;
    throw Error({.where = "--top",
                 .expected = "at most " + std::to_string(classes) + ", the classes of " + name,
                 .found = std::to_string(options.top)});
  };
  const DatasetArgument argument = on_command_line([&] {
    const DatasetArgument found = dataset_argument(options.dataset);
    if (found.entry != nullptr) check_top(found.entry->classes(), found.entry->name);
    return found;
  });
  Model model = load_model_of(options.model);
  model.execute_with(execution_of(options.execution));
  const Data source = described(argument, {.data_dir = options.data_dir});
  const Dataset part = part_of(source, options.part);
  const Dataset data = part.take(std::min(options.first, part.size()));
  const Tensor outputs = model.predict(fitted_to(model, data, source.classes()));
  if (source.classes() == 0) {
    show_numbers(options, outputs, data);
    return 0;
  }
  require_classes(outputs, source, options.model);
  const std::optional<Tensor> probabilities = class_probabilities(model, outputs);
  const Meaning meaning = probabilities ? Meaning::probability : Meaning::score;
  const std::vector<Guesses> all =
      guesses_of(probabilities.value_or(outputs), std::min(options.top, source.classes()));
  if (options.json) {
    print_documents(all, meaning, source.class_names);
    return 0;
  }
  print_pictures(all, meaning, data, source.class_names);
  print_table(all, meaning, data.y(), source.class_names);
  return 0;
}

}  // namespace cornu::inline v0::cli
