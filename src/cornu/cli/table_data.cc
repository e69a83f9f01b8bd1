#include "cornu/cli/table_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "cornu/cli/output.h"
#include "cornu/core/byte_source.h"
#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/datasets/split.h"
#include "cornu/formats/file_kind.h"
#include "cornu/formats/sha256.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

constexpr size_t kMostNamed = 8;

// The first of these texts, and how many more there are.
std::string listed(const std::vector<std::string>& texts) {
  std::string list;
  for (size_t i = 0; i < std::min(texts.size(), kMostNamed); ++i) {
    list += (i == 0 ? "" : ", ") + texts[i];
  }
  const size_t more = texts.size() - std::min(texts.size(), kMostNamed);
  return more == 0 ? list : list + fmt::format(" and {} more", more);
}

std::string columns_note(const datasets::TableEncoding& encoding) {
  std::vector<std::string> names;
  for (const datasets::EncodedColumn& each : encoding.columns) {
    const bool is_number = each.kind == datasets::ColumnKind::number;
    names.push_back(each.name +
                    (is_number ? "" : fmt::format(" ({} categories)", each.categories.size())));
  }
  return fmt::format("{} is predicted from {}.\n", encoding.label.name, listed(names));
}

// Gives a part of the samples for training to the test part, which was empty.
void divide(datasets::TableData& data, double fraction, uint64_t seed) {
  const datasets::RowSplit split = datasets::split_rows(data.train, fraction, seed);
  const std::vector<uint64_t> rows = std::move(data.train_rows);
  data.train_rows.clear();
  for (const uint64_t each : split.train) data.train_rows.push_back(rows[each]);
  for (const uint64_t each : split.test) data.test_rows.push_back(rows[each]);
  const Dataset all = data.train;
  data.train = datasets::samples_of(all, split.train);
  data.test = datasets::samples_of(all, split.test);
}

// The rows that became these samples of the test part; none if the file is another one by now.
std::vector<datasets::TableRow> test_rows(const datasets::TableData& data, const std::string& path,
                                          const std::vector<int64_t>& samples) {
  std::vector<uint64_t> rows;
  for (const int64_t each : samples) rows.push_back(data.test_rows[static_cast<size_t>(each)]);
  std::vector<std::string> columns;
  for (const datasets::EncodedColumn& each : data.encoding.columns) columns.push_back(each.name);
  try {
    FileBytes file(path, UINT64_MAX);
    if (formats::sha256(file) != data.train.info().sha256) return {};
    return datasets::table_rows(path, data.encoding.format, columns, rows);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

datasets::TableEncoding encoding_of(const Value::Map& preprocessing, const std::string& path,
                                    const TableFlags& flags) {
  if (preprocessing.empty()) {
    throw Error({.where = path,
                 .what = "is a table, and the model was not trained on one",
                 .hint = "`cornu train FILE.csv` trains on a table, and its model reads others"});
  }
  auto encoding = datasets::TableEncoding::from_value(preprocessing);
  encoding.format = table_format_of(flags).or_else(encoding.format);
  return encoding;
}

bool is_table(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::array<char, 512> first{};
  std::ifstream file(path, std::ios::binary);
  file.read(first.data(), first.size());
  const std::string_view begin(first.data(), static_cast<size_t>(file.gcount()));
  if (begin.starts_with("\x93NUMPY")) return false;
  return formats::foreign_kind(std::as_bytes(std::span(begin))).name != formats::kNpzFile;
}

std::string unknown_note(const std::vector<datasets::UnknownTexts>& unknown) {
  std::string note;
  for (const datasets::UnknownTexts& each : unknown) {
    note += fmt::format("Rows whose {} no row for training had, such as {}: {}.\n", each.column,
                        formats::shown(each.example), with_commas(each.rows));
  }
  return note;
}

std::string table_notes(const datasets::TableData& data) {
  std::string notes = columns_note(data.encoding);
  if (!data.has_header && !data.encoding.format.has_header) {
    notes +=
        "The first line is read as a row, not as names of columns; --header yes or no says "
        "which it is.\n";
  }
  if (!data.missing.empty()) {
    std::vector<std::string> missing;
    for (const auto& [name, count] : data.missing) {
      missing.push_back(fmt::format("{} {}", name, with_commas(count)));
    }
    notes += "Missing cells: " + listed(missing) +
             "; a number becomes the column's mean, a text a category of its own.\n";
  }
  if (data.unlabelled > 0) {
    notes += fmt::format("Rows without {}, which are left out: {}.\n", data.encoding.label.name,
                         with_commas(data.unlabelled));
  }
  for (const std::string& each : data.numbering) {
    notes += fmt::format("{} is different in every row; --drop {} leaves it out.\n", each,
                         shell_quoted(each));
  }
  notes += unknown_note(data.unknown);
  if (!data.unused.empty()) notes += "Columns that are not used: " + listed(data.unused) + ".\n";
  return notes;
}

Data of_table(const std::string& path, const DataOptions& options) {
  datasets::TableData read =
      options.preprocessing
          ? datasets::load_table(path, encoding_of(*options.preprocessing, path, options.table))
          : datasets::load_table(path, {.label = options.label,
                                        .drop = options.drop,
                                        .validation_split = options.test_fraction,
                                        .seed = options.seed,
                                        .delimiter = options.table.delimiter.value_or(""),
                                        .header = table_format_of(options.table).has_header});
  if (options.preprocessing && options.test_fraction > 0) {
    divide(read, options.test_fraction, options.seed);
  }
  const auto data = std::make_shared<const datasets::TableData>(std::move(read));
  const Dataset& train = data->train;
  const datasets::EncodedLabel& label = data->encoding.label;
  const auto outputs = static_cast<int64_t>(label.classes.size());
  return {.name = train.info().name,
          .title = path,
          .input_shape = train.spec().x[0].shape,
          .target_shape = {outputs > 0 ? outputs : 1},
          .class_names = label.classes,
          .train_size = train.size(),
          .test_size = data->test.size(),
          .train_sha256 = train.info().sha256,
          .are_files = true,
          .is_table = true,
          .has_categories = std::ranges::any_of(
              data->encoding.columns,
              [](const auto& each) { return each.kind == datasets::ColumnKind::text; }),
          .label = label.name,
          .target_mean = label.mean,
          .target_scale = label.scale,
          .notes = table_notes(*data),
          .test_rows =
              [data, path](const std::vector<int64_t>& samples) {
                return test_rows(*data, path, samples);
              },
          .read = [data]() -> DatasetParts { return {.train = data->train, .test = data->test}; }};
}

}  // namespace cornu::inline v0::cli
