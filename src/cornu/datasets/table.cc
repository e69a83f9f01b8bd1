#include "cornu/datasets/table.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "cornu/core/byte_source.h"
#include "cornu/core/error.h"
#include "cornu/datasets/split.h"
#include "cornu/datasets/table_reader.h"

#include "cornu/formats/sha256.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::datasets {
namespace {

TableFormat format_of(const TableOptions& options) {
  if (options.delimiter.size() > 1) {
    throw Error({.where = "TableOptions",
                 .field = "delimiter",
                 .what = "delimiter",
                 .expected = "one character",
                 .found = formats::shown(options.delimiter)});
  }
  return {.delimiter = options.delimiter.empty() ? '\0' : options.delimiter[0],
          .has_header = options.header};
}

// All columns but those that are left out.
std::vector<ColumnChoice> kept_columns(const std::vector<std::string>& names,
                                       const TableOptions& options, const std::string& path) {
  for (const std::string& each : options.drop) {
    if (std::ranges::find(names, each) == names.end()) {
      throw unknown_name(path, "column", each, names, "drop");
    }
  }
  std::vector<ColumnChoice> kept;
  for (const std::string& each : names) {
    if (std::ranges::find(options.drop, each) == options.drop.end()) kept.push_back({each});
  }
  if (!kept.empty()) return kept;
  throw Error({.where = path, .field = "drop", .what = "all columns are left out"});
}

std::string sha256_of_file(const std::string& path) {
  FileBytes file(path, UINT64_MAX);
  formats::Sha256 hash;
  std::vector<std::byte> piece(size_t{1} << 20);
  for (uint64_t at = 0; at < file.size(); at += piece.size()) {
    piece.resize(static_cast<size_t>(std::min<uint64_t>(piece.size(), file.size() - at)));
    file.read(at, piece);
    hash.add(piece);
  }
  return hash.hex();
}

int64_t missing_in(const Column& column) {
  if (column.kind == ColumnKind::text) return std::ranges::count(column.codes, -1);
  return std::ranges::count_if(column.numbers, [](double each) { return std::isnan(each); });
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
  TableReader reader(path, format_of(options));
  const Table table = reader.read(kept_columns(reader.names(), options, path));
  EncodedLabel label = label_of(table, options.label);
  const std::vector<int64_t> classes = classes_of(table, label);
  const RowSplit split = split_rows(classes, options.validation_split, options.seed);
  TableData data;
  data.encoding = TableEncoding::learned(table, std::move(label), split.train);
  data.unlabelled = std::ranges::count(classes, -1);
  for (const Column& each : table.columns) {
    const int64_t missing = missing_in(each);
    if (missing > 0 && each.name != data.encoding.label.name) {
      data.missing.emplace_back(each.name, missing);
    }
  }
  const DatasetInfo info = {.name = std::filesystem::path(path).stem().string(),
                            .class_names = data.encoding.label.classes,
                            .sha256 = sha256_of_file(path),
                            .origin = path,
                            .preprocessing = data.encoding.to_value()};
  const auto part = [&](const std::vector<uint64_t>& rows) {
    EncodedRows encoded = data.encoding.encode(table, rows);
    data.unknown = std::move(encoded.unknown);  // none in the rows for training, which come first
    return Dataset(std::move(encoded.x), data.encoding.labels(table, rows), info);
  };
  data.train = part(split.train);
  data.test = part(split.test);
  return data;
}

DatasetParts table(const std::string& path, const TableOptions& options) {
  TableData data = load_table(path, options);
  return {.train = std::move(data.train), .test = std::move(data.test)};
}

}  // namespace cornu::inline v0::datasets
