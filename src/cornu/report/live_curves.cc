#include "cornu/report/live_curves.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "cornu/core/value.h"
#include "cornu/formats/display_width.h"
#include "cornu/report/terminal_curves.h"

namespace cornu::inline v0 {
namespace {

constexpr int64_t kLeastColumns = 40, kLeastLines = 10, kMostLinesOfCurves = 30;

struct ScreenSize {
  int64_t columns = 80, lines = 24;
};

ScreenSize screen_size(int terminal) {
  winsize size{};
  if (::ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {.columns = size.ws_col, .lines = size.ws_row};
}

}  // namespace

LiveCurves::LiveCurves(LiveCurvesOptions options) : options_(options) {}

bool LiveCurves::fit_into(int terminal) {
  const char* const type = std::getenv("TERM");
  const bool is_dumb = type != nullptr && std::string_view(type) == "dumb";
  if (::isatty(terminal) != 1 || is_dumb) return false;
  const ScreenSize size = screen_size(terminal);
  return size.columns >= kLeastColumns && size.lines >= kLeastLines;
}

void LiveCurves::on_train_begin() {
  shown_ = {};
  shown_.params = training().params();
  lines_ = 0;
  begin_ = drawn_ = Clock::now();
}

void LiveCurves::on_epoch_begin(int64_t epoch) {
  epoch_ = epoch;
  steps_ = 0;
  logs_ = {};
}

bool LiveCurves::wants_pause(int64_t step) {
  steps_ = step + 1;
  return Clock::now() - drawn_ >= options_.interval;
}

void LiveCurves::on_pause(const Pause& pause) {
  if (!pause.within_epoch) return;
  logs_ = pause.logs;
  if (Clock::now() - drawn_ >= options_.interval) draw();
}

void LiveCurves::on_epoch_end(EpochRecord&, const History& history) {
  add(history);
  logs_ = {};
  if (Clock::now() - drawn_ >= options_.interval) draw();
}

void LiveCurves::on_train_end(const History& history) {
  add(history);
  draw();
}

void LiveCurves::add(const History& history) {
  for (size_t i = shown_.epochs.size(); i < history.epochs.size(); ++i) {
    shown_.epochs.push_back(history.epochs[i]);
  }
}

// "Epoch 3/10  120/469  2.1 s  loss 0.1051"
std::string LiveCurves::status() const {
  const std::chrono::duration<double> seconds = Clock::now() - begin_;
  std::string text =
      "Epoch " + std::to_string(epoch_ + 1) + "/" + std::to_string(shown_.params.epochs);
  if (shown_.params.steps > 0) {
    text += "  " + std::to_string(steps_) + "/" + std::to_string(shown_.params.steps);
  }
  text += "  " + fixed(seconds.count(), 1) + " s";
  for (const auto& [name, value] : logs_) text += "  " + name + " " + significant(value, 4);
  return text;
}

void LiveCurves::draw() {
  const ScreenSize size = screen_size(options_.terminal);
  // The last lines may have been wrapped to another width: only an empty screen is sure.
  const bool has_changed = lines_ > 0 && (size.columns != width_ || size.lines != height_);
  std::string text = "\r";
  if (has_changed) text += "\x1b[H\x1b[2J";
  if (!has_changed && lines_ > 0) text += "\x1b[" + std::to_string(lines_) + "A";
  // One line for the state, and one for the cursor.
  const int64_t height = std::min(size.lines - 2, kMostLinesOfCurves);
  // A line as wide as the terminal would wrap on some.
  std::string curves = shown_.epochs.empty() ? std::string()
                                             : terminal_curves(shown_, {.unicode = options_.unicode,
                                                                        .color = options_.color,
                                                                        .width = size.columns - 1,
                                                                        .height = height});
  curves += formats::fitted_text(status(),
                                 static_cast<size_t>(std::max<int64_t>(size.columns, 2) - 1), "") +
            "\n";
  lines_ = std::ranges::count(curves, '\n');
  for (const char each : curves) {
    if (each == '\n') text += "\x1b[K";
    text += each;
  }
  text += "\x1b[J";
  (options_.stream != nullptr ? *options_.stream : std::cerr) << text << std::flush;
  width_ = size.columns;
  height_ = size.lines;
  drawn_ = Clock::now();
}

}  // namespace cornu::inline v0
