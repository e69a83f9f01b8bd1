#include "cornu/datasets/table.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

#include "cornu/core/byte_source.h"
#include "cornu/core/error.h"
#include "cornu/datasets/name_of_path.h"
#include "cornu/datasets/split.h"
#include "cornu/datasets/table_reader.h"

#include "cornu/formats/sha256.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::datasets {
namespace {

TableFormat format_of(const TableOptions& options) {
  return {.delimiter = options.delimiter.empty() ? '\0' : delimiter_from_text(options.delimiter),
          .has_header = options.header};
}

// All columns but those that are left out.
std::vector<ColumnChoice> kept_columns(const std::vector<std::string>& names,
                                       const TableOptions& options, const std::string& path) {
  for (const std::string& each : options.drop) {
    if (std::ranges::find(names, each) == names.end()) {
      throw unknown_name(path, "column", each, names, "drop");
    }
    if (each == options.label) {
      throw Error(
          {.where = path,
           .field = "drop",
           .what = "the column " + formats::shown(each) + " is the label: it cannot be left out",
           .hint = "what is to be predicted is no input"});
    }
  }
  std::vector<ColumnChoice> kept;
  for (const std::string& each : names) {
    if (std::ranges::find(options.drop, each) == options.drop.end()) kept.push_back({each});
  }
  if (!kept.empty()) return kept;
  throw Error({.where = path, .field = "drop", .what = "all columns are left out"});
}

std::vector<std::pair<std::string, int64_t>> missing_in(const Table& table,
                                                        const TableEncoding& encoding) {
  std::vector<std::pair<std::string, int64_t>> missing;
  for (const EncodedColumn& each : encoding.columns) {
    const Column& column = table.at(each.name);
    int64_t count = std::ranges::count(column.codes, -1);
    count += std::ranges::count_if(column.numbers, [](double x) { return std::isnan(x); });
    if (count > 0) missing.emplace_back(each.name, count);
  }
  return missing;
}

// Whole numbers that rise by 1 from row to row, as identifiers do.
bool numbers_the_rows(const Column& column) {
  constexpr size_t kLeastRows = 10;
  const Numbers& numbers = column.numbers;
  if (numbers.size() < kLeastRows || numbers[0] != std::floor(numbers[0])) return false;
  return std::ranges::adjacent_find(numbers, [](double a, double b) { return b != a + 1; }) ==
         numbers.end();
}

std::vector<std::string> numbering_in(const Table& table, const TableEncoding& encoding) {
  std::vector<std::string> names;
  for (const EncodedColumn& each : encoding.columns) {
    if (numbers_the_rows(table.at(each.name))) names.push_back(each.name);
  }
  return names;
}

DatasetInfo info_of(const std::string& path, const TableEncoding& encoding) {
  FileBytes file(path, UINT64_MAX);
  return {.name = name_of_path(path),
          .class_names = encoding.label.classes,
          .sha256 = formats::sha256(file),
          .origin = path,
          .preprocessing = encoding.to_value()};
}

// These rows as samples. What is to be told of them is added to `data`.
Dataset samples_of(const Table& table, const std::vector<uint64_t>& rows, const DatasetInfo& info,
                   TableData& data) {
  EncodedRows encoded = data.encoding.encode(table, rows);
  std::ranges::move(encoded.unknown, std::back_inserter(data.unknown));
  return {std::move(encoded.x), data.encoding.labels(table, rows), info};
}

}  // namespace

TableData load_table(const std::string& path, const TableOptions& options) {
  if (!(options.validation_split >= 0 && options.validation_split < 1)) {
    throw Error({.where = "TableOptions",
                 .field = "validation_split",
                 .what = "validation_split",
                 .expected = "0 <= validation_split < 1",
                 .found = shortest(options.validation_split)});
  }
  const TableFormat format = format_of(options);
  TableReader reader(path, format);
  const Table table = reader.read(kept_columns(reader.names(), options, path));
  EncodedLabel label = label_of(table, options.label);
  const std::vector<int64_t> classes = classes_of(table, label);
  const RowSplit split = split_rows(classes, options.validation_split, options.seed);
  TableData data;
  data.encoding = TableEncoding::learned(table, std::move(label), split.train);
  data.encoding.format = format;
  data.has_header = reader.has_header();
  data.unlabelled = std::ranges::count(classes, -1);
  data.missing = missing_in(table, data.encoding);
  data.numbering = numbering_in(table, data.encoding);
  data.unused = options.drop;
  const DatasetInfo info = info_of(path, data.encoding);
  data.train = samples_of(table, split.train, info, data);
  data.test = samples_of(table, split.test, info, data);
  data.train_rows = split.train;
  data.test_rows = split.test;
  return data;
}

TableData load_table(const std::string& path, const TableEncoding& encoding) {
  TableReader reader(path, encoding.format);
  const std::vector<ColumnChoice> choices = encoding.choices(reader.names(), path);
  const auto is_read = [&](const std::string& name) {
    return std::ranges::any_of(choices, [&](const auto& each) { return each.name == name; });
  };
  if (!is_read(encoding.label.name)) {
    throw Error({.where = path,
                 .what = "has no column " + formats::shown(encoding.label.name) +
                         ", the label, which the predictions are compared with",
                 .hint = "`cornu predict` does without it, and so does table_inputs()"});
  }
  TableData data;
  for (const std::string& each : reader.names()) {
    if (!is_read(each)) data.unused.push_back(each);
  }
  const Table table = reader.read(choices);
  data.encoding = encoding;
  data.missing = missing_in(table, encoding);
  const std::vector<int64_t> classes = classes_of(table, encoding.label);
  std::vector<uint64_t> rows;
  for (size_t row = 0; row < classes.size(); ++row) {
    if (classes[row] >= 0) rows.push_back(row);
  }
  data.unlabelled = table.rows() - static_cast<int64_t>(rows.size());
  data.train = samples_of(table, rows, info_of(path, encoding), data);
  data.train_rows = std::move(rows);
  return data;
}

Tensor table_inputs(const std::string& path, const Value::Map& preprocessing,
                    const TableFormat& format) {
  if (preprocessing.empty()) {
    throw Error({.where = path,
                 .what = "is a table, and the model was not trained on one",
                 .expected = "the preprocessing in the card of a model that was"});
  }
  const TableEncoding encoding = TableEncoding::from_value(preprocessing);
  TableReader reader(path, format.or_else(encoding.format));
  std::vector<ColumnChoice> choices = encoding.choices(reader.names(), path);
  std::erase_if(choices, [&](const auto& each) { return each.name == encoding.label.name; });
  const Table table = reader.read(choices);
  std::vector<uint64_t> rows(static_cast<size_t>(table.rows()));
  std::iota(rows.begin(), rows.end(), 0);
  return encoding.encode(table, rows).x;
}

DatasetParts table(const std::string& path, const TableOptions& options) {
  TableData data = load_table(path, options);
  return {.train = std::move(data.train), .test = std::move(data.test)};
}

}  // namespace cornu::inline v0::datasets
