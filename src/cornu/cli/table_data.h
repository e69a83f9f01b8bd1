#pragma once

#include <string>

#include "cornu/cli/data.h"
#include "cornu/datasets/table.h"

namespace cornu::inline v0::cli {

/// Whether a path is a file that is to be read as a table: any that is no folder and none of
/// NumPy's.
bool is_table(const std::string& path);

/// The samples of a table. Of a model that was trained on a table, `options` has the encoding; else
/// one is learned.
Data of_table(const std::string& path, const DataOptions& options);

/// How a model reads a table, by its card and by what was given. Error, which names the table, if
/// it was trained on none.
datasets::TableEncoding encoding_of(const Value::Map& preprocessing, const std::string& path,
                                    const TableFlags& flags);

/// The rows with texts that no row for training had, one line per column.
std::string unknown_note(const std::vector<datasets::UnknownTexts>& unknown);

/// What is to be told of a table, in sentences, one per line.
std::string table_notes(const datasets::TableData& data);

}  // namespace cornu::inline v0::cli
