#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/plan/team_use.h"

namespace cornu::inline v0 {

/// Named numbers in the order in which they were computed: loss, accuracy, val_loss, … A plain
/// value: threads may read one at the same time.
class CORNU_API Logs {
 public:
  void set(std::string_view name, double value);
  const double* find(std::string_view name) const;
  /// Error, with the known names, if there is none of this name.
  double operator[](std::string_view name) const;
  bool empty() const { return items_.empty(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<std::pair<std::string, double>> items_;
};

/// Writes [loss: 0.0519, accuracy: 0.9872] with four decimals.
CORNU_API std::ostream& operator<<(std::ostream& out, const Logs& logs);

/// One epoch of a fit: its number from 0, its logs, and its time including validation.
struct EpochRecord {
  int64_t epoch = 0;
  Logs logs;
  double seconds = 0;
};

/// The epochs of a fit, which fit() returns; `params` as Keras has them. A plain value: threads may
/// read one at the same time.
class CORNU_API History {
 public:
  struct Params {
    int64_t verbose = 1, epochs = 0, steps = 0;
    bool validates = false;  ///< whether there are validation data
  };

  std::vector<EpochRecord> epochs;
  Params params;
  /// Seconds of the whole fit, validation included.
  double seconds = 0;
  /// Of each process that trained, by rank: seconds that it computed the steps of training, without
  /// those in which it waited for others. Empty if one trained alone.
  std::vector<double> process_seconds = {};
  /// How many threads ran the training steps, and why.
  TeamUse team = {};
  /// Whether a StopToken ended it before its last epoch.
  bool stopped = false;

  /// Every name logged, in order of first appearance.
  std::vector<std::string> names() const;
  /// The values of `name`, one for each epoch that has it: history["val_loss"]. Error, with the
  /// known names, if no epoch has it.
  std::vector<double> operator[](std::string_view name) const;
  /// The logs of the last epoch. Error when the fit ran no epoch.
  const Logs& last() const;
};

}  // namespace cornu::inline v0
