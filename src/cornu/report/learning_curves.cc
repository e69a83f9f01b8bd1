#include "cornu/report/learning_curves.h"

#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "cornu/report/best_epoch.h"
#include "cornu/report/picture_internal.h"

namespace cornu::inline v0 {
namespace {

constexpr double kWidth = 800, kHeight = 500;
constexpr double kLeft = 72, kRight = 776, kBottom = 440;
constexpr double kTitleLine = 32, kLegendLine = 64;
// Between two plots: the tick labels and the name of the right one.
constexpr double kBetweenPlots = 88;
constexpr uint32_t kGrid = 0xe3e3e3, kPaper = 0xffffff;
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
  bool validation, is_loss;
  // Unbroken stretches: a value that is not finite ends one, an epoch without a value does not.
  std::vector<std::vector<Point>> runs;
};

std::vector<Curve> curves_of(const History& history) {
  std::vector<Curve> curves;
  std::vector<std::string> trained;
  for (const std::string& name : history.names()) {
    // It is far below the other values and would be a line on the axis.
    if (name == "learning_rate") continue;
    const bool validation = name.starts_with("val_");
    const std::string base = validation ? name.substr(4) : name;
    const bool is_loss = base == "loss" || base.ends_with("_loss");
    auto place = std::find(trained.begin(), trained.end(), base);
    if (place == trained.end()) place = trained.insert(trained.end(), base);
    const auto hue = static_cast<size_t>(place - trained.begin()) % kHues.size();
    Curve curve{name, kHues[hue], validation, is_loss, {}};
    bool open = false;
    for (const EpochRecord& record : history.epochs) {
      const double* value = record.logs.find(name);
      if (!value) continue;
      const bool drawn = std::abs(*value) <= kLargestDrawn;
      if (drawn && !open) curve.runs.emplace_back();
      if (drawn) curve.runs.back().push_back({number_of_epoch(record), *value});
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

// From 0, or the least value below, to the largest, or to 1 for metrics if that is between 0.5
// and 1.
Axis value_axis(const std::vector<Curve>& curves) {
  Axis axis{0, 0, 1};
  bool are_losses = true;
  for (const Curve& curve : curves) {
    are_losses = are_losses && curve.is_loss;
    for (const auto& run : curve.runs) {
      for (const Point& point : run) {
        axis.low = std::min(axis.low, point.value);
        axis.high = std::max(axis.high, point.value);
      }
    }
  }
  if (!are_losses && axis.high > 0.5 && axis.high < 1) axis.high = 1;
  if (axis.high == axis.low) axis.high = 1;
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
  axis.low = number_of_epoch(*first);
  axis.high = number_of_epoch(*last);
  if (axis.high > axis.low) axis.step = tick_step(axis.high - axis.low, 6, true);
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

// The place of a plot, and the pixel of a value.
struct Plot {
  std::string name;
  std::vector<Curve> curves;
  Axis x, y;
  double left = kLeft, right = kRight, top = kLegendLine;
  double px(double epoch) const { return x.place(epoch, left, right); }
  double py(double value) const { return y.place(value, kBottom, top); }
};

// The text, cut to `width`.
std::string fitting(cairo_t* cr, std::string text, double width) {
  if (text_width(cr, text) <= width) return text;
  while (!text.empty() && text_width(cr, text + "…") > width) {
    do {
      text.pop_back();
    } while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U);
  }
  return text + "…";
}

// Entries from left to right above the plot; returns the height that they take.
double draw_legend(cairo_t* cr, const Plot& plot) {
  constexpr double kSample = 32, kPad = 8, kBetween = 26, kLine = 22, kMostLines = 8;
  set_font_size(cr, 14);
  cairo_set_line_width(cr, 2.4);
  double x = plot.left, line = 0;
  for (const Curve& curve : plot.curves) {
    const std::string name = fitting(cr, curve.name, plot.right - plot.left - kSample - kPad);
    const double width = kSample + kPad + text_width(cr, name);
    if (x > plot.left && x + width > plot.right) {
      x = plot.left;
      if (++line == kMostLines) break;
    }
    const double y = kLegendLine + line * kLine;
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
    draw_text(cr, name, x + kSample + kPad, y, Align::left);
    x += width + kBetween;
  }
  set_dash(cr, false);
  return plot.curves.empty() ? 0 : (std::min(line, kMostLines - 1) + 1) * kLine;
}

// At half a pixel, a line one pixel wide fills exactly one row of pixels.
double sharp(double place) {
  return std::round(place) + 0.5;
}

void draw_axes(cairo_t* cr, const Plot& plot) {
  set_font_size(cr, 13);
  cairo_set_line_width(cr, 1);
  for (double value : ticks(plot.y)) {
    const double y = sharp(plot.py(value));
    set_color(cr, kGrid);
    stroke_line(cr, plot.left, y, plot.right, y);
    set_color(cr, kInk);
    draw_text(cr, tick_text(value, plot.y.step), plot.left - 10, y + 4.5, Align::right);
  }
  for (double epoch : ticks(plot.x)) {
    const double x = sharp(plot.px(epoch));
    set_color(cr, kGrid);
    stroke_line(cr, x, plot.top, x, kBottom);
    set_color(cr, kInk);
    draw_text(cr, tick_text(epoch, plot.x.step), x, kBottom + 22, Align::center);
  }
  set_color(cr, kFrame);
  stroke_line(cr, plot.left, sharp(kBottom), plot.right, sharp(kBottom));
  set_color(cr, kInk);
  set_font_size(cr, 14);
  draw_text(cr, "epoch", (plot.left + plot.right) / 2, kHeight - 14, Align::center);
  draw_text_upwards(cr, plot.name, plot.left - 55, (plot.top + kBottom) / 2);
}

void draw_curve(cairo_t* cr, const Plot& plot, const Curve& curve) {
  cairo_save(cr);
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
  cairo_restore(cr);
}

// A line through the best epoch, and a marker on each curve.
void draw_best(cairo_t* cr, const Plot& plot, double epoch) {
  const std::array<double, 2> dash = {2, 3};
  cairo_set_dash(cr, dash.data(), 2, 0);
  set_color(cr, kFrame);
  cairo_set_line_width(cr, 1);
  stroke_line(cr, sharp(plot.px(epoch)), plot.top, sharp(plot.px(epoch)), kBottom);
  set_dash(cr, false);
  for (const Curve& curve : plot.curves) {
    for (const auto& run : curve.runs) {
      for (const Point& point : run) {
        if (point.epoch != epoch) continue;
        // The line ends at a ring.
        set_color(cr, curve.validation ? kPaper : curve.hue);
        draw_marker(cr, plot.px(epoch), plot.py(point.value), false);
        if (!curve.validation) continue;
        set_color(cr, curve.hue);
        cairo_set_line_width(cr, 2);
        draw_marker(cr, plot.px(epoch), plot.py(point.value), true);
      }
    }
  }
}

// Losses on the left, all else on the right; one plot over the whole width for only one kind.
std::vector<Plot> plots_of(const History& history) {
  Plot losses{.name = "loss", .curves = {}, .x = epoch_axis(history), .y = {}};
  Plot metrics = losses;
  std::vector<std::string> bases;
  for (Curve& curve : curves_of(history)) {
    const std::string base = curve.validation ? curve.name.substr(4) : curve.name;
    if (!curve.is_loss && std::ranges::find(bases, base) == bases.end()) bases.push_back(base);
    (curve.is_loss ? losses : metrics).curves.push_back(std::move(curve));
  }
  metrics.name = bases.size() == 1 ? bases[0] : "metrics";
  std::vector<Plot> plots;
  for (Plot* each : {&losses, &metrics}) {
    each->y = value_axis(each->curves);
    if (!each->curves.empty()) plots.push_back(std::move(*each));
  }
  if (plots.empty()) plots.push_back(std::move(losses));
  if (plots.size() == 2) {
    const double width = (kRight - kLeft - kBetweenPlots) / 2;
    plots[0].right = plots[0].left + width;
    plots[1].left = kRight - width;
  }
  return plots;
}

void draw_title(cairo_t* cr, const std::string& title, const History& history,
                const std::optional<BestEpoch>& best) {
  set_color(cr, kInk);
  double right = kRight;
  if (best && history.epochs.size() > 1) {
    set_font_size(cr, 13);
    const std::string text =
        fmt::format("best epoch {:.0f}: {} {:.4g}", best->epoch, best->name, best->loss);
    draw_text(cr, text, kRight, kTitleLine, Align::right);
    right -= text_width(cr, text) + 24;
  }
  set_font_size(cr, 18);
  draw_text(cr, fitting(cr, title, right - kLeft), kLeft, kTitleLine, Align::left);
}

void draw_learning_curves(cairo_t* cr, const History& history, const std::string& title) {
  std::vector<Plot> plots = plots_of(history);
  const std::optional<BestEpoch> best = best_epoch(history);
  draw_title(cr, title, history, best);
  double top = 0;
  for (const Plot& plot : plots) top = std::max(top, kLegendLine + draw_legend(cr, plot));
  for (Plot& plot : plots) {
    plot.top = top;
    draw_axes(cr, plot);
    for (const Curve& curve : plot.curves) draw_curve(cr, plot, curve);
    if (best && history.epochs.size() > 1) draw_best(cr, plot, best->epoch);
  }
}

}  // namespace

void save_learning_curves(const History& history, const std::string& path,
                          const std::string& title) {
  save_picture(path, kWidth, kHeight,
               [&](cairo_t* cr) { draw_learning_curves(cr, history, title); });
}

std::string learning_curves_svg(const History& history, const std::string& title) {
  return svg_picture(kWidth, kHeight,
                     [&](cairo_t* cr) { draw_learning_curves(cr, history, title); });
}

}  // namespace cornu::inline v0
