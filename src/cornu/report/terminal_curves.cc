#include "cornu/report/terminal_curves.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "cornu/core/value.h"
#include "cornu/formats/display_width.h"

namespace cornu::inline v0 {
namespace {

constexpr int64_t kTickWidth = 8;  // of the numbers at the axis
constexpr int64_t kLeastPlotWidth = 36, kMostPlotWidth = 100, kBetween = 3;
constexpr int64_t kFrameLines = 3;  // title, axis, numbers of epochs
constexpr int64_t kLeastCanvasLines = 4, kMostCanvasLines = 12;
constexpr std::string_view kTrainColor = "\x1b[36m", kValidationColor = "\x1b[33m",
                           kNoColor = "\x1b[0m";

enum CurveKind : size_t { kTraining, kValidation };

/// Characters that curves are drawn into, each of one or of 2 × 4 dots.
class Canvas {
 public:
  Canvas(int64_t width, int64_t lines, const TerminalCurvesOptions& options)
      : width_(width), lines_(lines), options_(options) {
    for (auto& dots : dots_) dots.resize(static_cast<size_t>(width * lines));
  }

  int64_t across() const { return options_.unicode ? 2 * width_ : width_; }
  int64_t down() const { return options_.unicode ? 4 * lines_ : lines_; }

  // Dots from the upper left corner.
  void set(CurveKind curve, int64_t x, int64_t y) {
    const auto cell = [&](int64_t column, int64_t line) -> uint8_t& {
      return dots_[curve][static_cast<size_t>(line * width_ + column)];
    };
    if (!options_.unicode) {
      cell(x, y) = 1;
      return;
    }
    constexpr uint8_t kBits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    cell(x / 2, y / 4) |= kBits[y % 4][x % 2];
  }

  std::string line(int64_t number) const {
    std::string text;
    std::string_view color_before = kNoColor;
    for (int64_t x = 0; x < width_; ++x) {
      const auto cell = static_cast<size_t>(number * width_ + x);
      const uint8_t train = dots_[kTraining][cell], validation = dots_[kValidation][cell];
      const std::string_view color = !options_.color || (train == 0) == (validation == 0) ? kNoColor
                                     : train != 0 ? kTrainColor
                                                  : kValidationColor;
      if (color != color_before) text += color;
      color_before = color;
      text += character(train, validation);
    }
    return color_before == kNoColor ? text : text + std::string(kNoColor);
  }

 private:
  std::string character(uint8_t train, uint8_t validation) const {
    if (!options_.unicode) return train != 0 ? "*" : validation != 0 ? "o" : " ";
    const unsigned dots = train | validation;
    if (dots == 0) return " ";
    // U+2800 and the dots, in UTF-8.
    return {static_cast<char>(0xE2), static_cast<char>(0xA0 | dots >> 6),
            static_cast<char>(0x80 | (dots & 0x3F))};
  }

  int64_t width_, lines_;
  TerminalCurvesOptions options_;
  std::vector<uint8_t> dots_[2];
};

/// One of the values of each epoch, of training and of validation.
struct PlottedCurve {
  std::string name;
  std::vector<double> epochs[2], values[2];
};

std::vector<PlottedCurve> plotted_curves(const History& history) {
  std::vector<PlottedCurve> curves;
  for (const std::string& name : history.names()) {
    if (name == "learning_rate") continue;
    const bool is_validation = name.starts_with("val_");
    const std::string base = is_validation ? name.substr(4) : name;
    auto curve = std::ranges::find(curves, base, &PlottedCurve::name);
    if (curve == curves.end()) {
      curves.push_back({.name = base, .epochs = {}, .values = {}});
      curve = std::prev(curves.end());
    }
    const size_t kind = is_validation ? kValidation : kTraining;
    for (const EpochRecord& record : history.epochs) {
      const double* const value = record.logs.find(name);
      if (value == nullptr) continue;
      curve->epochs[kind].push_back(static_cast<double>(record.epoch));
      curve->values[kind].push_back(*value);
    }
  }
  return curves;
}

struct Range {
  double low = 0, high = 0;
};

// Of all finite values; not empty.
Range range_of(const PlottedCurve& curve) {
  Range range;
  bool is_first = true;
  for (const auto& values : curve.values) {
    for (const double each : values) {
      if (!std::isfinite(each)) continue;
      range.low = is_first ? each : std::min(range.low, each);
      range.high = is_first ? each : std::max(range.high, each);
      is_first = false;
    }
  }
  if (range.low < range.high) return range;
  const double around = range.low == 0 ? 1 : std::abs(range.low) / 2;
  return {range.low - around, range.high + around};
}

int64_t between(int64_t from, int64_t to, double part) {
  return from + std::llround(static_cast<double>(to - from) * part);
}

void draw_curve(Canvas& canvas, const PlottedCurve& curve, CurveKind kind, double last_epoch,
                const TerminalCurvesOptions& options) {
  const Range range = range_of(curve);
  const auto place = [](double part, int64_t dots) {
    return std::clamp<int64_t>(std::llround(part * static_cast<double>(dots - 1)), 0, dots - 1);
  };
  const std::vector<double>& values = curve.values[kind];
  int64_t x_before = -1, y_before = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      x_before = -1;  // the line is broken
      continue;
    }
    const double over_range = range.high / 2 - range.low / 2;
    const double part = (values[i] / 2 - range.low / 2) / over_range;
    const int64_t x =
        place(last_epoch > 0 ? curve.epochs[kind][i] / last_epoch : 0.5, canvas.across());
    const int64_t y = place(1 - part, canvas.down());
    if (x_before < 0) canvas.set(kind, x, y);
    // From the last point, every dot on the longer way.
    const int64_t steps =
        x_before < 0 ? 0 : std::max(std::abs(x - x_before), std::abs(y - y_before));
    for (int64_t step = 1; step <= steps; ++step) {
      const double part_of_way = static_cast<double>(step) / static_cast<double>(steps);
      const int64_t at_x = between(x_before, x, part_of_way);
      const int64_t at_y = between(y_before, y, part_of_way);
      // Without colours the curve of validation is dashed, and in ASCII it has its own letter.
      const bool is_gap = kind == kValidation && options.unicode && !options.color &&
                          step < steps && (at_x + at_y) / 2 % 2 == 1;
      if (!is_gap) canvas.set(kind, at_x, at_y);
    }
    x_before = x;
    y_before = y;
  }
}

std::string right_aligned(const std::string& text, int64_t width) {
  const auto room = static_cast<size_t>(width);
  return std::string(room - std::min(room, text.size()), ' ') + text;
}

std::string tick(double value) {
  const std::string text = significant(value, 4);
  return text.size() <= static_cast<size_t>(kTickWidth) ? text : scientific(value, 1);
}

// "loss: train 0.1051, validation 0.1203", the words in the colours of their curves.
std::string title_of(const PlottedCurve& curve, int64_t width,
                     const TerminalCurvesOptions& options) {
  std::string title = curve.name;
  size_t columns = formats::display_width(title);
  for (const CurveKind kind : {kTraining, kValidation}) {
    if (curve.values[kind].empty()) continue;
    const char* const mark =
        options.unicode ? (kind == kTraining ? "─ " : "╌ ") : (kind == kTraining ? "* " : "o ");
    const std::string text = mark + std::string(kind == kTraining ? "train " : "val ") +
                             significant(curve.values[kind].back(), 4);
    columns += 2 + formats::display_width(text);
    if (columns > static_cast<size_t>(width)) break;
    title += "  ";
    if (options.color) title += kind == kTraining ? kTrainColor : kValidationColor;
    title += text;
    if (options.color) title += kNoColor;
  }
  return title;
}

// Without the codes of colours.
int64_t columns_of(std::string_view text) {
  size_t columns = 0;
  while (!text.empty()) {
    const size_t escape = std::min(text.find('\x1b'), text.size());
    columns += formats::display_width(text.substr(0, escape));
    text.remove_prefix(escape);
    if (!text.empty()) text.remove_prefix(std::min(text.find('m'), text.size() - 1) + 1);
  }
  return static_cast<int64_t>(columns);
}

// The lines of one plot.
std::vector<std::string> plot_lines(const PlottedCurve& curve, int64_t width, int64_t lines,
                                    int64_t epochs, const TerminalCurvesOptions& options) {
  const int64_t canvas_width = width - kTickWidth - 2;
  Canvas canvas(canvas_width, lines, options);
  const auto last_epoch = static_cast<double>(epochs - 1);
  draw_curve(canvas, curve, kValidation, last_epoch, options);
  draw_curve(canvas, curve, kTraining, last_epoch, options);
  const Range range = range_of(curve);
  std::vector<std::string> text = {title_of(curve, width, options)};
  for (int64_t line = 0; line < lines; ++line) {
    const std::string number = line == 0           ? tick(range.high)
                               : line == lines - 1 ? tick(range.low)
                                                   : "";
    text.push_back(right_aligned(number, kTickWidth) + (options.unicode ? " │" : " |") +
                   canvas.line(line));
  }
  std::string axis = std::string(static_cast<size_t>(kTickWidth + 1), ' ');
  axis += options.unicode ? "└" : "+";
  for (int64_t i = 0; i < canvas_width; ++i) axis += options.unicode ? "─" : "-";
  text.push_back(axis);
  const std::string last = epochs > 1 ? std::to_string(epochs) : "";
  text.push_back(std::string(static_cast<size_t>(kTickWidth + 2), ' ') + "1" +
                 right_aligned(last, canvas_width - 1));
  return text;
}

}  // namespace

std::string terminal_curves(const History& history, const TerminalCurvesOptions& options) {
  const std::vector<PlottedCurve> curves = plotted_curves(history);
  if (curves.empty()) return {};
  const auto count = static_cast<int64_t>(curves.size());
  const int64_t across =
      std::clamp<int64_t>((options.width + kBetween) / (kLeastPlotWidth + kBetween), 1, count);
  const int64_t down = std::clamp<int64_t>(options.height / (kFrameLines + kLeastCanvasLines), 1,
                                           (count + across - 1) / across);
  const int64_t width = std::clamp<int64_t>((options.width + kBetween) / across - kBetween,
                                            kTickWidth + 4, kMostPlotWidth);
  const int64_t lines =
      std::clamp<int64_t>(options.height / down - kFrameLines, 1, kMostCanvasLines);
  const int64_t epochs = std::max(history.params.epochs, history.epochs.back().epoch + 1);
  std::string text;
  for (int64_t begin = 0; begin < std::min(count, across * down); begin += across) {
    std::vector<std::string> joined;
    for (int64_t i = begin; i < std::min(begin + across, count); ++i) {
      const std::vector<std::string> plot =
          plot_lines(curves[static_cast<size_t>(i)], width, lines, epochs, options);
      joined.resize(plot.size());
      for (size_t line = 0; line < plot.size(); ++line) {
        const int64_t start = (i - begin) * (width + kBetween);
        joined[line].append(static_cast<size_t>(start - columns_of(joined[line])), ' ');
        joined[line] += plot[line];
      }
    }
    for (std::string& line : joined) {
      while (line.ends_with(' ')) line.pop_back();
      text += line + "\n";
    }
  }
  return text;
}

}  // namespace cornu::inline v0
