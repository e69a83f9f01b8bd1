#include "cornu/report/learning_curves.h"

#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "cornu/report/picture_internal.h"

namespace cornu::inline v0 {
namespace {

constexpr double kWidth = 800, kHeight = 500;
constexpr double kLeft = 72, kRight = 776, kTop = 28, kBottom = 440;
constexpr uint32_t kGrid = 0xe3e3e3;
// Colours that colour-blind readers can distinguish (Okabe and Ito, 2008).
constexpr std::array<uint32_t, 6> kHues = {0x0072b2, 0xd55e00, 0x009e73,
                                           0xcc79a7, 0xe69f00, 0x56b4e9};
// Larger values could overflow the height of the plot.
constexpr double kLargestDrawn = 1e300;

struct Point {
  double epoch, value;
};

struct Curve {
  std::string name;
  uint32_t hue;
  bool validation;
  // Unbroken stretches: a value that is not finite ends one, an epoch without a value does not.
  std::vector<std::vector<Point>> runs;
};

std::vector<Curve> curves_of(const History& history) {
  std::vector<Curve> curves;
  std::vector<std::string> trained;
  for (const std::string& name : history.names()) {
    const bool validation = name.starts_with("val_");
    const std::string base = validation ? name.substr(4) : name;
    auto place = std::find(trained.begin(), trained.end(), base);
    if (place == trained.end()) place = trained.insert(trained.end(), base);
    const auto hue = static_cast<size_t>(place - trained.begin()) % kHues.size();
    Curve curve{name, kHues[hue], validation, {}};
    bool open = false;
    for (const EpochRecord& record : history.epochs) {
      const double* value = record.logs.find(name);
      if (!value) continue;
      const bool drawn = std::abs(*value) <= kLargestDrawn;
      if (drawn && !open) curve.runs.emplace_back();
      if (drawn) curve.runs.back().push_back({static_cast<double>(record.epoch), *value});
      open = drawn;
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

// The least of 1, 2, 2.5 or 5 × 10^n (1, 2 or 5 when whole) that cuts `range` into at most
// `parts`.
double tick_step(double range, int parts, bool whole) {
  double power = std::pow(10, std::floor(std::log10(range / parts)));
  if (whole) power = std::max(power, 1.0);
  for (double digit : {1.0, 2.0, 2.5, 5.0, 10.0}) {
    if (whole && digit == 2.5) continue;
    // Tolerates the rounding of the division: 1 in 5 parts is 0.2, not 0.25.
    if (range / (digit * power) <= parts * (1 + 1e-9)) return digit * power;
  }
  return 10 * power;
}

struct Axis {
  double low = 0, high = 1, step = 1;
  double place(double value, double from, double to) const {
    return high > low ? from + (value - low) / (high - low) * (to - from) : (from + to) / 2;
  }
};

Axis value_axis(const std::vector<Curve>& curves) {
  Axis axis;
  for (const Curve& curve : curves) {
    for (const auto& run : curve.runs) {
      for (const Point& point : run) {
        axis.low = std::min(axis.low, point.value);
        axis.high = std::max(axis.high, point.value);
      }
    }
  }
  axis.step = tick_step(axis.high - axis.low, 6, false);
  axis.low = std::floor(axis.low / axis.step) * axis.step;
  axis.high = std::ceil(axis.high / axis.step * (1 - 1e-12)) * axis.step;
  return axis;
}

Axis epoch_axis(const History& history) {
  Axis axis{0, 0, 1};
  if (history.epochs.empty()) return axis;
  const auto [first, last] =
      std::minmax_element(history.epochs.begin(), history.epochs.end(),
                          [](const auto& a, const auto& b) { return a.epoch < b.epoch; });
  axis.low = static_cast<double>(first->epoch);
  axis.high = static_cast<double>(last->epoch);
  if (axis.high > axis.low) axis.step = tick_step(axis.high - axis.low, 10, true);
  return axis;
}

std::string tick_text(double value, double step) {
  if (std::max(std::abs(value), step) >= 1e6 || step < 1e-5) return fmt::format("{:g}", value);
  int decimals = 0;
  for (double scaled = step; std::abs(scaled - std::round(scaled)) > 1e-6; scaled *= 10) ++decimals;
  return fmt::format("{:.{}f}", value, decimals);
}

std::vector<double> ticks(const Axis& axis) {
  std::vector<double> values;
  const double slack = axis.step * 1e-6;
  for (double i = std::ceil((axis.low - slack) / axis.step); i * axis.step <= axis.high + slack;
       ++i) {
    values.push_back(i * axis.step + 0.0);
  }
  return values;
}

void stroke_line(cairo_t* cr, double x0, double y0, double x1, double y1) {
  cairo_move_to(cr, x0, y0);
  cairo_line_to(cr, x1, y1);
  cairo_stroke(cr);
}

void set_dash(cairo_t* cr, bool dashed) {
  const std::array<double, 2> dash = {8, 5};
  cairo_set_dash(cr, dash.data(), dashed ? 2 : 0, 0);
}

// Filled for training, a ring for validation.
void draw_marker(cairo_t* cr, double x, double y, bool hollow) {
  set_dash(cr, false);
  cairo_new_path(cr);
  cairo_arc(cr, x, y, 5, 0, 2 * std::numbers::pi);
  if (hollow) {
    cairo_stroke(cr);
  } else {
    cairo_fill(cr);
  }
}

// The top of the plot, below the legend, and the pixel of a value.
struct Plot {
  Axis x, y;
  double top = kTop;
  double px(double epoch) const { return x.place(epoch, kLeft, kRight); }
  double py(double value) const { return y.place(value, kBottom, top); }
};

// Entries from left to right above the plot; returns the height that they take.
double draw_legend(cairo_t* cr, const std::vector<Curve>& curves) {
  constexpr double kSample = 32, kPad = 8, kBetween = 26, kLine = 22, kMostLines = 8;
  set_font_size(cr, 14);
  cairo_set_line_width(cr, 2.4);
  double x = kLeft, line = 0;
  for (const Curve& curve : curves) {
    const double width = kSample + kPad + text_width(cr, curve.name);
    if (x > kLeft && x + width > kRight) {
      x = kLeft;
      if (++line == kMostLines) break;
    }
    const double y = kTop + line * kLine;
    set_color(cr, curve.hue);
    set_dash(cr, curve.validation);
    const bool lone = std::all_of(curve.runs.begin(), curve.runs.end(),
                                  [](const auto& run) { return run.size() == 1; });
    if (lone) {
      draw_marker(cr, x + kSample / 2, y - 5, curve.validation);
    } else {
      stroke_line(cr, x, y - 5, x + kSample, y - 5);
    }
    set_color(cr, kInk);
    draw_text(cr, curve.name, x + kSample + kPad, y, Align::left);
    x += width + kBetween;
  }
  set_dash(cr, false);
  return curves.empty() ? 0 : (std::min(line, kMostLines - 1) + 1) * kLine;
}

void draw_axes(cairo_t* cr, const Plot& plot) {
  set_font_size(cr, 13);
  cairo_set_line_width(cr, 1);
  // At half a pixel, a line one pixel wide fills exactly one row of pixels.
  const auto sharp = [](double place) { return std::round(place) + 0.5; };
  for (double value : ticks(plot.y)) {
    const double y = sharp(plot.py(value));
    set_color(cr, kGrid);
    stroke_line(cr, kLeft, y, kRight, y);
    set_color(cr, kInk);
    draw_text(cr, tick_text(value, plot.y.step), kLeft - 10, y + 4.5, Align::right);
  }
  for (double epoch : ticks(plot.x)) {
    const double x = sharp(plot.px(epoch));
    set_color(cr, kGrid);
    stroke_line(cr, x, plot.top, x, kBottom);
    set_color(cr, kInk);
    draw_text(cr, tick_text(epoch, plot.x.step), x, kBottom + 22, Align::center);
  }
  set_color(cr, kFrame);
  stroke_line(cr, kLeft, sharp(kBottom), kRight, sharp(kBottom));
  set_color(cr, kInk);
  set_font_size(cr, 14);
  draw_text(cr, "epoch", (kLeft + kRight) / 2, kHeight - 14, Align::center);
  draw_text_upwards(cr, "value", 22, (plot.top + kBottom) / 2);
}

void draw_curve(cairo_t* cr, const Plot& plot, const Curve& curve) {
  set_color(cr, curve.hue);
  cairo_set_line_width(cr, 2.4);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  for (const auto& run : curve.runs) {
    if (run.size() == 1) {
      draw_marker(cr, plot.px(run[0].epoch), plot.py(run[0].value), curve.validation);
      continue;
    }
    set_dash(cr, curve.validation);
    cairo_new_path(cr);
    for (const Point& point : run) cairo_line_to(cr, plot.px(point.epoch), plot.py(point.value));
    cairo_stroke(cr);
  }
  set_dash(cr, false);
}

}  // namespace

void save_learning_curves(const History& history, const std::string& path) {
  const std::vector<Curve> curves = curves_of(history);
  save_picture(path, kWidth, kHeight, [&](cairo_t* cr) {
    Plot plot{epoch_axis(history), value_axis(curves)};
    plot.top = kTop + draw_legend(cr, curves);
    draw_axes(cr, plot);
    for (const Curve& curve : curves) draw_curve(cr, plot, curve);
  });
}

}  // namespace cornu::inline v0
