#include "cornu/cli/evaluate.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "cornu/cli/data_warnings.h"
#include "cornu/cli/net_text.h"
#include "cornu/cli/output.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/names.h"

namespace cornu::inline v0::cli {
namespace {

// Whether it learned of these very files.
bool was_trained_on(const Model& model, const Data& source) {
  const Value provenance = model.card().provenance;
  const Value* const trained = provenance.find("data_sha256");
  return !source.train_sha256.empty() && trained != nullptr &&
         *trained == Value(source.train_sha256);
}

// "its test part"; of files without one "all of it".
std::string part_text(const Model& model, const Data& source, Part part) {
  if (source.test_size == 0) {
    return was_trained_on(model, source) ? "all of it, what it was trained on too" : "all of it";
  }
  return part == Part::test ? "its test part" : "its training part";
}

void print_evaluation(const EvaluateModelOptions& options, const std::string& part, int64_t samples,
                      const Logs& logs, double seconds) {
  std::string results;
  for (const auto& [name, value] : logs) {
    results += fmt::format("{}{}: {:.4f}", results.empty() ? "" : " - ", name, value);
  }
  print(fmt::format("{} samples of {}, {}, in {}\n{}\n", with_commas(samples), options.dataset,
                    part, seconds_text(seconds), results));
}

}  // namespace

int evaluate(const EvaluateModelOptions& options) {
  check_execution(options.execution);
  std::optional<Loss> loss;
  std::optional<std::vector<Metric>> metrics;
  on_command_line([&] {
    if (options.loss) loss = loss_from_text(*options.loss);
    if (options.metrics) metrics = metrics_from_text(*options.metrics);
    return 0;
  });
  const DatasetArgument argument =
      on_command_line([&] { return dataset_argument(options.dataset); });
  Model model = load_model_of(options.model);
  if (loss || metrics) {
    CompileOptions compile = model.compiled() ? model.compile_options() : CompileOptions{};
    if (loss) compile.loss = *loss;
    if (metrics) compile.metrics = *metrics;
    model.compile(compile);
  }
  model.execute_with(execution_of(options.execution));
  const Data source =
      described_for(model, argument, {.data_dir = options.data_dir, .table = options.table});
  const Dataset part = part_of(source, options.part);
  warn_of_range(model, part);
  const Dataset data = fitted_to(model, part, source.classes());
  const auto begin = std::chrono::steady_clock::now();
  const Logs logs = model.evaluate(data, {.batch_size = options.batch_size});
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!options.json) {
    print_evaluation(options, part_text(model, source, options.part), data.size(), logs, seconds);
    return 0;
  }
  Value::Map document = {{"samples", data.size()}};
  for (const auto& [name, value] : logs) document.emplace_back(name, value);
  document.emplace_back("seconds", seconds);
  print_json(document);
  return 0;
}

}  // namespace cornu::inline v0::cli
