#include "cornu/training/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <string_view>

#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

constexpr int64_t kBarWidth = 30, kShortestBar = 5;
constexpr auto kRedraw = std::chrono::milliseconds(50);

/// The output between two steps: a fixed buffer in front of a stream, since a step allocates
/// nothing. At most `limit` bytes.
class Text {
 public:
  explicit Text(std::ostream& stream, size_t limit = SIZE_MAX) : stream_(stream), limit_(limit) {}
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  void append(std::string_view text) {
    text = text.substr(0, limit_ - size_);
    size_ += text.size();
    while (!text.empty()) {
      if (held_ == buffer_.size()) write();
      const size_t count = text.copy(buffer_.data() + held_, buffer_.size() - held_);
      held_ += count;
      text.remove_prefix(count);
    }
  }
  void flush() {
    write();
    stream_.flush();
  }
  void end_line() {
    append("\n");
    flush();
  }
  /// Bytes appended so far.
  size_t size() const { return size_; }

 private:
  void write() {
    stream_.write(buffer_.data(), static_cast<std::streamsize>(held_));
    held_ = 0;
  }

  std::ostream& stream_;
  const size_t limit_;
  size_t size_ = 0, held_ = 0;
  std::array<char, 256> buffer_;
};

template <class Out, class... Values>
void print(Out& out, const char* format, Values... values) {
  char text[64];
  std::snprintf(text, sizeof text, format, values...);
  out.append(text);
}

template <class Out>
void repeat(Out& out, std::string_view text, size_t count) {
  for (size_t i = 0; i < count; ++i) out.append(text);
}

/// Stands in for a stream and counts the columns of the output.
class Columns {
 public:
  void append(std::string_view text) {
    for (const char c : text) count_ += (static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0 : 1;
  }
  size_t count() const { return count_; }

 private:
  size_t count_ = 0;
};

// Keras: four decimals, or scientific where they would hide the number.
template <class Out>
void print_log(Out& out, std::string_view name, double value) {
  const bool tiny = std::abs(value) <= 1e-3 && value != 0;
  out.append(name);
  out.append(": ");
  out.append(tiny ? scientific(value, 4) : fixed(value, 4));
}

// Prints them on lines no wider than `width`.
template <class Out>
void print_logs(Out& out, const Logs& logs, size_t column, size_t width) {
  constexpr std::string_view kBetween = " - ", kNextLine = "\n    ";
  for (const auto& [name, value] : logs) {
    Columns columns;
    print_log(columns, name, value);
    const bool fits = column + kBetween.size() + columns.count() <= width;
    out.append(fits ? kBetween : kNextLine);
    column = (fits ? column + kBetween.size() : kNextLine.size() - 1) + columns.count();
    print_log(out, name, value);
  }
}

template <class Out>
void print_per_sample(Out& out, double seconds) {
  const bool whole = seconds >= 1;
  const bool milli = seconds >= 1e-3;
  out.append(fixed(whole ? seconds : milli ? seconds * 1e3 : seconds * 1e6, 0));
  out.append(whole ? "s/sample" : milli ? "ms/sample" : "us/sample");
}

template <class Out>
void print_eta(Out& out, double seconds) {
  const auto whole = static_cast<int64_t>(seconds);
  const auto hours = static_cast<int>(whole / 3600);
  const auto minutes = static_cast<int>(whole / 60 % 60);
  const auto rest = static_cast<int>(whole % 60);
  if (whole >= 3600) return print(out, "%d:%02d:%02d", hours, minutes, rest);
  if (whole >= 60) return print(out, "%d:%02d", minutes, rest);
  print(out, "%ds", rest);
}

template <class Out>
void print_head(Out& out, int64_t done, int64_t total, double seconds, int64_t bar) {
  char of[24];
  const int width = std::snprintf(of, sizeof of, "%lld", static_cast<long long>(total));
  print(out, "%*lld/%s [", width, static_cast<long long>(done), of);
  const auto filled = static_cast<size_t>(total == 0 ? bar : bar * done / total);
  const size_t head = done < total && filled > 0 ? 1 : 0;
  repeat(out, "=", filled - head);
  repeat(out, ">", head);
  repeat(out, ".", done < total ? static_cast<size_t>(bar) - filled : 0);
  out.append("] - ");
  const double each = done > 0 ? seconds / static_cast<double>(done) : 0;
  if (done < total) {
    out.append("ETA: ");
    print_eta(out, each * static_cast<double>(total - done));
  } else {
    out.append(fixed(seconds, 0));
    out.append("s ");
    print_per_sample(out, each);
  }
}

// The columns that a line takes besides its bar: with all values, or with those of training alone.
size_t columns_without_bar(int64_t done, int64_t total, double seconds, const Logs& logs,
                           bool validation) {
  Columns rest;
  print_head(rest, done, total, seconds, 0);
  for (const auto& [name, value] : logs) {
    if (!validation && name.starts_with("val_")) continue;
    rest.append(" - ");
    print_log(rest, name, value);
  }
  return rest.count();
}

// The bar is as long as `width` allows beside all values, or, if these are too many, beside those
// of training; values past column `wrap` are put on further lines.
template <class Out>
void print_line(Out& out, int64_t done, int64_t total, double seconds, const Logs& logs,
                size_t width = SIZE_MAX, size_t wrap = SIZE_MAX) {
  size_t rest = columns_without_bar(done, total, seconds, logs, true);
  if (rest + static_cast<size_t>(kShortestBar) > width) {
    rest = columns_without_bar(done, total, seconds, logs, false);
  }
  const size_t room = width - std::min(width, rest);
  const int64_t bar = room < static_cast<size_t>(kBarWidth)
                          ? std::max(static_cast<int64_t>(room), kShortestBar)
                          : kBarWidth;
  print_head(out, done, total, seconds, bar);
  const size_t column =
      columns_without_bar(done, total, seconds, {}, false) + static_cast<size_t>(bar);
  print_logs(out, logs, column, wrap);
}

// A line that wraps could not be redrawn in place.
size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

}  // namespace

std::string progress_line(int64_t done, int64_t total, double seconds, const Logs& logs) {
  std::string line;
  print_line(line, done, total, seconds, logs);
  return line;
}

Progress::Progress(int64_t verbose, std::ostream* stream)
    : verbose_(verbose),
      stream_(stream != nullptr ? *stream : std::cerr),
      live_(verbose == 1 && stream == nullptr && isatty(STDERR_FILENO) == 1) {}

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - epoch_begin_).count();
}

void Progress::begin(int64_t samples, int64_t validation_samples, int64_t epochs) {
  samples_ = samples;
  epochs_ = epochs;
  if (verbose_ == 0) return;
  stream_ << "Train on " << samples << " samples";
  if (validation_samples > 0) stream_ << ", validate on " << validation_samples << " samples";
  stream_ << std::endl;
}

void Progress::begin_epoch(int64_t epoch) {
  epoch_begin_ = last_draw_ = Clock::now();
  drawn_ = 0;
  done_ = 0;
  if (verbose_ != 0) stream_ << "Epoch " << epoch + 1 << "/" << epochs_ << std::endl;
}

bool Progress::due() const {
  return live_ && Clock::now() - last_draw_ >= kRedraw;
}

void Progress::step(int64_t done, const Logs& logs) {
  done_ = done;
  trained_seconds_ = seconds();
  if (!due() || done >= samples_) return;
  last_draw_ = Clock::now();
  const size_t width = terminal_width();
  Text text(stream_, width);
  text.append("\r");
  print_line(text, done, samples_, trained_seconds_, logs, width - 1);
  const size_t columns = text.size() - 1;
  repeat(text, " ", drawn_ > columns ? drawn_ - columns : 0);
  text.flush();
  drawn_ = columns;
}

void Progress::end_epoch(const Logs& logs) {
  if (verbose_ == 0) return;
  if (verbose_ == 2) {
    stream_ << done_ << "/" << samples_;
    Text text(stream_);
    print(text, " - %.0fs", seconds());
    print_logs(text, logs, 0, SIZE_MAX);
    text.end_line();
    return;
  }
  Text text(stream_);
  if (live_) {
    text.append("\r");
    repeat(text, " ", drawn_);
    text.append("\r");
  }
  const size_t width = live_ ? terminal_width() - 1 : SIZE_MAX;
  print_line(text, done_, samples_, seconds(), logs, width, width);
  text.end_line();
}

void Progress::end_evaluation(int64_t samples, double seconds, const Logs& logs) {
  if (verbose_ == 0) return;
  Text text(stream_);
  print_line(text, samples, samples, seconds, logs);
  text.end_line();
}

}  // namespace cornu::inline v0
