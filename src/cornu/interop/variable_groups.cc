#include "cornu/interop/variable_groups.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace cornu::inline v0 {
namespace {

constexpr std::string_view kSeparators = "/\\";

// -1 for a name that is no number.
int64_t number_of(std::string_view name) {
  int64_t number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? number : -1;
}

}  // namespace

VariableGroup::VariableGroup(const formats::Hdf5Group& group) {
  add(group);
}

void VariableGroup::add(const formats::Hdf5Group& group) {
  for (const formats::Hdf5Group& each : group.groups) at(each.name).add(each);
  for (const formats::Hdf5Dataset& each : group.datasets) {
    const size_t slash = each.name.find_last_of(kSeparators);
    const bool is_here = slash == std::string::npos;
    VariableGroup& around = is_here ? *this : at(std::string_view(each.name).substr(0, slash));
    around.datasets.emplace(is_here ? each.name : each.name.substr(slash + 1), &each);
  }
}

VariableGroup& VariableGroup::at(std::string_view path) {
  const size_t slash = path.find_first_of(kSeparators);
  VariableGroup& next = groups[std::string(path.substr(0, slash))];
  return slash == std::string_view::npos ? next : next.at(path.substr(slash + 1));
}

const VariableGroup* VariableGroup::find(std::string_view name) const {
  const auto found = groups.find(name);
  return found == groups.end() ? nullptr : &found->second;
}

bool VariableGroup::is_empty() const {
  return datasets.empty() &&
         std::ranges::all_of(groups, [](const auto& each) { return each.second.is_empty(); });
}

std::vector<const formats::Hdf5Dataset*> VariableGroup::variables() const {
  std::map<int64_t, const formats::Hdf5Dataset*> by_number;
  if (const VariableGroup* const vars = find("vars")) {
    for (const auto& [name, dataset] : vars->datasets) by_number.emplace(number_of(name), dataset);
  }
  std::vector<const formats::Hdf5Dataset*> all;
  for (const auto& [number, dataset] : by_number) all.push_back(dataset);
  return all;
}

std::pair<std::string, int64_t> counted_name(const std::string& name) {
  const size_t underscore = name.rfind('_');
  if (underscore == std::string::npos) return {name, 0};
  const int64_t number = number_of(std::string_view(name).substr(underscore + 1));
  if (number < 0) return {name, 0};
  return {name.substr(0, underscore), number};
}

}  // namespace cornu::inline v0
