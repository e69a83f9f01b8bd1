#include "cornu/report/best_epoch.h"

#include <cmath>

namespace cornu::inline v0 {

std::optional<BestEpoch> best_epoch(const History& history) {
  for (const char* name : {"val_loss", "loss"}) {
    std::optional<BestEpoch> best;
    bool is_logged = false;
    for (const EpochRecord& record : history.epochs) {
      const double* value = record.logs.find(name);
      is_logged = is_logged || value != nullptr;
      if (value == nullptr || !std::isfinite(*value)) continue;
      if (!best || *value < best->loss) best = {number_of_epoch(record), *value, name};
    }
    if (is_logged) return best;
  }
  return std::nullopt;
}

}  // namespace cornu::inline v0
