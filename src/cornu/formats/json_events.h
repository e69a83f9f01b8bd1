#pragma once

#include <string>
#include <string_view>

#include "cornu/core/value.h"

namespace cornu::inline v0::formats {

/// The parts of a JSON text as calls, in order. A reader that must save memory takes these instead
/// of a Value, and may throw at any of them.
class JsonEvents {
 public:
  virtual ~JsonEvents() = default;
  virtual void begin_map() = 0;
  virtual void end_map() = 0;
  virtual void begin_list() = 0;
  virtual void end_list() = 0;
  virtual void key(std::string& name) = 0;
  /// Null, a bool, an int64, a double or a string; strings are valid UTF-8.
  virtual void scalar(Value&& value) = 0;
};

/// Walks a JSON text with every check of `read_json`, except its limit on the text's size.
void walk_json(std::string_view text, const std::string& where, JsonEvents& events);

}  // namespace cornu::inline v0::formats
