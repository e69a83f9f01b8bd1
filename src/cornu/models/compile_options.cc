#include "cornu/models/compile_options.h"

#include <algorithm>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

template <class T>
void check_names(const std::map<std::string, T>& by_name, const std::vector<std::string>& outputs,
                 const std::string& where) {
  for (const auto& [name, value] : by_name) {
    if (std::ranges::find(outputs, name) == outputs.end()) {
      throw unknown_name(where, "output", name, outputs);
    }
  }
}

}  // namespace

CompiledOutputs for_outputs(const CompileOptions& options, const std::vector<std::string>& outputs,
                            const std::string& where) {
  check_names(options.losses, outputs, where);
  check_names(options.loss_weights, outputs, where);
  check_names(options.output_metrics, outputs, where);
  check_names(options.output_weighted_metrics, outputs, where);
  const bool several = outputs.size() > 1;
  CompiledOutputs compiled;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const std::string& output = outputs[i];
    OutputLoss trained;
    trained.loss = options.loss;
    if (const auto own = options.losses.find(output); own != options.losses.end()) {
      trained.loss = own->second;
    }
    if (const auto own = options.loss_weights.find(output); own != options.loss_weights.end()) {
      trained.weight = own->second;
    }
    compiled.losses.push_back(std::move(trained));
    if (several) compiled.counted.loss_names.push_back(output + "_loss");
    const auto count = [&](const std::vector<Metric>& metrics, bool weighted) {
      for (const Metric& metric : metrics) {
        const std::string name(metric->name());
        compiled.counted.metrics.push_back(
            {metric, several ? output + "_" + name : name, i, weighted});
      }
    };
    const auto count_own = [&](const auto& by_output, bool weighted) {
      const auto own = by_output.find(output);
      if (own != by_output.end()) count(own->second, weighted);
    };
    count(options.metrics, false);
    count_own(options.output_metrics, false);
    count(options.weighted_metrics, true);
    count_own(options.output_weighted_metrics, true);
  }
  return compiled;
}

}  // namespace cornu::inline v0
