#include "cornu/training/progress_line.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

constexpr size_t kShortestBar = 5;
constexpr std::string_view kBold = "\x1b[1m", kGreen = "\x1b[32m", kWhite = "\x1b[37m",
                           kPlain = "\x1b[0m";

bool is_keras3(const ProgressLine& line) {
  return line.style == ProgressStyle::keras3;
}

size_t longest_bar(const ProgressLine& line) {
  return is_keras3(line) ? 20 : 30;
}

template <class... Values>
void print(ProgressOutput& out, const char* format, Values... values) {
  char text[64];
  std::snprintf(text, sizeof text, format, values...);
  out.append(text);
}

// Calls f(name, value) for each value that is shown, in the style's order. Keras 3 sorts those of
// training by name, then those of validation, and what callbacks have added follows.
template <class F>
void for_each_log(const ProgressLine& line, F f) {
  if (!is_keras3(line)) {
    for (const auto& [name, value] : line.logs) f(name, value);
    return;
  }
  const auto group = [&](const auto& log) {
    if (static_cast<size_t>(&log - &*line.logs.begin()) < line.own) return 0;
    return log.first.starts_with("val_") ? 1 : 2;
  };
  for (const int sorted : {0, 1}) {
    const std::pair<std::string, double>* last = nullptr;
    for (;;) {
      const std::pair<std::string, double>* next = nullptr;
      for (const auto& log : line.logs) {
        const bool is_new = last == nullptr || last->first < log.first;
        const bool is_first = next == nullptr || log.first < next->first;
        if (group(log) == sorted && is_new && is_first) next = &log;
      }
      if (next == nullptr) break;
      f(next->first, next->second);
      last = next;
    }
  }
  for (const auto& log : line.logs) {
    if (group(log) == 2) f(log.first, log.second);
  }
}

// Four decimals, or scientific where they would hide the number.
void print_log(ProgressOutput& out, ProgressStyle style, std::string_view name, double value) {
  const bool tiny = style == ProgressStyle::keras3 ? !(std::abs(value) > 1e-3)
                                                   : std::abs(value) <= 1e-3 && value != 0;
  out.append(name);
  out.append(": ");
  out.append(tiny ? scientific(value, 4) : fixed(value, 4));
}

// On lines no wider than `wrap`.
void print_logs(ProgressOutput& out, const ProgressLine& line, size_t column, size_t wrap) {
  constexpr std::string_view kBetween = " - ", kIndent = "    ";
  for_each_log(line, [&](std::string_view name, double value) {
    ProgressColumns columns;
    print_log(columns, line.style, name, value);
    if (column + kBetween.size() + columns.columns() <= wrap) {
      out.append(kBetween);
      column += kBetween.size();
    } else {
      out.control("\n");
      out.append(kIndent);
      column = kIndent.size();
    }
    print_log(out, line.style, name, value);
    column += columns.columns();
  });
}

void print_each(ProgressOutput& out, const ProgressLine& line) {
  const bool whole = line.each >= 1 || (is_keras3(line) && line.each == 0);
  const bool milli = line.each >= 1e-3;
  out.append(fixed(whole ? line.each : milli ? line.each * 1e3 : line.each * 1e6, 0));
  out.append(whole ? "s/" : milli ? "ms/" : "us/");
  out.append(is_keras3(line) ? "step" : "sample");
}

void print_eta(ProgressOutput& out, const ProgressLine& line) {
  const auto whole = static_cast<int64_t>(line.each * static_cast<double>(line.total - line.done));
  const auto hours = static_cast<int>(whole / 3600);
  const auto minutes = static_cast<int>(whole / 60 % 60);
  const auto rest = static_cast<int>(whole % 60);
  if (whole >= 3600) return print(out, "%d:%02d:%02d", hours, minutes, rest);
  if (whole >= 60) return print(out, "%d:%02d", minutes, rest);
  print(out, "%ds", rest);
}

void print_seconds(ProgressOutput& out, const ProgressLine& line) {
  out.append(fixed(line.seconds, 0));
  out.append("s");
}

void print_count(ProgressOutput& out, const ProgressLine& line) {
  const auto done = static_cast<long long>(line.done);
  if (line.total == 0 && line.running) return print(out, "%7lld/Unknown", done);
  char of[24];
  const int width = std::snprintf(of, sizeof of, "%lld", static_cast<long long>(line.total));
  print(out, "%*lld/%s", width, done, of);
}

size_t filled(const ProgressLine& line, size_t bar) {
  if (line.total == 0) return bar;
  const double part = static_cast<double>(line.done) / static_cast<double>(line.total);
  return std::min(bar, static_cast<size_t>(static_cast<double>(bar) * part));
}

bool has_bar(const ProgressLine& line) {
  return line.total > 0 || !line.running;
}

// Count, bar and times: `128/60000 [=>....] - ETA: 46s`.
void print_tutorial_head(ProgressOutput& out, const ProgressLine& line, size_t bar) {
  print_count(out, line);
  if (has_bar(line)) {
    const size_t full = filled(line, bar);
    const size_t head = line.running && full > 0 ? 1 : 0;
    out.append(" [");
    out.append("=", full - head);
    out.append(">", head);
    out.append(".", line.running ? bar - full : 0);
    out.append("]");
  }
  out.append(" - ");
  if (line.running && line.total > 0) {
    out.append("ETA: ");
    print_eta(out, line);
  } else {
    print_seconds(out, line);
    out.append(" ");
    print_each(out, line);
  }
}

// `128/469 ━━━━━━━━━━━━━━━━━━━━ 46s 2ms/step`. What is left of a bar has another colour or, without
// colours, is empty.
void print_keras3_head(ProgressOutput& out, const ProgressLine& line, size_t bar) {
  const auto color = [&](std::string_view code) {
    if (line.colors) out.control(code);
  };
  color(kBold);
  print_count(out, line);
  color(kPlain);
  if (has_bar(line)) {
    const size_t full = line.running ? filled(line, bar) : bar;
    out.append(" ");
    color(kGreen);
    out.append("━", full);
    color(kWhite);
    out.append(line.colors ? "━" : " ", bar - full);
    color(kPlain);
  }
  out.append(" ");
  color(kBold);
  if (line.running && line.total > 0) {
    print_eta(out, line);
  } else {
    print_seconds(out, line);
  }
  color(kPlain);
  out.append(" ");
  print_each(out, line);
}

void print_head(ProgressOutput& out, const ProgressLine& line, size_t bar) {
  is_keras3(line) ? print_keras3_head(out, line, bar) : print_tutorial_head(out, line, bar);
}

// The columns that a line takes besides its bar: with all values, or with those of training alone.
size_t columns_without_bar(const ProgressLine& line, bool validation) {
  ProgressColumns rest;
  print_head(rest, line, 0);
  for_each_log(line, [&](std::string_view name, double value) {
    if (!validation && name.starts_with("val_")) return;
    rest.append(" - ");
    print_log(rest, line.style, name, value);
  });
  return rest.columns();
}

}  // namespace

void print_bar(ProgressOutput& out, const ProgressLine& line, size_t width, size_t wrap) {
  size_t rest = columns_without_bar(line, true);
  if (rest + kShortestBar > width) rest = columns_without_bar(line, false);
  const size_t room = width - std::min(width, rest);
  const size_t bar = std::clamp(room, kShortestBar, longest_bar(line));
  const size_t before = out.columns();
  print_head(out, line, bar);
  print_logs(out, line, out.columns() - before, wrap);
}

void print_short(ProgressOutput& out, const ProgressLine& line) {
  print_count(out, line);
  out.append(" - ");
  print_seconds(out, line);
  if (is_keras3(line)) {
    out.append(" - ");
    print_each(out, line);
  }
  print_logs(out, line, 0, SIZE_MAX);
}

ProgressStyle progress_style_named(std::string_view name) {
  if (name == "tutorial") return ProgressStyle::tutorial;
  if (name == "keras3") return ProgressStyle::keras3;
  throw unknown_name("progress", "style", name, std::vector<std::string>{"tutorial", "keras3"});
}

}  // namespace cornu::inline v0
