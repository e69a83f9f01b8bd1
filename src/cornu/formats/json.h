#pragma once

#include <string>
#include <string_view>

#include "cornu/core/value.h"

namespace cornu::inline v0::formats {

/// A JSON document as a Value. Error with line and column for text that is not JSON, for
/// duplicate keys, nesting past 64 and numbers outside their type; `where` names the file.
CORNU_API Value read_json(std::string_view text, const std::string& where);

/// JSON text: one line, or indented by `indent` spaces. A double is written so that it reads
/// back the same; one that is not finite becomes null.
CORNU_API std::string write_json(const Value& value, int indent = -1);

}  // namespace cornu::inline v0::formats
