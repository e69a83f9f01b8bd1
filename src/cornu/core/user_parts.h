#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// Makes a part from its configuration in a file.
template <class Part>
using MakePart = std::function<Part(const Value::Map& config)>;

/// How a user-defined part is made when a file is loaded: the part itself, or a function of the
/// configuration that its config() gave. A part may be given as a shared pointer to its
/// description.
template <class Part>
class CustomObject {
 public:
  template <class Make>
  requires std::is_constructible_v<Part, std::invoke_result_t<Make, const Value::Map&>>
  CustomObject(Make given)  // NOLINT: converts on purpose
      : make_(
            [given = std::move(given)](const Value::Map& config) { return Part(given(config)); }) {}
  template <class Given>
  requires(!std::is_invocable_v<Given, const Value::Map&> && std::is_constructible_v<Part, Given>)
      CustomObject(Given part)  // NOLINT: converts on purpose
      : make_([part = Part(std::move(part))](const Value::Map&) { return part; }) {}

  const MakePart<Part>& make() const { return make_; }

 private:
  MakePart<Part> make_;
};

/// User-defined parts, found by their kind ("activation") and name.
class CORNU_API UserParts {
 public:
  virtual ~UserParts() = default;
  /// The MakePart of that part, or null.
  virtual const void* find(std::string_view kind, std::string_view name) const = 0;

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

/// A part that the program has registered, until it ends.
class CORNU_API RegisteredPart {
 public:
  virtual ~RegisteredPart() = default;
  /// Its MakePart.
  virtual const void* make() const = 0;

  std::string name = {};
  std::vector<std::string> fields = {};  ///< of its options
};

/// Adds one. Error unless its name is an identifier that no other of the kind has (same_name).
CORNU_API void add_registered_part(std::string_view kind,
                                   std::unique_ptr<const RegisteredPart> part);
/// The part that is registered by that name (same_name), or null.
CORNU_API const RegisteredPart* find_registered_part(std::string_view kind, std::string_view name);
CORNU_API std::vector<std::string> registered_names(std::string_view kind);

/// The MakePart of that user-defined part, or null: of the UserParts of this thread, else of those
/// that are registered.
CORNU_API const void* find_user_part(std::string_view kind, std::string_view name);
template <class Part>
const MakePart<Part>* find_user_part(std::string_view kind, std::string_view name) {
  return static_cast<const MakePart<Part>*>(find_user_part(kind, name));
}

}  // namespace cornu::inline v0
