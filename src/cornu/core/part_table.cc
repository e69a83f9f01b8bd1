#include "cornu/core/part_table.h"

namespace cornu::inline v0 {

std::string_view PartNames::name_of(std::string_view name) const {
  for (const OtherName& each : others) {
    if (same_name(each.other, name)) return each.name;
  }
  return name;
}

void PartNames::refuse(std::string_view name, std::vector<std::string> names) const {
  refuse_absent(where, name, absent);
  if (lists_others) {
    for (const OtherName& each : others) names.emplace_back(each.other);
  }
  for (std::string& each : registered_names(kind)) names.push_back(std::move(each));
  if (listed != nullptr) {
    for (std::string& each : names) each = listed(each);
  }
  throw unknown_name(where, kind, name, names);
}

void PartNames::refuse_taken(std::string_view name, std::string_view known) const {
  throw Error({.where = "register_" + std::string(kind),
               .what = "\"" + std::string(name) + "\" is a name of Cornu's " + std::string(known),
               .hint = "register yours under another name"});
}

}  // namespace cornu::inline v0
