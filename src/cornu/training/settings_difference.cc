#include "cornu/training/settings_difference.h"

#include <algorithm>

namespace cornu::inline v0 {
namespace {

std::string text_of(const Value* value) {
  constexpr size_t kMost = 60;
  std::string text = value == nullptr ? "nothing" : value->str();
  if (text.size() > kMost) text = text.substr(0, kMost) + "…";
  return text;
}

bool is_same(const Value& here, const Value& before) {
  if (here.is_number() && before.is_number()) return here.as_double() == before.as_double();
  return here == before;
}

class Differences {
 public:
  void compare(const Value* here, const Value* before, const std::string& path) {
    if (here != nullptr && before != nullptr) {
      if (here->is_map() && before->is_map()) return compare_maps(*here, *before, path);
      if (here->is_list() && before->is_list()) return compare_lists(*here, *before, path);
      if (is_same(*here, *before)) return;
    }
    found.push_back(path + ": " + text_of(here) + ", before " + text_of(before));
  }

  std::vector<std::string> found;

 private:
  static std::string below(const std::string& path, const std::string& name) {
    return path.empty() ? name : path + "/" + name;
  }

  void compare_maps(const Value& here, const Value& before, const std::string& path) {
    for (const auto& [key, value] : here.as_map()) {
      compare(&value, before.find(key), below(path, key));
    }
    for (const auto& [key, value] : before.as_map()) {
      if (here.find(key) == nullptr) compare(nullptr, &value, below(path, key));
    }
  }

  void compare_lists(const Value& here, const Value& before, const std::string& path) {
    const Value::List& a = here.as_list();
    const Value::List& b = before.as_list();
    for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
      compare(i < a.size() ? &a[i] : nullptr, i < b.size() ? &b[i] : nullptr,
              below(path, std::to_string(i)));
    }
  }
};

}  // namespace

std::vector<std::string> settings_differences(const Value& here, const Value& before) {
  Differences differences;
  differences.compare(&here, &before, "");
  return std::move(differences.found);
}

}  // namespace cornu::inline v0
