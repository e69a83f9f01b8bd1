#include "cornu/report/report_page.h"

#include <utility>

#include "cornu/core/version.h"
#include "cornu/report/page_files_internal.h"
#include "cornu/report/page_sections_internal.h"
#include "cornu/report/page_template.h"

namespace cornu::inline v0 {
namespace {

/// A part of the page, in its order.
struct PagePart {
  const char* id;
  const char* name;
  Value data;
};

std::vector<PagePart> parts_of(const RunReport& report) {
  std::vector<PagePart> parts = {{"tiles", "Results", results_section(report)},
                                 {"curves", "Learning curves", curves_section(report)}};
  if (report.validation != nullptr) {
    const ValidationResults& validation = *report.validation;
    parts.push_back({"confusion", "Confusion matrix", confusion_section(validation)});
    parts.push_back({"classes", "Classes", classes_section(validation)});
    parts.push_back({"numbers", "Predicted against true", numbers_section(validation)});
    parts.push_back({"mistakes", "Worst mistakes", mistakes_section(report)});
    parts.push_back({"calibration", "Calibration", calibration_section(validation)});
  }
  parts.push_back({"weights", "Weights", weights_section(report)});
  return parts;
}

std::string lead_of(const RunReport& report) {
  const RunRecord& record = report.record;
  std::string lead = report.title.empty() ? record.dataset : report.title;
  lead += ": " + counted(whole_epochs(record), "epoch") + " over " +
          counted(record.train_samples, "sample") + " in " + duration_text(record.history.seconds);
  return lead + (record.threads > 0 ? " on " + counted(record.threads, "thread") : "");
}

// A plan of a deep network may be longer than all the rest.
constexpr size_t kLongestPlan = 250'000;

Value plan_of(std::string text) {
  if (text.empty()) return {};
  if (text.size() > kLongestPlan) {
    text.resize(text.rfind('\n', kLongestPlan) + 1);
    text += "… cornu explain prints the rest.\n";
  }
  return Value::Map{{"first_line", text.substr(0, text.find('\n'))}, {"text", std::move(text)}};
}

}  // namespace

std::string report_page(const RunReport& report) {
  const RunRecord& record = report.record;
  Value::Map data = {{"title", record.run_dir + ": " + record.status},
                     {"run", record.run_dir},
                     {"status", record.status},
                     {"error", record.error},
                     {"lead", lead_of(report)},
                     {"version", CORNU_VERSION}};
  Value::List links;
  for (PagePart& part : parts_of(report)) {
    if (part.data.is_null()) continue;
    const bool is_first = std::string_view(part.id) == "tiles";
    if (!is_first) links.push_back(Value::Map{{"id", part.id}, {"name", part.name}});
    data.emplace_back(part.id, std::move(part.data));
  }
  for (const auto& [id, name] : {std::pair("run", "Run"), std::pair("network", "Network")}) {
    links.push_back(Value::Map{{"id", id}, {"name", name}});
  }
  if (!report.plan.empty()) links.push_back(Value::Map{{"id", "plan"}, {"name", "Plan"}});
  data.emplace_back("parts", std::move(links));
  data.emplace_back("facts", run_facts(report));
  data.emplace_back("summary", report.model.summary());
  data.emplace_back("plan", plan_of(report.plan));
  const bool has_curves = !record.history.epochs.empty();
  data.emplace_back("chart_data", has_curves ? script_json(chart_data(record.history)) : "");
  return filled_template("page.html", Value(std::move(data)), page_file);
}

}  // namespace cornu::inline v0
