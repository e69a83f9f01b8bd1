#pragma once

#include <optional>
#include <string>

#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// The epoch's number from 1, as the terminal prints it.
inline double number_of_epoch(const EpochRecord& record) {
  return static_cast<double>(record.epoch) + 1;
}

/// An epoch, its number from 1, and its loss by its name in the logs.
struct BestEpoch {
  double epoch;
  double loss;
  std::string name;
};

/// The epoch with the least val_loss, or loss without validation; none if no loss is finite.
std::optional<BestEpoch> best_epoch(const History& history);

}  // namespace cornu::inline v0
