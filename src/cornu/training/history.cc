#include "cornu/training/history.h"

#include <algorithm>
#include <ostream>

#include "cornu/core/error.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

Error no_epoch() {
  return Error({.where = "History",
                .what = "holds no epoch, since the fit ran none",
                .hint = "a fit runs no epoch when epochs <= initial_epoch, or when it was stopped "
                        "before its first step; test history.epochs.empty()"});
}

}  // namespace

void Logs::set(std::string_view name, double value) {
  for (auto& [key, old] : items_) {
    if (key == name) {
      old = value;
      return;
    }
  }
  items_.emplace_back(name, value);
}

const double* Logs::find(std::string_view name) const {
  for (const auto& [key, value] : items_) {
    if (key == name) return &value;
  }
  return nullptr;
}

double Logs::operator[](std::string_view name) const {
  if (const double* value = find(name)) return *value;
  std::vector<std::string> names;
  for (const auto& [key, value] : items_) names.push_back(key);
  throw unknown_name("logs", "value", name, names);
}

std::ostream& operator<<(std::ostream& out, const Logs& logs) {
  std::string joined;
  for (const auto& [name, value] : logs) {
    joined += (joined.empty() ? "" : ", ") + name + ": " + fixed(value, 4);
  }
  return out << "[" << joined << "]";
}

std::vector<std::string> History::names() const {
  std::vector<std::string> names;
  for (const EpochRecord& record : epochs) {
    for (const auto& [name, value] : record.logs) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

std::vector<double> History::operator[](std::string_view name) const {
  std::vector<double> values;
  for (const EpochRecord& record : epochs) {
    if (const double* value = record.logs.find(name)) values.push_back(*value);
  }
  if (epochs.empty()) throw no_epoch();
  if (values.empty()) throw unknown_name("History", "value", name, names());
  return values;
}

const Logs& History::last() const {
  if (epochs.empty()) throw no_epoch();
  return epochs.back().logs;
}

}  // namespace cornu::inline v0
