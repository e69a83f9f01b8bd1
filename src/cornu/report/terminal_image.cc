#include "cornu/report/terminal_image.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/formats/display_width.h"
#include "cornu/report/pixels_internal.h"

namespace cornu::inline v0 {
namespace {

constexpr int64_t kSpace = 2, kLeastWidth = 4, kMostLines = 1000;

using Rgb = std::array<double, 3>;

// The mean over [x0, x1) × [y0, y1), where a pixel that an edge cuts counts in part.
Rgb mean_over(const Pixels& image, double x0, double x1, double y0, double y1) {
  Rgb sum{};
  double area = 0;
  const auto last_y = std::min(static_cast<int64_t>(std::ceil(y1)), image.height);
  const auto last_x = std::min(static_cast<int64_t>(std::ceil(x1)), image.width);
  for (auto y = static_cast<int64_t>(y0); y < last_y; ++y) {
    const double high =
        std::min(y1, static_cast<double>(y + 1)) - std::max(y0, static_cast<double>(y));
    for (auto x = static_cast<int64_t>(x0); x < last_x; ++x) {
      const double wide =
          std::min(x1, static_cast<double>(x + 1)) - std::max(x0, static_cast<double>(x));
      for (int64_t c = 0; c < 3; ++c)
        sum[static_cast<size_t>(c)] += high * wide * image.at(y, x, c);
      area += high * wide;
    }
  }
  for (double& channel : sum) channel /= area;
  return sum;
}

// An image scaled to `width` × `height` means.
struct Cells {
  int64_t width = 0, height = 0;
  std::vector<Rgb> means;
  const Rgb& at(int64_t y, int64_t x) const { return means[static_cast<size_t>(y * width + x)]; }
  // 0 … 1.
  double gray(int64_t y, int64_t x) const {
    const Rgb& mean = at(y, x);
    return (0.299 * mean[0] + 0.587 * mean[1] + 0.114 * mean[2]) / 255;
  }
};

Cells scaled(const Pixels& image, int64_t width, int64_t height) {
  Cells cells{width, height, {}};
  const double dx = static_cast<double>(image.width) / static_cast<double>(width);
  const double dy = static_cast<double>(image.height) / static_cast<double>(height);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      const auto column = static_cast<double>(x), row = static_cast<double>(y);
      cells.means.push_back(
          mean_over(image, column * dx, (column + 1) * dx, row * dy, (row + 1) * dy));
    }
  }
  return cells;
}

// A character whose bright quarters are lit. A cell of nearly one brightness is shaded instead, so
// that a photograph keeps its greys and a digit its edges.
std::string_view block(double upper_left, double upper_right, double lower_left,
                       double lower_right) {
  constexpr std::array<std::string_view, 16> kQuarters = {" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛",
                                                          "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"};
  constexpr std::array<std::string_view, 5> kShades = {" ", "░", "▒", "▓", "█"};
  // With a limit a little below half, thin strokes stay connected.
  constexpr double kBright = 0.4, kFlat = 0.25;
  const auto [low, high] = std::minmax({upper_left, upper_right, lower_left, lower_right});
  if (high - low < kFlat) {
    return kShades[static_cast<size_t>(
        std::lround(upper_left + upper_right + lower_left + lower_right))];
  }
  return kQuarters[(upper_left >= kBright ? 1U : 0U) + (upper_right >= kBright ? 2U : 0U) +
                   (lower_left >= kBright ? 4U : 0U) + (lower_right >= kBright ? 8U : 0U)];
}

// The number of the nearest of the terminal's greys, or of its 6 × 6 × 6 colours.
int palette(const Rgb& mean) {
  const auto [low, high] = std::minmax_element(mean.begin(), mean.end());
  if (*high - *low < 12) {
    // 16 is black, 231 white, and 232 … 255 are 8, 18, … 238.
    if (*high < 4) return 16;
    if (*high > 246) return 231;
    return 232 + static_cast<int>(std::clamp(std::lround((*high - 8) / 10), 0L, 23L));
  }
  // The six steps are 0, 95, 135, … 255.
  const auto step = [](double value) {
    return value < 48 ? 0 : value < 115 ? 1 : static_cast<int>((value - 35) / 40);
  };
  return 16 + 36 * step(mean[0]) + 6 * step(mean[1]) + step(mean[2]);
}

// The number of means that a character shows, across and down.
struct Resolution {
  int64_t across = 1, down = 1;
};

Resolution resolution_of(const TerminalOptions& options) {
  if (!options.unicode) return {1, 1};
  return options.color ? Resolution{1, 2} : Resolution{2, 2};
}

std::string ascii_line(const Cells& cells, int64_t line) {
  constexpr std::string_view kRamp = " .:-=+*#%@";
  std::string text;
  for (int64_t x = 0; x < cells.width; ++x) {
    text += kRamp[static_cast<size_t>(
        std::min(cells.gray(line, x) * static_cast<double>(kRamp.size()), 9.0))];
  }
  return text;
}

std::string block_line(const Cells& cells, int64_t line) {
  std::string text;
  const int64_t y = 2 * line;
  for (int64_t x = 0; x < cells.width; x += 2) {
    text += block(cells.gray(y, x), cells.gray(y, x + 1), cells.gray(y + 1, x),
                  cells.gray(y + 1, x + 1));
  }
  return text;
}

// Half blocks: the text's colour is the upper half, the background's the lower; or spaces on a
// coloured background.
std::string color_line(const Cells& cells, int64_t line, bool halves) {
  std::string text;
  int upper_before = -1, lower_before = -1;
  for (int64_t x = 0; x < cells.width; ++x) {
    const int upper = halves ? palette(cells.at(2 * line, x)) : 0;
    const int lower = palette(cells.at(halves ? 2 * line + 1 : line, x));
    if (halves && upper != upper_before) text += "\x1b[38;5;" + std::to_string(upper) + "m";
    if (lower != lower_before) text += "\x1b[48;5;" + std::to_string(lower) + "m";
    text += halves ? "▀" : " ";
    upper_before = upper;
    lower_before = lower;
  }
  return text + "\x1b[0m";
}

std::string line_of(const Cells& cells, int64_t line, const TerminalOptions& options) {
  if (options.color) return color_line(cells, line, options.unicode);
  return options.unicode ? block_line(cells, line) : ascii_line(cells, line);
}

std::string centered(const std::string& text, int64_t width) {
  const auto room = static_cast<size_t>(width);
  const std::string cut = formats::fitted_text(text, room, "");
  return std::string((room - formats::display_width(cut)) / 2, ' ') + cut;
}

void end_line(std::string& text) {
  while (text.ends_with(' ')) text.pop_back();
  text += '\n';
}

// Images of one size, `width` characters wide, side by side.
std::string row_of(const std::vector<Cells>& images, int64_t width, int64_t lines,
                   std::span<const std::string> captions, const TerminalOptions& options) {
  std::string text;
  for (int64_t line = 0; line < lines; ++line) {
    std::string joined;
    for (const Cells& cells : images) {
      if (!joined.empty()) joined += std::string(kSpace, ' ');
      joined += line_of(cells, line, options);
    }
    end_line(joined);
    text += joined;
  }
  if (captions.empty()) return text;
  std::string joined;
  for (size_t i = 0; i < captions.size(); ++i) {
    const size_t start = i * static_cast<size_t>(width + kSpace);
    joined += std::string(start - formats::display_width(joined), ' ');
    joined += centered(captions[i], width);
  }
  end_line(joined);
  return text + joined;
}

}  // namespace

std::string terminal_images(TensorView images, std::span<const std::string> captions,
                            const TerminalOptions& options) {
  const std::string where = "terminal_images";
  const Shape& shape = images.shape();
  if (shape.ndim() < 3 || images.size() == 0) {
    throw Error({.where = where,
                 .expected = "images of shape (n, h, w), (n, h, w, 1) or (n, h, w, 3)",
                 .found = shape.str()});
  }
  const int64_t count = shape[0];
  if (!captions.empty() && static_cast<int64_t>(captions.size()) != count) {
    throw Error({.where = where,
                 .expected = "a caption for each of " + std::to_string(count) + " images, or none",
                 .found = std::to_string(captions.size())});
  }
  const int64_t screen = std::clamp<int64_t>(options.width, kLeastWidth, 1000);
  const int64_t columns = std::clamp<int64_t>(std::min(options.columns, count), 1,
                                              (screen + kSpace) / (kLeastWidth + kSpace));
  // A character is about twice as high as wide.
  const int64_t width = std::min(shape[2], (screen + kSpace) / columns - kSpace);
  const double shown =
      static_cast<double>(shape[1]) * static_cast<double>(width) / static_cast<double>(shape[2]);
  const int64_t lines = std::clamp<int64_t>(std::llround(shown / 2), 1, kMostLines);
  const Resolution resolution = resolution_of(options);
  std::string text;
  for (int64_t begin = 0; begin < count; begin += columns) {
    const int64_t end = std::min(begin + columns, count);
    std::vector<Cells> row;
    for (int64_t i = begin; i < end; ++i) {
      row.push_back(scaled(pixels_of(images.row(i), where), width * resolution.across,
                           lines * resolution.down));
    }
    if (begin > 0) text += '\n';
    const auto words =
        captions.empty() ? captions : captions.subspan(static_cast<size_t>(begin), row.size());
    text += row_of(row, width, lines, words, options);
  }
  return text;
}

std::string terminal_image(TensorView image, const TerminalOptions& options) {
  return terminal_images(image.reshape(image.shape().with_rows().with_rows(1)), {}, options);
}

}  // namespace cornu::inline v0
