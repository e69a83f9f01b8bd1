#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cornu/report/terminal_image.h"

namespace cornu::inline v0::cli {

struct TextTable {
  struct Column {
    std::string title = {};
    bool is_right = false;  ///< numbers, whose ends are below each other
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

/// A table in lines no wider than the terminal. Texts that are too wide are cut; columns for which
/// there is no room are left out, and named in a last line.
std::string table_text(const TextTable& table, const TerminalOptions& terminal);

/// A text from a file in at most `width` columns of the terminal.
std::string cell_text(const std::string& text, size_t width, const TerminalOptions& terminal);

}  // namespace cornu::inline v0::cli
