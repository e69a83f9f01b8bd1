#include "cornu/interop/variable_groups.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

constexpr std::string_view kSeparators = "/\\";
constexpr int kDeepestGroup = 64;

// -1 for a name that is no number.
int64_t number_of(std::string_view name) {
  int64_t number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? number : -1;
}

}  // namespace

/// A group, its depth, and the file for errors.
struct VariableGroup::Place {
  VariableGroup* group;
  int depth;
  const std::string& where;

  // The group at a path within this one, made where it is missing. One name may hold many
  // separators, and a tree as deep as a file wishes would overflow the stack.
  Place at(std::string_view path) const {
    Place place = *this;
    while (true) {
      if (++place.depth > kDeepestGroup) {
        throw Error({.kind = ErrorKind::corrupt,
                     .where = where,
                     .expected = "groups at most " + std::to_string(kDeepestGroup) + " deep"});
      }
      const size_t slash = path.find_first_of(kSeparators);
      place.group = &place.group->groups[std::string(path.substr(0, slash))];
      if (slash == std::string_view::npos) return place;
      path.remove_prefix(slash + 1);
    }
  }
};

VariableGroup::VariableGroup(const formats::Hdf5Group& group, const std::string& where) {
  add({this, 0, where}, group);
}

void VariableGroup::add(Place here, const formats::Hdf5Group& group) {
  for (const formats::Hdf5Group& each : group.groups) add(here.at(each.name), each);
  for (const formats::Hdf5Dataset& each : group.datasets) {
    const size_t slash = each.name.find_last_of(kSeparators);
    const bool is_here = slash == std::string::npos;
    const Place around = is_here ? here : here.at(std::string_view(each.name).substr(0, slash));
    around.group->datasets.emplace(is_here ? each.name : each.name.substr(slash + 1), &each);
  }
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
