#include "cornu/cli/text_table.h"

#include <algorithm>
#include <numeric>

#include "cornu/cli/output.h"
#include "cornu/formats/display_width.h"

namespace cornu::inline v0::cli {
namespace {

using Widths = std::vector<size_t>;

constexpr size_t kBetweenColumns = 2;
// A wide column gives up no more than this for the others.
constexpr size_t kLeastOfText = 12;

Widths natural_widths(const TextTable& table) {
  Widths widths;
  for (const TextTable::Column& each : table.columns) {
    widths.push_back(formats::display_width(each.title));
  }
  for (const auto& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], formats::display_width(row[i]));
    }
  }
  return widths;
}

size_t line_width(const Widths& widths) {
  return std::accumulate(widths.begin(), widths.end(), kBetweenColumns * (widths.size() - 1));
}

// The widest columns are made narrower, all of them alike, and then the last ones left out.
Widths fitting(Widths widths, size_t room) {
  for (size_t& each : widths) each = std::min(each, room);
  while (line_width(widths) > room) {
    size_t& widest = *std::ranges::max_element(widths);
    if (widest > kLeastOfText) {
      --widest;
    } else if (widths.size() > 1) {
      widths.pop_back();
    } else {
      widths[0] = room;
    }
  }
  return widths;
}

}  // namespace

std::string cell_text(const std::string& text, size_t width, const TerminalOptions& terminal) {
  return formats::fitted_text(text, width, terminal.unicode ? "…" : "~");
}

std::string table_text(const TextTable& table, const TerminalOptions& terminal) {
  if (table.columns.empty()) return {};
  const auto room = static_cast<size_t>(std::max<int64_t>(terminal.width, 1));
  const Widths natural = natural_widths(table);
  Widths widths = fitting(natural, room);
  // What was taken from columns for those that were then left out anyway is given back.
  for (size_t i = 0; i < widths.size(); ++i) {
    widths[i] = std::min(natural[i], widths[i] + room - line_width(widths));
  }
  std::string text;
  const auto add_line = [&](auto text_in) {
    std::string line;
    for (size_t i = 0; i < widths.size(); ++i) {
      const std::string cell = cell_text(text_in(i), widths[i], terminal);
      const std::string space(widths[i] - formats::display_width(cell), ' ');
      line += table.columns[i].is_right ? space + cell : cell + space;
      line.append(kBetweenColumns, ' ');
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add_line([&](size_t i) -> const std::string& { return table.columns[i].title; });
  for (const auto& row : table.rows) {
    add_line([&](size_t i) -> const std::string& { return row[i]; });
  }
  const size_t left_out = table.columns.size() - widths.size();
  if (left_out == 0) return text;
  std::string more = "No room for " + counted(static_cast<int64_t>(left_out), "column");
  for (size_t i = widths.size(); i < table.columns.size(); ++i) {
    more += (i == widths.size() ? ": " : ", ") + table.columns[i].title;
  }
  return text + cell_text(more, room, terminal) + "\n";
}

}  // namespace cornu::inline v0::cli
