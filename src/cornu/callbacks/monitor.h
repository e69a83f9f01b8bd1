#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/training/callback.h"

namespace cornu::inline v0 {

/// A log that a callback follows, and whether it gets better.
class CORNU_API Monitor {
 public:
  /// `mode` "min", "max", or "auto": as the metric of that name declares. Error for another mode.
  Monitor(std::string_view callback, std::string name, std::string mode, double min_delta);

  const std::string& name() const { return name_; }
  /// Begins a fit; `training` says which values are better. Error, with the known logs, if no epoch
  /// of the fit can have this one.
  void begin(const Training& training);
  /// The same for a callback that can do without the log: Error only if there is none of that name
  /// with and without "val_".
  void begin_optional(const Training& training);
  /// Whether `value` is better than `than` by more than min_delta. Any number is better than NaN
  /// and than no value; NaN is never better.
  bool improves(double value, std::optional<double> than) const;
  /// The value in the logs of an epoch; none for a log of validation if the epoch was not
  /// validated. Error, with the known logs, if it is not among them.
  std::optional<double> value(const Logs& logs) const;
  /// The same after begin_optional: none, too, if there is one of that name with "val_" or without.
  std::optional<double> optional_value(const Training& training, const Logs& logs) const;

 private:
  void set_direction(const Training& training);
  std::string_view plain_name() const;  ///< without "val_"
  Error unknown(const std::vector<std::string>& names) const;

  std::string callback_, name_, mode_;
  double min_delta_;
  bool higher_is_better_ = false, fit_validates_ = false;
};

}  // namespace cornu::inline v0
