#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/value.h"
#include "cornu/training/callback.h"

namespace cornu::inline v0::listing {

/// A callback that the command can make: one without a user-defined function.
struct CallbackEntry {
  std::string_view name;
  /// Its options with their defaults, in order.
  Value::Map (*defaults)();
  SharedCallback (*make)(const Value::Map& config);
  /// The option without which there is no such callback; empty if there is none.
  std::string_view required = {};

  CORNU_API std::vector<std::string> fields() const;
};
CORNU_API std::span<const CallbackEntry> callback_table();

/// The entry of a callback by Keras's name (same_name). Error with the known names for an unknown
/// one, and with the nearest of them for one that only Keras has.
CORNU_API const CallbackEntry& callback_entry(std::string_view name);

}  // namespace cornu::inline v0::listing
