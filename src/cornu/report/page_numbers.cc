#include <algorithm>
#include <cmath>
#include <functional>

#include "cornu/report/page_sections_internal.h"

namespace cornu::inline v0 {
namespace {

/// The numbers on one side of a plot, and the pixels that they are drawn at.
struct PlotAxis {
  double low = 0, high = 1, step = 1, from = 0, to = 1;

  double place(double value) const { return from + (value - low) / (high - low) * (to - from); }
};

// From the least to the largest of the numbers, and round ticks between.
PlotAxis axis_over(double low, double high, double from, double to) {
  if (!(high > low)) {
    const double room = std::max(std::abs(low), 1.0) * 0.5;
    low -= room;
    high += room;
  }
  const double power = std::pow(10, std::floor(std::log10((high - low) / 5)));
  double step = power;
  for (const double digit : {2.0, 5.0, 10.0}) {
    if ((high - low) / step > 6) step = digit * power;
  }
  return {low, high, step, from, to};
}

Value ticks_of(const PlotAxis& axis) {
  Value::List ticks;
  for (double i = std::ceil(axis.low / axis.step); i * axis.step <= axis.high; ++i) {
    const double at = axis.place(i * axis.step);
    ticks.push_back(Value::Map{{"at", place_text(at)},
                               {"base", place_text(at + 4)},
                               {"text", number_text(i * axis.step + 0.0)}});
  }
  return ticks;
}

using Points = std::vector<PredictedNumber>;

// Points that are not finite have no place.
Points finite(const Points& points) {
  Points kept;
  for (const PredictedNumber& each : points) {
    if (std::isfinite(each.predicted) && std::isfinite(each.target)) kept.push_back(each);
  }
  return kept;
}

std::string path_of(const std::vector<std::pair<double, double>>& places) {
  std::string path;
  for (const auto& [x, y] : places) path += "M" + place_text(x) + " " + place_text(y) + "h0";
  return path;
}

template <class Get>
std::pair<double, double> range_of(const Points& points, Get get) {
  double low = get(points[0]), high = low;
  for (const PredictedNumber& each : points) {
    low = std::min(low, get(each));
    high = std::max(high, get(each));
  }
  return {low, high};
}

Value plot_of(const Points& points, bool of_errors) {
  const auto value = [of_errors](const PredictedNumber& each) {
    return of_errors ? each.predicted - each.target : each.predicted;
  };
  const auto [x_low, x_high] = range_of(points, [](const auto& each) { return each.target; });
  const auto [y_low, y_high] = range_of(points, value);
  const PlotAxis x = axis_over(x_low, x_high, 78, 342);
  const PlotAxis y = axis_over(y_low, y_high, 250, 22);
  std::vector<std::pair<double, double>> places;
  for (const PredictedNumber& each : points) {
    places.emplace_back(x.place(each.target), y.place(value(each)));
  }
  // Where predictions are right, as far as both axes go.
  const double first = of_errors ? x.low : std::max(x.low, y.low);
  const double last = of_errors ? x.high : std::max(first, std::min(x.high, y.high));
  const auto right = [&](double target) { return y.place(of_errors ? 0 : target); };
  const bool has_zero = !of_errors || (y.low <= 0 && y.high >= 0);
  return Value::Map{{"alt", of_errors ? "Errors against targets" : "Predictions against targets"},
                    {"x_ticks", ticks_of(x)},
                    {"y_ticks", ticks_of(y)},
                    {"x1", place_text(x.place(first))},
                    {"y1", place_text(has_zero ? right(first) : y.from)},
                    {"x2", place_text(has_zero ? x.place(last) : x.place(first))},
                    {"y2", place_text(has_zero ? right(last) : y.from)},
                    {"points", path_of(places)},
                    {"x_name", "true"},
                    {"y_name", of_errors ? "predicted − true" : "predicted"},
                    {"caption", of_errors ? "Errors" : "Predictions"}};
}

}  // namespace

Value numbers_section(const ValidationResults& validation) {
  if (!validation.numbers) return {};
  const NumberResults& results = *validation.numbers;
  const Points points = finite(results.points());
  if (points.empty()) return {};
  std::string hint = "On the dashed line predictions are right. Mean error " +
                     number_text(results.errors().mean_error()) + ".";
  if (static_cast<int64_t>(points.size()) < results.errors().count()) {
    hint += " Drawn: " + counted(static_cast<int64_t>(points.size()), "number") + " of " +
            counted(results.errors().count(), "number") + ".";
  }
  return Value::Map{{"hint", hint},
                    {"plots", Value::List{plot_of(points, false), plot_of(points, true)}}};
}

}  // namespace cornu::inline v0
