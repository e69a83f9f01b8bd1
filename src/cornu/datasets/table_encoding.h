#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"
#include "cornu/core/value.h"
#include "cornu/datasets/columns.h"
#include "cornu/datasets/table_reader.h"

namespace cornu::inline v0::datasets {

/// How a network sees a column.
struct EncodedColumn {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  /// Of numbers, over the rows for training: (x - mean) / scale, 0 where it is missing. The scale
  /// is the standard deviation, 1 if the column is constant.
  double mean = 0, scale = 1;
  /// Of text, sorted: as many inputs, 1 for the row's text. An empty one stands for missing cells.
  std::vector<std::string> categories = {};

  int64_t width() const {
    return kind == ColumnKind::number ? 1 : static_cast<int64_t>(categories.size());
  }
  friend bool operator==(const EncodedColumn&, const EncodedColumn&) = default;
};

/// What a network predicts: a class, or a number.
struct EncodedLabel {
  std::string name;
  /// The kind of the column; a class may be named by a number.
  ColumnKind kind = ColumnKind::number;
  /// Sorted, texts by their bytes, numbers by their size; none: a number is predicted.
  std::vector<std::string> classes = {};
  /// Of a number, over the rows for training.
  double mean = 0, scale = 1;

  bool has_classes() const { return !classes.empty(); }
  friend bool operator==(const EncodedLabel&, const EncodedLabel&) = default;
};

/// Texts that no row for training had, so all inputs of their columns are 0.
struct UnknownTexts {
  std::string column, example;
  int64_t rows = 0;
};

/// The rows of a table as a network sees them.
struct EncodedRows {
  Tensor x;  ///< float32 (rows, width)
  std::vector<UnknownTexts> unknown = {};
};

/// How a table becomes numbers, learned of its rows for training. A model's card keeps it, so that
/// later tables are read in the same way.
struct CORNU_API TableEncoding {
  std::vector<EncodedColumn> columns;
  EncodedLabel label;
  /// As it was given for the table of training: the content of a later one tells no better.
  TableFormat format = {};

  /// Learns it of these rows. Error for columns of dates, of numbers with commas, and of so many
  /// different texts that they are no categories: more than half of the rows and more than 50, or
  /// more than 1,000. It says how to leave them out.
  static TableEncoding learned(const Table& table, EncodedLabel label,
                               std::span<const uint64_t> rows);

  /// The number of inputs.
  int64_t width() const;
  /// The columns of a later table to be read, by their names, and with the label if it has that.
  /// Error that lists those which are missing.
  std::vector<ColumnChoice> choices(const std::vector<std::string>& names,
                                    const std::string& where) const;
  /// These rows as the network sees them.
  EncodedRows encode(const Table& table, std::span<const uint64_t> rows) const;
  /// The labels of these rows: classes int32 (rows,), or numbers float32 (rows, 1). Error for one
  /// that is missing or of no class that was learned.
  Tensor labels(const Table& table, std::span<const uint64_t> rows) const;

  Value::Map to_value() const;
  /// Error for what to_value() never makes.
  static TableEncoding from_value(const Value& value);

  friend bool operator==(const TableEncoding&, const TableEncoding&) = default;
};

/// The label of a table: the column of that name, or `label`, or the last one. Texts are classes,
/// and so are whole numbers of few different values: at most 20, and each twice in the mean. Error
/// when there is no such column, and when all rows have one label.
CORNU_API EncodedLabel label_of(const Table& table, const std::string& name);

/// The number of each row's class, 0 for all rows if a number is predicted; -1 where the label is
/// missing. Error for one that is none of the classes.
CORNU_API std::vector<int64_t> classes_of(const Table& table, const EncodedLabel& label);

}  // namespace cornu::inline v0::datasets
