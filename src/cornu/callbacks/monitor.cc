#include "cornu/callbacks/monitor.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0 {

Monitor::Monitor(std::string_view callback, std::string name, std::string mode, double min_delta)
    : callback_(callback),
      name_(std::move(name)),
      mode_(std::move(mode)),
      min_delta_(std::abs(min_delta)) {
  const std::vector<std::string> modes = {"auto", "min", "max"};
  for (const std::string& each : modes) {
    if (each == mode_) return;
  }
  throw unknown_name(callback_, "mode", mode_, modes, "mode");
}

void Monitor::set_direction(const Training& training) {
  higher_is_better_ = mode_ == "max" || (mode_ == "auto" && training.higher_is_better(name_));
  fit_validates_ = training.params().validates;
}

std::string_view Monitor::plain_name() const {
  return std::string_view(name_).substr(name_.starts_with("val_") ? 4 : 0);
}

void Monitor::begin(const Training& training) {
  set_direction(training);
  if (!training.may_log(name_)) throw unknown(training.log_names());
}

void Monitor::begin_optional(const Training& training) {
  set_direction(training);
  if (!training.may_log(name_) && !training.may_log(plain_name())) {
    throw unknown(training.log_names());
  }
}

bool Monitor::improves(double value, std::optional<double> than) const {
  if (std::isnan(value)) return false;
  if (!than || std::isnan(*than)) return true;
  return higher_is_better_ ? value - min_delta_ > *than : value + min_delta_ < *than;
}

std::optional<double> Monitor::value(const Logs& logs) const {
  if (const double* found = logs.find(name_)) return *found;
  const bool validated = logs.find("val_loss") != nullptr;
  if (name_.starts_with("val_") && fit_validates_ && !validated) return {};
  std::vector<std::string> names;
  for (const auto& [name, value] : logs) names.push_back(name);
  throw unknown(names);
}

std::optional<double> Monitor::optional_value(const Training& training, const Logs& logs) const {
  if (const double* found = logs.find(name_)) return *found;
  const std::vector<std::string> names = training.log_names();
  if (std::ranges::find(names, plain_name()) == names.end()) throw unknown(names);
  return {};
}

Error Monitor::unknown(const std::vector<std::string>& names) const {
  ErrorParts parts = unknown_name(callback_, "monitored value", name_, names).parts();
  if (name_.starts_with("val_") && !fit_validates_) {
    parts.hint = "it takes validation_data or a validation_split";
  }
  return Error(parts);
}

}  // namespace cornu::inline v0
