#pragma once

#include <optional>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0::datasets {

/// How a table is written, where its content is not to tell.
struct TableFormat {
  char delimiter = 0;                   ///< 0: told by the content
  std::optional<bool> has_header = {};  ///< none: told by the content

  /// What this one leaves to the content is as the other says.
  TableFormat or_else(const TableFormat& other) const {
    return {.delimiter = delimiter == 0 ? other.delimiter : delimiter,
            .has_header = has_header ? has_header : other.has_header};
  }
  friend bool operator==(const TableFormat&, const TableFormat&) = default;
};

/// The delimiter that a text says: one character, or comma, semicolon, tab, space, colon, pipe.
/// Error for other texts, and for what no delimiter can be, such as a quote.
CORNU_API char delimiter_from_text(std::string_view text);

}  // namespace cornu::inline v0::datasets
