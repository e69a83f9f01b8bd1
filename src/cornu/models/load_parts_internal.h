#pragma once

#include <string_view>

#include "cornu/core/user_parts.h"
#include "cornu/models/compile_options.h"
#include "cornu/models/custom_objects.h"

namespace cornu::inline v0 {

/// The user-defined parts of a file that is being loaded, as the rooms of parts ask for them.
class LoadedParts final : public UserParts {
 public:
  explicit LoadedParts(const CustomObjects& objects) : objects_(objects) {}
  const void* find(std::string_view what, std::string_view name) const override;

 private:
  const CustomObjects& objects_;
};

/// What compile() was given. Error, which says how to load the model without, when it cannot be
/// made.
CompileOptions compile_from_config(const Value& config);

}  // namespace cornu::inline v0
