#include "cornu/training/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string_view>

#include "cornu/training/progress_line.h"

namespace cornu::inline v0 {
namespace {

// The bar of `view`; without one, that of standard error where it is a terminal.
std::optional<LiveBar> bar_of(const ProgressView& view) {
  if (view.live_bar || view.stream != nullptr) return view.live_bar;
  if (isatty(STDERR_FILENO) != 1) return {};
  return LiveBar{.terminal = STDERR_FILENO};
}

bool wants_colors() {
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  const bool is_dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  return (no_color == nullptr || *no_color == '\0') && !is_dumb;
}

}  // namespace

std::string progress_line(int64_t done, int64_t total, double seconds, const Logs& logs) {
  ProgressString line;
  print_bar(line, {.done = done,
                   .total = total,
                   .running = done<total, .seconds = seconds, .each = done> 0
                                  ? seconds / static_cast<double>(done)
                                  : 0,
                   .logs = logs});
  return line.text;
}

Progress::Progress(int64_t verbose, const ProgressView& view)
    : verbose_(verbose),
      stream_(view.stream != nullptr ? *view.stream : std::cerr),
      style_(view.style),
      bar_(bar_of(view).value_or(LiveBar())),
      live_(verbose == 1 && bar_of(view).has_value()) {
  colors_ = live_ && wants_colors();
}

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - epoch_begin_).count();
}

// As Keras 3 counts: the first step, which may be slow, is left out once there are others.
double Progress::seconds_of_step() const {
  if (done_.steps < 2) return seconds();
  const std::chrono::duration<double> others = Clock::now() - first_step_;
  return others.count() / static_cast<double>(done_.steps - 1);
}

size_t Progress::width() const {
  if (!live_ || bar_.terminal < 0) return SIZE_MAX;
  winsize size{};
  const bool known = ::ioctl(bar_.terminal, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  // A line that wraps could not be redrawn in place.
  return (known ? size.ws_col : 80U) - 1;
}

ProgressLine Progress::line(const Logs& logs, double seconds) const {
  const bool steps = style_ == ProgressStyle::keras3;
  const int64_t done = steps ? done_.steps : done_.samples;
  const double of_sample = done > 0 ? seconds / static_cast<double>(done) : 0;
  return {.style = style_,
          .done = done,
          .total = steps ? all_.steps : all_.samples,
          .running = true,
          .seconds = seconds,
          .each = steps ? seconds_of_step() : of_sample,
          .logs = logs,
          .own = own_logs_,
          .colors = colors_};
}

void Progress::begin(ProgressSize epoch, int64_t validation_samples, int64_t epochs) {
  all_ = epoch;
  epochs_ = epochs;
  if (verbose_ == 0 || style_ == ProgressStyle::keras3 || all_.samples == 0) return;
  stream_ << "Train on " << all_.samples << " samples";
  if (validation_samples > 0) stream_ << ", validate on " << validation_samples << " samples";
  stream_ << std::endl;
}

void Progress::begin_epoch(int64_t epoch) {
  epoch_begin_ = last_draw_ = Clock::now();
  drawn_ = 0;
  done_ = {};
  if (verbose_ == 0 || (style_ == ProgressStyle::keras3 && epochs_ == 1)) return;
  stream_ << "Epoch " << epoch + 1 << "/" << epochs_ << std::endl;
}

bool Progress::due() const {
  return live_ && Clock::now() - last_draw_ >= bar_.interval;
}

void Progress::step(int64_t samples, const Logs& logs) {
  done_.samples = samples;
  if (++done_.steps == 1) {
    first_step_ = Clock::now();
    own_logs_ = static_cast<size_t>(std::distance(logs.begin(), logs.end()));
  }
  const bool is_last = all_.samples > 0 && samples >= all_.samples;
  if (!due() || is_last) return;
  last_draw_ = Clock::now();
  const size_t columns = width();
  ProgressStream out(stream_, columns);
  out.control("\r");
  print_bar(out, line(logs, seconds()), columns);
  const size_t drawn = out.columns();
  if (drawn_ > drawn) out.append(" ", drawn_ - drawn);
  out.flush();
  drawn_ = drawn;
}

void Progress::print_whole(const ProgressLine& line) {
  ProgressStream out(stream_);
  if (verbose_ == 2) {
    print_short(out, line);
  } else {
    if (drawn_ > 0) out.control("\r");
    if (drawn_ > 0 && bar_.terminal >= 0) {
      out.append(" ", drawn_);
      out.control("\r");
    }
    const size_t before = out.columns();
    print_bar(out, line, width(), width());
    // A notebook replaces characters one by one, those of codes for colours, too.
    const size_t columns = out.columns() - before;
    if (bar_.terminal < 0 && drawn_ > columns) out.append(" ", drawn_ - columns);
  }
  out.end_line();
}

void Progress::end_epoch(const Logs& logs) {
  // From the first epoch on, the size of the others is known.
  if (all_.samples == 0) all_.samples = done_.samples;
  if (all_.steps == 0) all_.steps = done_.steps;
  if (verbose_ == 0) return;
  ProgressLine whole = line(logs, seconds());
  whole.running = whole.done < whole.total;
  print_whole(whole);
}

void Progress::begin_evaluation(ProgressSize all) {
  all_ = all;
  done_ = {};
  drawn_ = 0;
  epoch_begin_ = last_draw_ = Clock::now();
}

void Progress::end_evaluation(ProgressSize done, double seconds, const Logs& logs) {
  if (verbose_ == 0) return;
  all_ = done_ = done;
  own_logs_ = SIZE_MAX;
  ProgressLine whole = line(logs, seconds);
  whole.running = false;
  if (done.steps > 0 && style_ == ProgressStyle::keras3) {
    whole.each = seconds / static_cast<double>(done.steps);
  }
  print_whole(whole);
}

}  // namespace cornu::inline v0
