#include "cornu/evaluation/calibration.h"

#include <algorithm>
#include <cmath>

namespace cornu::inline v0 {

Calibration::Calibration(int64_t bins) : sums_(static_cast<size_t>(bins)) {}

void Calibration::add(double confidence, bool is_right) {
  if (!std::isfinite(confidence)) return;
  const double place = std::ceil(confidence * static_cast<double>(sums_.size())) - 1;
  Sums& bin =
      sums_[static_cast<size_t>(std::clamp(place, 0.0, static_cast<double>(sums_.size() - 1)))];
  bin.confidence += confidence;
  bin.right += is_right ? 1 : 0;
  ++bin.count;
  ++count_;
}

std::vector<ReliabilityBin> Calibration::bins() const {
  std::vector<ReliabilityBin> bins;
  for (const Sums& each : sums_) {
    const auto count = static_cast<double>(std::max<int64_t>(each.count, 1));
    bins.push_back({each.confidence / count, static_cast<double>(each.right) / count, each.count});
  }
  return bins;
}

double Calibration::expected_error() const {
  double sum = 0;
  for (const ReliabilityBin& bin : bins()) {
    sum += static_cast<double>(bin.count) * std::abs(bin.accuracy - bin.confidence);
  }
  return count_ > 0 ? sum / static_cast<double>(count_) : 0;
}

}  // namespace cornu::inline v0
