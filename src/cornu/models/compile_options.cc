#include "cornu/models/compile_options.h"

#include <algorithm>
#include <cstdint>
#include <set>

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

/// Gives each logged value its own name.
class LogNames {
 public:
  explicit LogNames(const std::string& where) : where_(where) {}

  /// `name` for the first metric of that name, then name_1, name_2, …, as in Keras.
  std::string metric(const std::string& name) {
    require_free("metric", name);
    std::string counted = name;
    for (int64_t i = 1; !taken_.insert(counted).second; ++i) {
      counted = name + "_" + std::to_string(i);
    }
    return counted;
  }
  /// `name`, which no metric may have after this.
  std::string loss(std::string name) {
    require_free("loss", name);
    losses_.insert(name);
    return name;
  }

 private:
  void require_free(const char* what, const std::string& name) const {
    std::string why;
    if (name.empty()) {
      why = "a name that is not empty";
    } else if (name.starts_with("val_")) {
      why = "a name that does not begin with val_, as those of validation do";
    } else if (name == "loss" || losses_.contains(name)) {
      why = "another name, since logs hold a loss under this one";
    } else if (name == "epoch" || name == "seconds" || name == "learning_rate") {
      why = "another name, since histories hold another number under this one";
    } else {
      return;
    }
    throw Error({.where = where_,
                 .what = std::string(what) + " \"" + name + "\" cannot be logged by that name",
                 .expected = why});
  }

  const std::string& where_;
  std::set<std::string> taken_, losses_;
};

}  // namespace

CompiledOutputs for_outputs(const CompileOptions& options, const std::vector<std::string>& outputs,
                            const std::string& where) {
  check_names(options.losses, outputs, where);
  check_names(options.loss_weights, outputs, where);
  check_names(options.output_metrics, outputs, where);
  check_names(options.output_weighted_metrics, outputs, where);
  const bool several = outputs.size() > 1;
  CompiledOutputs compiled;
  LogNames names(where);
  if (several) {
    for (const std::string& output : outputs) {
      compiled.counted.loss_names.push_back(names.loss(output + "_loss"));
    }
  }
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
    const auto count = [&](const std::vector<Metric>& metrics, bool weighted) {
      for (const Metric& metric : metrics) {
        const std::string name(metric->name());
        compiled.counted.metrics.push_back(
            {metric, names.metric(several ? output + "_" + name : name), i, weighted});
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
