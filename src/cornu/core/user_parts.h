#pragma once

#include <functional>
#include <string_view>

#include "cornu/core/export.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// What makes a part from the configuration that a file holds of it.
template <class Part>
using MakePart = std::function<Part(const Value::Map& config)>;

/// Parts that a user defines, as the tables of the rooms ask for them: by what they are
/// ("activation") and their names.
class CORNU_API UserParts {
 public:
  virtual ~UserParts() = default;
  /// The MakePart of such a part, or null.
  virtual const void* find(std::string_view what, std::string_view name) const = 0;

  /// While it lives, this thread finds these parts.
  class CORNU_API Scope {
   public:
    explicit Scope(const UserParts& parts);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    const UserParts* const before_;
  };
};

CORNU_API const void* find_user_part(std::string_view what, std::string_view name);

/// What makes the user's part of that name on this thread, or null.
template <class Part>
const MakePart<Part>* find_user_part(std::string_view what, std::string_view name) {
  return static_cast<const MakePart<Part>*>(find_user_part(what, name));
}

}  // namespace cornu::inline v0
