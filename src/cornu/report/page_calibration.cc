#include <algorithm>
#include <cmath>

#include "cornu/core/names.h"
#include "cornu/report/page_sections_internal.h"

namespace cornu::inline v0 {
namespace {

// The plot inside the drawing of 360 × 300.
double across(double confidence) {
  return 60 + 288 * confidence;
}
double up(double accuracy) {
  return 256 - 240 * accuracy;
}

Value bin_of(const ReliabilityBin& bin, double low, double width, int64_t all) {
  const double part = static_cast<double>(bin.count) / static_cast<double>(all);
  return Value::Map{
      {"title", with_commas(bin.count) + " predictions: confidence " +
                    percent_text(bin.confidence) + ", right " + percent_text(bin.accuracy)},
      {"x", place_text(across(low) + 0.5)},
      {"y", place_text(up(bin.accuracy))},
      {"width", place_text(288 * width - 1)},
      {"height", place_text(240 * bin.accuracy)},
      {"share", significant(0.12 + 0.5 * std::sqrt(part), 3)},
      {"part_y", place_text(up(part))},
      {"part_height", place_text(240 * part)},
      {"cx", place_text(across(bin.confidence))},
      {"cy", place_text(up(bin.accuracy))}};
}

}  // namespace

Value calibration_section(const ValidationResults& validation) {
  if (!validation.classes) return {};
  const Calibration& calibration = validation.classes->calibration();
  if (calibration.count() == 0) return {};
  const std::vector<ReliabilityBin> all = calibration.bins();
  Value::List bins, ticks;
  std::string line;
  const double width = 1 / static_cast<double>(all.size());
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].count == 0) continue;
    bins.push_back(bin_of(all[i], static_cast<double>(i) * width, width, calibration.count()));
    line += (line.empty() ? "" : " ") + place_text(across(all[i].confidence)) + "," +
            place_text(up(all[i].accuracy));
  }
  for (int i = 0; i <= 5; ++i) {
    ticks.push_back(Value::Map{{"x", place_text(across(i / 5.0))},
                               {"y", place_text(up(i / 5.0))},
                               {"base", place_text(up(i / 5.0) + 4)},
                               {"text", shortest(i / 5.0)}});
  }
  const std::string error = percent_text(calibration.expected_error());
  return Value::Map{
      {"hint", "How often predictions are right that are so sure, in " +
                   std::to_string(all.size()) +
                   " bins; on the dashed line confidence and accuracy agree. Expected calibration "
                   "error: " +
                   error + "."},
      {"alt", "Accuracy by confidence; expected calibration error " + error},
      {"bins", std::move(bins)},
      {"ticks", std::move(ticks)},
      {"line", line}};
}

}  // namespace cornu::inline v0
