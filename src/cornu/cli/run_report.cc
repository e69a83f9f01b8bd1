#include "cornu/cli/run_report.h"

#include <algorithm>
#include <optional>

#include "cornu/cli/network_data.h"
#include "cornu/cli/output_values.h"
#include "cornu/core/file.h"
#include "cornu/report/confusion_picture.h"
#include "cornu/report/report_page.h"

namespace cornu::inline v0::cli {
namespace {

// The outputs of a part of the samples take about this much memory, at most.
constexpr int64_t kNumbersOfPart = 4'000'000, kMostOfPart = 8192;
// The pictures of more would be larger than a screen can show.
constexpr int64_t kMostPicturedClasses = 1000;
// A matrix of more would need much memory.
constexpr int64_t kMostReportedClasses = 5000;

// Calls `add(outputs, first, last)` for each part.
template <class Add>
void predict_parts(const Model& model, const Dataset& samples, const Add& add) {
  const Graph& graph = model.graph();
  const int64_t width = graph.shape(graph.outputs()[0]).without_rows().size();
  const int64_t rows = std::clamp<int64_t>(kNumbersOfPart / width, 1, kMostOfPart);
  for (int64_t first = 0; first < samples.size(); first += rows) {
    const int64_t last = std::min(first + rows, samples.size());
    add(model.predict(samples.rows(first, last)), first, last);
  }
}

ClassResults class_results(const Model& model, const Dataset& samples, TensorView labels,
                           int64_t classes) {
  std::optional<ClassResults> results;
  predict_parts(model, samples, [&](const Tensor& outputs, int64_t first, int64_t last) {
    const std::optional<Tensor> probabilities = class_probabilities(model, outputs);
    if (!results) results.emplace(classes, probabilities.has_value());
    results->add(probabilities.value_or(outputs), labels.rows(first, last));
  });
  return std::move(*results);
}

ValidationResults results_of(const Model& model, const Data& data, const Dataset& validation) {
  ValidationResults results{.samples = validation, .class_names = data.class_names};
  const Dataset samples = fitted_to(model, validation, data.classes());
  if (data.classes() > kMostReportedClasses) return results;
  if (data.classes() > 0) {
    results.classes = class_results(model, samples, validation.y(), data.classes());
  } else {
    results.numbers.emplace();
    predict_parts(model, samples, [&](const Tensor& outputs, int64_t first, int64_t last) {
      results.numbers->add(outputs, validation.y().rows(first, last));
    });
  }
  const std::vector<int64_t> worst = results.worst();
  if (!data.test_rows || worst.empty()) return results;
  const std::vector<datasets::TableRow> rows = data.test_rows(worst);
  for (size_t i = 0; i < rows.size(); ++i) results.rows.emplace(worst[i], rows[i]);
  return results;
}

}  // namespace

void write_report(const RunFolder& folder, const RunRecord& record, const Model& model,
                  const Data& data, const Dataset& validation, int64_t batch_size) {
  RunReport report{
      .record = record, .model = model, .sample = data.input_shape, .title = data.title};
  report.plan = model.explain(model.data_spec(), Mode::training, batch_size);
  std::optional<ValidationResults> results;
  if (validation.size() > 0) {
    results = results_of(model, data, validation);
    report.validation = &*results;
  }
  if (results && results->classes && data.classes() <= kMostPicturedClasses) {
    for (const char* const name : {"confusion.svg", "confusion.png"}) {
      save_confusion_matrix(results->classes->matrix(), data.class_names, folder.file(name));
    }
  }
  replace_file(folder.file("report.html"), report_page(report));
}

}  // namespace cornu::inline v0::cli
