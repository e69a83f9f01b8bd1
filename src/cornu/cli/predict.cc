#include "cornu/cli/predict.h"

#include <fmt/format.h>

#include <algorithm>

#include "cornu/cli/data_warnings.h"
#include "cornu/cli/guesses.h"
#include "cornu/cli/output.h"
#include "cornu/cli/predict_pictures.h"
#include "cornu/cli/predict_table.h"
#include "cornu/cli/prediction_file.h"
#include "cornu/cli/table_data.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/file.h"
#include "cornu/core/names.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

void print_documents(const Guesses& all) {
  Value::List documents;
  for (size_t i = 0; i < all.samples.size(); ++i) {
    documents.emplace_back(all.document(i, {{"sample", static_cast<int64_t>(i)}}));
  }
  print_json(std::move(documents));
}

void print_table(const Guesses& all, const TensorView& truth) {
  size_t width = 5;
  for (const std::string& name : all.names) width = std::max(width, name.size());
  std::string text = fmt::format("{:>6}  {:>{}}  predicted\n", "sample", "label", width);
  size_t right = 0;
  for (size_t i = 0; i < all.samples.size(); ++i) {
    const auto label = static_cast<int64_t>(truth.at(static_cast<int64_t>(i)));
    text += fmt::format("{:>6}  {:>{}}", i, all.names[static_cast<size_t>(label)], width);
    for (const Guess& guess : all.samples[i]) {
      text += fmt::format("  {} {:>8}", all.name(guess),
                          all.are_probabilities ? percent(guess.value) : all.value_text(guess));
    }
    const bool is_right = all.samples[i][0].index == label;
    right += is_right ? 1 : 0;
    text += is_right ? "\n" : "  wrong\n";
  }
  text += fmt::format("{} of {} right\n", right, all.samples.size());
  if (!all.are_probabilities) {
    text += "The numbers are the last layer's outputs, not probabilities.\n";
  }
  print(text);
}

// (n, h, w), or with a last axis for one or three colours.
bool are_pictures(const Shape& x) {
  return x.ndim() == 3 || (x.ndim() == 4 && (x[3] == 1 || x[3] == 3));
}

void print_pictures(const Guesses& all, const Dataset& data) {
  std::vector<std::string> captions;
  for (size_t i = 0; i < all.samples.size(); ++i) {
    const Guess& guess = all.samples[i][0];
    const auto label = static_cast<int64_t>(data.y().at(static_cast<int64_t>(i)));
    const std::string seen = fmt::format("{} ({})", all.name(guess), all.value_text(guess));
    const bool is_right = guess.index == label;
    captions.push_back(is_right ? seen : seen + ", is " + all.names[static_cast<size_t>(label)]);
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

Value::List numbers_of(TensorView values, int64_t row, int64_t width) {
  Value::List list;
  for (int64_t i = 0; i < width; ++i) list.emplace_back(values.at(row * width + i));
  return list;
}

// One number for each of the targets.
void require_targets(const PredictOptions& options, const Tensor& outputs, const Dataset& data) {
  const TensorView targets = data.y();
  if (targets.size() == outputs.size()) return;
  throw Error({.where = options.model,
               .what = "does not predict the targets of " + options.dataset,
               .expected = "outputs of shape " + targets.shape().str(),
               .found = outputs.shape().str()});
}

// Predicted numbers beside the targets.
void show_numbers(const PredictOptions& options, const Tensor& outputs, const Dataset& data) {
  require_targets(options, outputs, data);
  const TensorView targets = data.y();
  const int64_t width = outputs.shape().without_rows().size();
  Value::List documents;
  std::string text = fmt::format("{:>6}  {:>12}  {:>12}\n", "sample", "predicted", "target");
  for (int64_t row = 0; row < data.size(); ++row) {
    documents.emplace_back(Value::Map{{"sample", row},
                                      {"prediction", numbers_of(outputs.view(), row, width)},
                                      {"target", numbers_of(targets, row, width)}});
    for (int64_t i = 0; i < width; ++i) {
      const std::string sample = i == 0 ? std::to_string(row) : "";
      text += fmt::format("{:>6}  {:>12.6g}  {:>12.6g}\n", sample, outputs.at(row * width + i),
                          targets.at(row * width + i));
    }
  }
  options.json ? print_json(std::move(documents)) : print(text);
}

// A list of one number as that number, so that CSV has one column for it.
Value alone(Value::List list) {
  return list.size() == 1 ? std::move(list[0]) : Value(std::move(list));
}

// The samples from `begin` on, with what is predicted of them.
void write_block(const PredictOptions& options, const Data& source, const Model& model,
                 const Dataset& block, int64_t begin, PredictionWriter& writer) {
  const Tensor outputs = model.predict(fitted_to(model, block, source.classes()));
  if (source.classes() == 0) {
    require_targets(options, outputs, block);
    const int64_t width = outputs.shape().without_rows().size();
    for (int64_t row = 0; row < block.size(); ++row) {
      writer.add({{"sample", begin + row},
                  {"prediction", alone(numbers_of(outputs.view(), row, width))},
                  {"target", alone(numbers_of(block.y(), row, width))}});
    }
    return;
  }
  require_classes(outputs, source, options.model);
  const ClassValues values = class_values(model, outputs, source.class_names);
  for (int64_t row = 0; row < block.size(); ++row) {
    const auto label = static_cast<size_t>(block.y().at(row));
    writer.add(values.document(row, {{"sample", begin + row}, {"label", values.names[label]}}));
  }
}

// All samples of a part, in blocks.
void write_predictions(const PredictOptions& options, const Data& source, const Model& model,
                       const Dataset& part) {
  constexpr int64_t kBlock = 4096;
  replace_file(options.out, [&](const WriteBytes& write) {
    PredictionWriter writer(prediction_format(options.out), write);
    for (int64_t begin = 0; begin < part.size(); begin += kBlock) {
      const int64_t end = std::min(begin + kBlock, part.size());
      write_block(options, source, model, part.rows(begin, end), begin, writer);
    }
    writer.end();
  });
  print(fmt::format("{} samples of {} with their predictions are in {}.\n",
                    with_commas(part.size()), options.dataset, options.out));
}

}  // namespace

int predict(const PredictOptions& options) {
  check_execution(options.execution);
  if (!options.out.empty()) {
    on_command_line([&] { return prediction_format(options.out).is_json; });
  }
  const bool is_picture_behind = !is_dataset_name(options.dataset) &&
                                 std::ranges::any_of(options.pictures, is_any_picture_name);
  if (is_any_picture_name(options.dataset) || is_picture_behind ||
      !pictures_in(options.dataset).empty()) {
    const std::string for_tables = given_of(options.table);
    if (!for_tables.empty()) throw only_for_tables(for_tables, options.dataset);
    return predict_pictures(options);
  }
  if (!options.pictures.empty()) {
    throw UsageError{Error({.where = "predict",
                            .what = "one argument too many, " + formats::shown(options.pictures[0]),
                            .hint = "one DATASET, or pictures in PNG or JPEG alone"})
                         .what()};
  }
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
  if (argument.entry == nullptr && is_table(argument.text)) {
    predict_table(options, model);
    return 0;
  }
  const Data source =
      described_for(model, argument, {.data_dir = options.data_dir, .table = options.table});
  const Dataset part = part_of(source, options.part);
  warn_of_range(model, part);
  if (!options.out.empty()) {
    write_predictions(options, source, model, part);
    return 0;
  }
  const Dataset data = part.take(std::min(options.first, part.size()));
  const Tensor outputs = model.predict(fitted_to(model, data, source.classes()));
  if (source.classes() == 0) {
    show_numbers(options, outputs, data);
    return 0;
  }
  require_classes(outputs, source, options.model);
  const Guesses all = guesses_of(model, outputs, options.top, source.class_names);
  if (options.json) {
    print_documents(all);
    return 0;
  }
  if (are_pictures(data.x().shape())) print_pictures(all, data);
  print_table(all, data.y());
  return 0;
}

}  // namespace cornu::inline v0::cli
