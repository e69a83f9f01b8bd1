#pragma once

#include <functional>
#include <string_view>

#include "cornu/core/export.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// Makes a part from its configuration in a file.
template <class Part>
using MakePart = std::function<Part(const Value::Map& config)>;

/// User-defined parts, found by their kind ("activation") and name.
class CORNU_API UserParts {
 public:
  virtual ~UserParts() = default;
  /// The MakePart of that part, or null.
  virtual const void* find(std::string_view what, std::string_view name) const = 0;

  /// While it lives, find_user_part finds these parts on this thread.
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

/// The MakePart of that user-defined part on this thread, or null.
template <class Part>
const MakePart<Part>* find_user_part(std::string_view what, std::string_view name) {
  return static_cast<const MakePart<Part>*>(find_user_part(what, name));
}

}  // namespace cornu::inline v0
