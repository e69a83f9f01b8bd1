#include "cornu/interop/names_without_slashes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "cornu/interop/keras_part.h"

namespace cornu::inline v0 {
namespace {

// The names of the layers and networks in a description, at any depth.
void collect_names(const Value& value, std::set<std::string>& names) {
  if (value.is_list()) {
    for (const Value& each : value.as_list()) collect_names(each, names);
    return;
  }
  if (!value.is_map()) return;
  if (value.find("class_name") != nullptr) {
    const Value& name = value_under(value_under(value, "config"), "name");
    if (name.is_string()) names.insert(name.as_string());
  }
  for (const auto& [key, each] : value.as_map()) collect_names(each, names);
}

using NewNames = std::map<std::string, std::string>;

const std::string& renamed(const std::string& name, const NewNames& changed) {
  const auto found = changed.find(name);
  return found == changed.end() ? name : found->second;
}

// Names stand as values, where layers are called, and as keys, where outputs have losses.
Value renamed(const Value& value, const NewNames& changed) {
  if (value.is_string()) return renamed(value.as_string(), changed);
  if (value.is_list()) {
    Value::List list;
    for (const Value& each : value.as_list()) list.push_back(renamed(each, changed));
    return list;
  }
  if (!value.is_map()) return value;
  Value::Map map;
  for (const auto& [key, each] : value.as_map()) {
    map.emplace_back(renamed(key, changed), renamed(each, changed));
  }
  return map;
}

}  // namespace

std::map<std::string, std::string> names_without_slashes(const std::set<std::string>& names) {
  NewNames changed;
  std::set<std::string> used = names;
  for (const std::string& each : names) {
    if (each.find('/') == std::string::npos) continue;
    std::string name = each;
    std::ranges::replace(name, '/', '_');
    while (!used.insert(name).second) name += '_';
    changed.emplace(each, std::move(name));
  }
  return changed;
}

void remove_slashes_from_names(Value& network, Value& compile) {
  std::set<std::string> names;
  collect_names(network, names);
  const NewNames changed = names_without_slashes(names);
  if (changed.empty()) return;
  network = renamed(network, changed);
  compile = renamed(compile, changed);
}

}  // namespace cornu::inline v0
