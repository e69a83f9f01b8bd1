#include "cornu/regularizers/regularizer.h"

#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/core/user_parts.h"
#include "cornu/regularizers/l1_l2.h"

namespace cornu::inline v0 {
namespace {

template <class R>
constexpr RegularizerEntry regularizer_entry_of() {
  return {R::kName, field_names<typename R::Options>, [](const Value::Map& config) -> Regularizer {
            typename R::Options options;
            fields_from_map(config, options, std::string(R::kName));
            return R(options);
          }};
}

constexpr RegularizerEntry kRegularizers[] = {
    regularizer_entry_of<L1>(), regularizer_entry_of<L2>(), regularizer_entry_of<L1L2>()};

constexpr AbsentName kAbsentRegularizers[] = {{"orthogonal_regularizer", "l2"}, {"rms", "l2"}};

}  // namespace

std::span<const RegularizerEntry> regularizer_table() {
  return kRegularizers;
}

Regularizer make_regularizer(std::string_view name, const Value::Map& config) {
  std::vector<std::string> names;
  for (const RegularizerEntry& each : kRegularizers) {
    if (same_name(each.name, name)) return each.make(config);
    names.emplace_back(each.name);
  }
  refuse_absent("regularizer", name, kAbsentRegularizers);
  throw unknown_name("regularizer", "regularizer", name, names);
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
  const auto* own = find_user_part<Regularizer>("regularizer", part.name);
  x = own == nullptr ? make_regularizer(part.name, part.config) : (*own)(part.config);
}

}  // namespace cornu::inline v0
