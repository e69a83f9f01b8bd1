#include "cornu/losses/loss.h"

#include <vector>

#include "cornu/losses/categorical_crossentropy.h"
#include "cornu/losses/sparse_categorical_crossentropy.h"

namespace cornu::inline v0 {
namespace {

constexpr LossEntry kTable[] = {
    {"categorical_crossentropy", [] { return Loss(CategoricalCrossentropy()); }},
    {"sparse_categorical_crossentropy", [] { return Loss(SparseCategoricalCrossentropy()); }},
};

Loss by_name(std::string_view name) {
  std::vector<std::string> names;
  for (const LossEntry& entry : kTable) {
    if (entry.name == name) return entry.make();
    names.emplace_back(entry.name);
  }
  throw unknown_name("loss", "loss", name, names);
}

}  // namespace

std::span<const LossEntry> loss_table() {
  return kTable;
}

Loss::Loss(std::string_view name) : Loss(by_name(name)) {}

}  // namespace cornu::inline v0
