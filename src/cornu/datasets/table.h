#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/datasets/dataset.h"
#include "cornu/datasets/table_encoding.h"

namespace cornu::inline v0::datasets {

/// How a user's own table becomes data.
struct TableOptions {
  /// The column to be predicted. Empty: the one called label, else the last one.
  std::string label = {};
  /// Columns that are left out.
  std::vector<std::string> drop = {};
  /// The fraction of the rows of each class (of all rows, if a number is predicted) that is for
  /// validation, drawn at random by the seed.
  double validation_split = 0.2;
  /// Draws the rows for validation: the same seed, the same rows.
  uint64_t seed = 0;
  /// One character, or comma, semicolon, tab, space, colon, pipe; empty: the comma, semicolon, tab
  /// or vertical bar, as the content says. A model that is fitted to the table keeps it, and reads
  /// later tables alike, and so with `header`.
  std::string delimiter = {};
  /// Whether the first line has the names of the columns; none: as the content says.
  std::optional<bool> header = {};
};

/// A table as data, and what is to be told of it.
struct TableData {
  Dataset train, test;
  /// The rows of the file, from 0, that became the samples.
  std::vector<uint64_t> train_rows = {}, test_rows = {};
  TableEncoding encoding;
  /// Rows that are left out, since their label is missing.
  int64_t unlabelled = 0;
  /// Columns with missing cells, and how many.
  std::vector<std::pair<std::string, int64_t>> missing = {};
  /// Texts that no row for training has.
  std::vector<UnknownTexts> unknown = {};
  /// Inputs that number the rows, one after the other.
  std::vector<std::string> numbering = {};
  /// Whether the first line has the names of the columns.
  bool has_header = true;
  /// Columns that are not read.
  std::vector<std::string> unused = {};
};

/// A CSV or TSV file as data for a network. Inputs are float32 (n, width): numbers with mean 0 and
/// standard deviation 1 over the rows for training, missing ones 0; texts one-hot, missing ones as
/// a category of their own. A label of text, or of few whole numbers, is a class: int32 (n,), with
/// class names; any other is a number: float32 (n, 1). The data's preprocessing says all of this,
/// and a model that is fitted to it keeps that in its card.
CORNU_API TableData load_table(const std::string& path, const TableOptions& options = {});

/// A later table as data for a network that was trained with this encoding: all rows whose label is
/// there, as the training part. It is written as the encoding's format says. Error if a column is
/// missing.
CORNU_API TableData load_table(const std::string& path, const TableEncoding& encoding);

/// The inputs of all rows of a later table, which needs no label: float32 (n, width), for a model
/// that was trained on a table, whose card keeps how: `model.predict_classes(
/// datasets::table_inputs("new.csv", model.card().preprocessing))`. What `format` leaves open is as
/// in the table of training. Error for a model that was not, and if a column is missing.
CORNU_API Tensor table_inputs(const std::string& path, const Value::Map& preprocessing,
                              const TableFormat& format = {});

/// A table as data in short: `const auto [train, test] = datasets::table("my.csv", {.label =
/// "price"});`
CORNU_API DatasetParts table(const std::string& path, const TableOptions& options = {});

}  // namespace cornu::inline v0::datasets
