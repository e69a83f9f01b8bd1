#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cornu/datasets/columns.h"

namespace cornu::inline v0::datasets {

/// The first records of a table, equally long.
using HeadRecords = std::vector<std::vector<std::string>>;

/// Whether the first record has the names of the columns: if it has no number and a column below
/// has numbers alone; or if no column has, and no text of the first record occurs below it.
bool told_header(const HeadRecords& head);

/// Text if a cell of the first rows is a text. If none is, a later one may be.
ColumnKind told_kind(const HeadRecords& head, bool has_header, size_t field);

/// The names of the columns: those of the first record, and column_1, column_2, … where one is
/// empty, or all without a header. Error, which names the file, when a name occurs twice.
std::vector<std::string> column_names(const HeadRecords& head, bool has_header,
                                      const std::string& where);

}  // namespace cornu::inline v0::datasets
