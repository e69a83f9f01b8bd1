#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include "cornu/cli/class_balance.h"
#include "cornu/cli/output.h"
#include "cornu/cli/show_data.h"
#include "cornu/cli/table_data.h"
#include "cornu/cli/text_table.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/core/names.h"
#include "cornu/datasets/cell.h"
#include "cornu/datasets/table_statistics.h"
#include "cornu/formats/csv.h"
#include "cornu/formats/json.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

using datasets::ColumnKind;
using datasets::ColumnStatistics;
using datasets::TableStatistics;
using Cells = std::vector<std::string>;

constexpr int64_t kFirstOfTable = 5;
constexpr size_t kMostFrequentShown = 3;

/// What is to be told of a table.
struct ShownTable {
  TableStatistics statistics;
  std::vector<ClassCount> classes = {};  ///< of the label, if it is one
  std::vector<std::string> notes = {};   ///< what training makes of it, or why it cannot
};

// How training would read it. What it refuses is told, and is no mistake of someone who looks.
void add_reading(const ShowDataOptions& options, ShownTable& shown) {
  const ColumnStatistics& label = shown.statistics.columns[shown.statistics.label];
  bool has_classes = label.kind == ColumnKind::text;
  try {
    const Data data = of_table(
        options.data, {.label = options.label, .drop = options.drop, .table = options.table});
    has_classes = data.classes() > 0;
    std::istringstream lines(data.notes);
    for (std::string line; std::getline(lines, line);) shown.notes.push_back(line);
  } catch (const Error& error) {
    shown.notes.push_back(std::string("`cornu train` does not take it so: ") + error.what());
  }
  constexpr int64_t kMostClasses = 20;
  if (!has_classes || label.distinct > kMostClasses) return;
  for (const auto& [name, samples] : label.most_frequent) {
    shown.classes.push_back({.name = name, .train = samples});
  }
  std::ranges::sort(shown.classes, [&](const ClassCount& a, const ClassCount& b) {
    if (label.kind == ColumnKind::text) return a.name < b.name;
    return datasets::read_cell(a.name).number < datasets::read_cell(b.name).number;
  });
}

ShownTable shown_table(const ShowDataOptions& options) {
  ShownTable shown{.statistics = datasets::table_statistics(
                       options.data, {.label = options.label,
                                      .drop = options.drop,
                                      .first = options.first > 0 ? options.first : kFirstOfTable,
                                      .format = table_format_of(options.table)})};
  add_reading(options, shown);
  return shown;
}

Value number_or_null(double number) {
  return std::isfinite(number) ? Value(number) : Value();
}

Value::Map document_of(const ColumnStatistics& column, bool stats) {
  const bool is_number = column.kind == ColumnKind::number;
  Value::Map document = {{"name", column.name}, {"kind", is_number ? "number" : "text"}};
  if (!stats) return document;
  document.emplace_back("missing", column.missing);
  document.emplace_back("distinct", column.distinct);
  if (is_number) {
    document.emplace_back("min", number_or_null(column.min));
    document.emplace_back("mean", number_or_null(column.mean));
    document.emplace_back("standard_deviation", number_or_null(column.standard_deviation));
    document.emplace_back("median", number_or_null(column.median));
    document.emplace_back("max", number_or_null(column.max));
  }
  Value::List frequent;
  for (const auto& [value, count] : column.most_frequent) {
    frequent.emplace_back(Value::Map{{"value", value}, {"count", count}});
  }
  document.emplace_back("most_frequent", std::move(frequent));
  return document;
}

Value cell_document(const ColumnStatistics& column, const std::string& text) {
  const datasets::Cell cell = datasets::read_cell(text);
  if (cell.kind == datasets::CellKind::missing) return {};
  return column.kind == ColumnKind::number ? Value(cell.number) : Value(text);
}

Value::Map document_of(const ShownTable& shown, const ShowDataOptions& options) {
  const TableStatistics& statistics = shown.statistics;
  Value::List columns, classes, first;
  for (const ColumnStatistics& each : statistics.columns) {
    columns.emplace_back(document_of(each, options.stats));
  }
  for (const ClassCount& each : shown.classes) {
    classes.emplace_back(Value::Map{{"name", each.name}, {"samples", each.train}});
  }
  for (const Cells& row : statistics.first) {
    Value::Map cells;
    for (size_t i = 0; i < row.size(); ++i) {
      cells.emplace_back(statistics.columns[i].name, cell_document(statistics.columns[i], row[i]));
    }
    first.emplace_back(std::move(cells));
  }
  Value::Map document = {{"name", options.data},
                         {"rows", statistics.rows},
                         {"label", statistics.columns[statistics.label].name},
                         {"columns", std::move(columns)},
                         {"classes", std::move(classes)}};
  if (options.stats) {
    document.emplace_back("duplicates",
                          Value::Map{{"rows", statistics.duplicates.same_label},
                                     {"two_labels", statistics.duplicates.two_labels}});
  }
  document.emplace_back("notes", Value::List(shown.notes.begin(), shown.notes.end()));
  document.emplace_back("first", std::move(first));
  return document;
}

std::string kinds_text(const TableStatistics& statistics) {
  const auto numbers =
      std::ranges::count(statistics.columns, ColumnKind::number, &ColumnStatistics::kind);
  const auto texts = static_cast<std::ptrdiff_t>(statistics.columns.size()) - numbers;
  if (texts == 0) return "numbers";
  if (numbers == 0) return "text";
  return fmt::format("{} of numbers, {} of text", numbers, texts);
}

std::string rows_text(const ShownTable& shown, const TerminalOptions& terminal) {
  TextTable table{.columns = {}, .rows = shown.statistics.first};
  for (const ColumnStatistics& each : shown.statistics.columns) {
    table.columns.push_back({each.name, each.kind == ColumnKind::number});
  }
  return table_text(table, terminal);
}

std::string frequent_text(const ColumnStatistics& column) {
  std::string text;
  const size_t count = std::min(column.most_frequent.size(), kMostFrequentShown);
  for (size_t i = 0; i < count; ++i) {
    const auto& [value, samples] = column.most_frequent[i];
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", value, with_commas(samples));
  }
  return text;
}

// The statistics as cells, one row per column.
TextTable statistics_table(const TableStatistics& statistics, int digits) {
  TextTable table{.columns = {{"column"},
                              {"kind"},
                              {"missing", true},
                              {"distinct", true},
                              {"min", true},
                              {"mean", true},
                              {"sd", true},
                              {"median", true},
                              {"max", true},
                              {"most frequent"}},
                  .rows = {}};
  for (const ColumnStatistics& each : statistics.columns) {
    const bool is_number = each.kind == ColumnKind::number;
    Cells row = {each.name, is_number ? "number" : "text", std::to_string(each.missing),
                 std::to_string(each.distinct)};
    for (const double value :
         {each.min, each.mean, each.standard_deviation, each.median, each.max}) {
      row.push_back(is_number && std::isfinite(value) ? significant(value, digits) : "");
    }
    row.push_back(is_number ? "" : frequent_text(each));
    table.rows.push_back(std::move(row));
  }
  return table;
}

// The columns of one kind with what such columns have, which fits in most terminals.
std::string kind_text(const TextTable& statistics, const std::string& kind, const char* title,
                      const std::vector<size_t>& places, const TerminalOptions& terminal) {
  constexpr size_t kKind = 1;
  TextTable part;
  for (const size_t each : places) part.columns.push_back(statistics.columns[each]);
  part.columns[0].title = title;
  for (const Cells& row : statistics.rows) {
    if (row[kKind] != kind) continue;
    Cells& cells = part.rows.emplace_back();
    for (const size_t each : places) cells.push_back(row[each]);
  }
  return part.rows.empty() ? "" : "\n" + table_text(part, terminal);
}

std::string whole_text(const ShownTable& shown, const ShowDataOptions& options) {
  constexpr int kShownDigits = 6;
  const TerminalOptions terminal = terminal_options();
  const TableStatistics& statistics = shown.statistics;
  std::string text = fmt::format("{}: {}, {}: {}\n", options.data, counted(statistics.rows, "row"),
                                 counted(static_cast<int64_t>(statistics.columns.size()), "column"),
                                 kinds_text(statistics));
  if (!shown.classes.empty() && !options.stats) {
    text += fmt::format("{}: {}\n", statistics.columns[statistics.label].name,
                        counts_text(shown.classes, false, terminal));
  }
  for (const std::string& each : shown.notes) text += each + "\n";
  text += "\n" + rows_text(shown, terminal);
  if (!options.stats) return text;
  const TextTable all = statistics_table(statistics, kShownDigits);
  text += kind_text(all, "number", "numbers", {0, 2, 3, 4, 5, 6, 7, 8}, terminal);
  text += kind_text(all, "text", "text", {0, 2, 3, 9}, terminal) + "\n";
  if (!shown.classes.empty()) text += balance_text(shown.classes, false, terminal) + "\n";
  return text +
         fmt::format("Rows that an earlier one equals: {}\nRows equal but for their label: {}\n",
                     with_commas(statistics.duplicates.same_label),
                     with_commas(statistics.duplicates.two_labels));
}

void add_record(const Cells& cells, char delimiter, std::string& to) {
  const std::vector<std::string_view> fields(cells.begin(), cells.end());
  formats::write_csv_record(to, fields, delimiter);
}

void check_table_options(const ShowDataOptions& options) {
  if (options.columns > 0) {
    throw Error({.where = "--columns",
                 .what = "is for pictures alone",
                 .hint = "--drop COLUMN leaves a column of a table out"});
  }
  const std::string& out = options.out;
  const bool is_known =
      out.empty() || out.ends_with(".csv") || out.ends_with(".tsv") || out.ends_with(".json");
  if (is_known) return;
  throw Error({.where = "--out",
               .what = "a table is not drawn",
               .expected = "NAME.csv, .tsv or .json for what its columns are like",
               .found = formats::shown(out)});
}

void write_table_out(const ShownTable& shown, const ShowDataOptions& options) {
  constexpr int kAllDigits = 17;
  const bool is_csv = options.out.ends_with(".csv");
  std::string text;
  if (options.out.ends_with(".json")) {
    text = formats::write_json(document_of(shown, options), 2) + "\n";
  } else {
    const TextTable table = statistics_table(shown.statistics, kAllDigits);
    Cells titles;
    for (const TextTable::Column& each : table.columns) titles.push_back(each.title);
    add_record(titles, is_csv ? ',' : '\t', text);
    for (const Cells& row : table.rows) add_record(row, is_csv ? ',' : '\t', text);
  }
  replace_file(options.out, text);
}

}  // namespace

int show_table(const ShowDataOptions& options) {
  on_command_line([&] { check_table_options(options); });
  const ShownTable shown = shown_table(options);
  if (!options.out.empty()) write_table_out(shown, options);
  if (options.json) {
    print_json(document_of(shown, options));
    return 0;
  }
  print(whole_text(shown, options));
  if (!options.out.empty()) print(written_line(options.out));
  return 0;
}

}  // namespace cornu::inline v0::cli
