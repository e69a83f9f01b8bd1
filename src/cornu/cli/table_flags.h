#pragma once

#include <optional>
#include <string>

#include "cornu/core/error.h"
#include "cornu/datasets/table_format.h"

namespace cornu::inline v0::cli {

/// The command's options for how a table is written, as they were given.
struct TableFlags {
  std::optional<std::string> delimiter = {};  ///< a character or its name
  std::optional<std::string> header = {};     ///< yes or no
};

/// What was not given is told by the file. Error for a text that is none of those.
datasets::TableFormat table_format_of(const TableFlags& flags);

/// The name of the first that was given; empty: none was.
std::string given_of(const TableFlags& flags);

/// The error for an option that only tables have.
Error only_for_tables(const std::string& option, const std::string& found);

}  // namespace cornu::inline v0::cli
