#include "cornu/metrics/metric.h"

#include <vector>

#include "cornu/core/error.h"
#include "cornu/metrics/accuracy.h"

namespace cornu::inline v0 {
namespace {

constexpr MetricEntry kTable[] = {
    {"accuracy", [] { return Metric(Accuracy()); }},
};

Metric by_name(std::string_view name) {
  if (name == "acc") name = "accuracy";
  std::vector<std::string> names;
  for (const MetricEntry& entry : kTable) {
    if (entry.name == name) return entry.make();
    names.emplace_back(entry.name);
  }
  throw unknown_name("metrics", "metric", name, names);
}

}  // namespace

std::span<const MetricEntry> metric_table() {
  return kTable;
}

Metric::Metric(std::string_view name) : Metric(by_name(name)) {}

}  // namespace cornu::inline v0
