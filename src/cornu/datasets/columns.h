#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/datasets/numbers.h"

namespace cornu::inline v0::datasets {

enum class ColumnKind : uint8_t {
  number,
  text,  ///< a category in each row
};

/// The most different texts that a column keeps: one with more has no categories.
inline constexpr size_t kMostTexts = 1'000;

/// A column of a table.
struct Column {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  /// Of numbers; NaN where one is missing.
  Numbers numbers = {};
  /// Of text: the number of each row's text, -1 where it is missing.
  std::vector<int32_t> codes = {};
  /// The different texts, in the order in which they first occur.
  std::vector<std::string> texts = {};
  /// Whether there are more than kMostTexts; then the codes of the others are -1 too.
  bool has_more_texts = false;

  int64_t size() const {
    return static_cast<int64_t>(kind == ColumnKind::number ? numbers.size() : codes.size());
  }
};

/// Named columns of equal length.
struct Table {
  std::string where;  ///< its file, in messages
  std::vector<Column> columns;

  int64_t rows() const { return columns.empty() ? 0 : columns[0].size(); }
  std::vector<std::string> names() const;
  /// The column of that name, or nullptr.
  const Column* find(std::string_view name) const;
  /// The same. Error that lists the nearest names if there is none.
  const Column& at(std::string_view name) const;
};

}  // namespace cornu::inline v0::datasets
