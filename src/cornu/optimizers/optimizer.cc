#include "cornu/optimizers/optimizer.h"

#include <vector>

#include "cornu/optimizers/adam.h"
#include "cornu/optimizers/sgd.h"

namespace cornu::inline v0 {
namespace {

template <class O>
constexpr OptimizerEntry entry() {
  return {O::kName, field_names<typename O::Options>, [](const Value::Map& config) -> Optimizer {
            typename O::Options options;
            fields_from_map(config, options, std::string(O::kName));
            return O(options);
          }};
}

const OptimizerEntry kTable[] = {entry<SGD>(), entry<Adam>()};

}  // namespace

std::span<const OptimizerEntry> optimizer_table() {
  return kTable;
}

Optimizer make_optimizer(std::string_view name, const Value::Map& config) {
  std::vector<std::string> names;
  for (const OptimizerEntry& each : kTable) {
    if (each.name == name) return each.make(config);
    names.emplace_back(each.name);
  }
  throw unknown_name("optimizer", "optimizer", name, names);
}

Optimizer::Optimizer(std::string_view name) : Optimizer(make_optimizer(name)) {}

}  // namespace cornu::inline v0
