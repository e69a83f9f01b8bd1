#include "cornu/regularizers/regularizer.h"

#include <utility>

#include "cornu/regularizers/l1_l2.h"

namespace cornu::inline v0 {
namespace {

template <class R>
constexpr RegularizerEntry regularizer_entry_of() {
  return part_entry_of<Regularizer, R>(R::kName);
}

constexpr RegularizerEntry kRegularizers[] = {
    regularizer_entry_of<L1>(), regularizer_entry_of<L2>(), regularizer_entry_of<L1L2>()};

constexpr AbsentName kAbsentRegularizers[] = {{"orthogonal_regularizer", "l2"}, {"rms", "l2"}};

}  // namespace

std::span<const RegularizerEntry> regularizer_table() {
  return kRegularizers;
}

template <>
const PartTable<Regularizer>& part_table<Regularizer>() {
  static constexpr PartTable<Regularizer> table(
      {.kind = "regularizer", .where = "regularizer", .absent = kAbsentRegularizers},
      kRegularizers);
  return table;
}

Regularizer make_regularizer(std::string_view name, const Value::Map& config) {
  return part_table<Regularizer>().make(name, config);
}

Regularizer::Regularizer(std::string_view name) : Regularizer(make_regularizer(name)) {}

Value to_value(const Regularizer& x) {
  if (!x) return {};
  return to_value(NamedConfig{std::string(x->name()), x->config()});
}

void from_value(const Value& value, Regularizer& x) {
  x = {};
  if (value.is_null()) return;
  NamedConfig part;
  from_value(value, part);
  x = part_from_config<Regularizer>(part);
}

}  // namespace cornu::inline v0
