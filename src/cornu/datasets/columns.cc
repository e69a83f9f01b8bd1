#include "cornu/datasets/columns.h"

#include "cornu/core/error.h"

namespace cornu::inline v0::datasets {

std::vector<std::string> Table::names() const {
  std::vector<std::string> names;
  for (const Column& each : columns) names.push_back(each.name);
  return names;
}

const Column* Table::find(std::string_view name) const {
  for (const Column& each : columns) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

const Column& Table::at(std::string_view name) const {
  if (const Column* const column = find(name)) return *column;
  throw unknown_name(where, "column", name, names());
}

}  // namespace cornu::inline v0::datasets
