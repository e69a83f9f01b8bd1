#include "cornu/training/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

namespace cornu::inline v0 {
namespace {

constexpr int kBarWidth = 30;
constexpr auto kRedraw = std::chrono::milliseconds(50);

std::string print(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

// Keras: four decimals, or scientific where they would hide the number.
std::string log_text(const Logs& logs) {
  std::string text;
  for (const auto& [name, value] : logs) {
    const bool tiny = std::abs(value) <= 1e-3 && value != 0;
    text += " - " + name + ": " + print(tiny ? "%.4e" : "%.4f", value);
  }
  return text;
}

std::string per_sample(double seconds) {
  if (seconds >= 1) return print("%.0fs/sample", seconds);
  if (seconds >= 1e-3) return print("%.0fms/sample", seconds * 1e3);
  return print("%.0fus/sample", seconds * 1e6);
}

std::string eta_text(double seconds) {
  const auto whole = static_cast<int64_t>(seconds);
  char text[64];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%d:%02d:%02d", static_cast<int>(whole / 3600),
                  static_cast<int>(whole / 60 % 60), static_cast<int>(whole % 60));
  } else if (whole >= 60) {
    std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(whole / 60),
                  static_cast<int>(whole % 60));
  } else {
    std::snprintf(text, sizeof text, "%ds", static_cast<int>(whole));
  }
  return text;
}

// A line that wraps could not be drawn over again.
size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

}  // namespace

std::string progress_line(int64_t done, int64_t total, double seconds, const Logs& logs) {
  const std::string of = std::to_string(total);
  std::string count = std::to_string(done);
  count.insert(0, of.size() - std::min(of.size(), count.size()), ' ');
  const auto filled = static_cast<size_t>(total == 0 ? kBarWidth : kBarWidth * done / total);
  std::string bar(filled, '=');
  if (done < total) {
    if (!bar.empty()) bar.back() = '>';
    bar.append(kBarWidth - bar.size(), '.');
  }
  std::string line = count + "/" + of + " [" + bar + "] - ";
  const double each = done > 0 ? seconds / static_cast<double>(done) : 0;
  if (done < total) {
    line += "ETA: " + eta_text(each * static_cast<double>(total - done));
  } else {
    line += print("%.0fs ", seconds) + per_sample(each);
  }
  return line + log_text(logs);
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
  draw(progress_line(done, samples_, trained_seconds_, logs));
}

void Progress::draw(const std::string& whole) {
  const std::string line = whole.substr(0, terminal_width() - 1);
  stream_ << '\r' << line;
  if (line.size() < drawn_) stream_ << std::string(drawn_ - line.size(), ' ');
  drawn_ = line.size();
  stream_.flush();
}

void Progress::end_epoch(const Logs& logs) {
  if (verbose_ == 0) return;
  if (verbose_ == 2) {
    stream_ << done_ << "/" << samples_ << print(" - %.0fs", seconds()) << log_text(logs)
            << std::endl;
    return;
  }
  const std::string line = progress_line(done_, samples_, seconds(), logs);
  if (live_) draw("");
  stream_ << (live_ ? "\r" : "") << line << std::endl;
}

void Progress::end_evaluation(int64_t samples, double seconds, const Logs& logs) {
  if (verbose_ != 0) stream_ << progress_line(samples, samples, seconds, logs) << std::endl;
}

}  // namespace cornu::inline v0
