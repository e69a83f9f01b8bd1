#include "cornu/cli/evaluate.h"

#include <fmt/format.h>

#include <chrono>

#include "cornu/cli/output.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/names.h"

namespace cornu::inline v0::cli {
namespace {

void print_evaluation(const EvaluateModelOptions& options, int64_t samples, const Logs& logs,
                      double seconds) {
  std::string results;
  for (const auto& [name, value] : logs) {
    results += fmt::format("{}{}: {:.4f}", results.empty() ? "" : " - ", name, value);
  }
  print(fmt::format("{} samples of {}, its {} part, in {}\n{}\n", with_commas(samples),
                    options.dataset, options.part == Part::test ? "test" : "training",
                    seconds_text(seconds), results));
}

}  // namespace

int evaluate(const EvaluateModelOptions& options) {
  check_execution(options.execution);
  const datasets::DatasetEntry& entry = on_command_line([&]() -> const datasets::DatasetEntry& {
    return dataset_named(options.dataset, OwnDataFor::prediction);
  });
  Model model = load_model_of(options.model);
  model.execute_with(execution_of(options.execution));
  const DatasetParts parts = load_data(entry.name, options.data_dir);
  const Dataset data =
      fitted_to(model, options.part == Part::test ? parts.test : parts.train, entry.classes());
  const auto begin = std::chrono::steady_clock::now();
  const Logs logs = model.evaluate(data, {.batch_size = options.batch_size});
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!options.json) {
    print_evaluation(options, data.size(), logs, seconds);
    return 0;
  }
  Value::Map document = {{"samples", data.size()}};
  for (const auto& [name, value] : logs) document.emplace_back(name, value);
  document.emplace_back("seconds", seconds);
  print_json(document);
  return 0;
}

}  // namespace cornu::inline v0::cli
