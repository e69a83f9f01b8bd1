#include "cornu/cli/class_balance.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cornu/cli/output.h"
#include "cornu/cli/text_table.h"
#include "cornu/core/names.h"
#include "cornu/formats/display_width.h"

namespace cornu::inline v0::cli {
namespace {

constexpr size_t kMostInText = 20;
constexpr size_t kLongestClassName = 24;
constexpr int64_t kLongestBalanceBar = 40;

// A bar of `part` of `width`, in eighths of a character where there are such.
std::string bar(double part, int64_t width, bool unicode) {
  constexpr std::string_view kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double length = part * static_cast<double>(width);
  std::string text;
  if (!unicode) {
    text.append(static_cast<size_t>(length + 0.5), '#');
    return text;
  }
  const auto eighths = static_cast<size_t>(length * 8 + 0.5);
  for (size_t i = 0; i < eighths / 8; ++i) text += "█";
  return text.append(kEighths[eighths % 8]);
}

int64_t sum_of(const std::vector<ClassCount>& classes, int64_t ClassCount::*part) {
  int64_t sum = 0;
  for (const ClassCount& each : classes) sum += each.*part;
  return sum;
}

std::string share(int64_t count, int64_t of) {
  return of == 0 ? "" : percent(static_cast<double>(count) / static_cast<double>(of));
}

}  // namespace

std::string counts_text(const std::vector<ClassCount>& classes, bool has_test,
                        const TerminalOptions& terminal) {
  std::string text;
  for (size_t i = 0; i < std::min(classes.size(), kMostInText); ++i) {
    const ClassCount& each = classes[i];
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ",
                        cell_text(each.name, kLongestClassName, terminal), with_commas(each.train));
    if (has_test) text += " + " + with_commas(each.test);
  }
  if (classes.size() > kMostInText) {
    text += fmt::format(" and {} more", classes.size() - kMostInText);
  }
  return text;
}

std::string balance_text(const std::vector<ClassCount>& classes, bool has_test,
                         const TerminalOptions& terminal) {
  TextTable table{.columns = {{"class"}, {has_test ? "train" : "samples", true}, {"", true}},
                  .rows = {}};
  if (has_test) {
    table.columns.push_back({"test", true});
    table.columns.push_back({"", true});
  }
  const int64_t train = sum_of(classes, &ClassCount::train);
  const int64_t test = sum_of(classes, &ClassCount::test);
  int64_t most = 1;
  for (const ClassCount& each : classes) most = std::max(most, each.train);
  for (const ClassCount& each : classes) {
    table.rows.push_back({cell_text(each.name, kLongestClassName, terminal),
                          with_commas(each.train), share(each.train, train)});
    if (!has_test) continue;
    table.rows.back().push_back(with_commas(each.test));
    table.rows.back().push_back(share(each.test, test));
  }
  const std::string numbers = table_text(table, terminal);
  const std::string_view last = std::string_view(numbers).substr(0, numbers.size() - 1);
  const size_t beside = formats::display_width(last.substr(last.rfind('\n') + 1));
  const int64_t room =
      std::min(kLongestBalanceBar, terminal.width - static_cast<int64_t>(beside) - 2);
  constexpr int64_t kShortestBar = 5;
  if (room < kShortestBar) return numbers;
  table.columns.push_back({});
  for (size_t i = 0; i < classes.size(); ++i) {
    table.rows[i].push_back(bar(static_cast<double>(classes[i].train) / static_cast<double>(most),
                                room, terminal.unicode));
  }
  return table_text(table, terminal);
}

}  // namespace cornu::inline v0::cli
