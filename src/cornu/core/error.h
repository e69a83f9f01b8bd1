#pragma once

#include <exception>
#include <span>
#include <string>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

enum class ErrorKind {
  invalid,      ///< A wrong argument, option or network.
  not_found,    ///< A file, a data set or a name that does not exist.
  corrupt,      ///< A damaged file.
  io,           ///< The system refused to read or write.
  unsupported,  ///< Known, but not available here.
};

/// The parts of a message; only `where` is required. The text reads
/// `where: what; expected …, got …. Hint: …`.
struct ErrorParts {
  ErrorKind kind = ErrorKind::invalid;
  std::string where = {};
  /// The option that is wrong, by its name in the options struct; not part of the text. It lets a
  /// reader of calls point at the argument.
  std::string field = {};
  std::string what = {};
  std::string expected = {};
  std::string found = {};
  std::string hint = {};
};

/// A mistake that a user can correct. The message names the place, the problem, the expected and
/// the actual value, and a remedy.
class CORNU_API Error : public std::exception {
 public:
  explicit Error(ErrorParts parts);

  const char* what() const noexcept override { return text_.c_str(); }
  ErrorKind kind() const { return parts_.kind; }
  const ErrorParts& parts() const { return parts_; }

 private:
  ErrorParts parts_;
  std::string text_;
};

/// The names, nearest to `name` first, joined by ", ". Capitals, underscores and dashes do not
/// count. Near are names that contain `name` or are contained in it, names whose words it
/// abbreviates (lr: learning_rate), and names that differ in a few letters.
CORNU_API std::string nearest_first(std::string_view name, std::span<const std::string> names);

/// The name that is nearest to `name`, if one letter of three or fewer are wrong; else none.
CORNU_API std::string nearest_name(std::string_view name, std::span<const std::string> names);

/// An error for a name that is not in `names`: `where: unknown what "name"; expected one of …`.
/// `field` is the option that was given this name, if any.
CORNU_API Error unknown_name(std::string_view where, std::string_view what, std::string_view name,
                             std::span<const std::string> names, std::string_view field = {});

/// A name that exists in Keras but not in Cornu, and the nearest part of Cornu.
struct AbsentName {
  std::string_view name, nearest;
};

/// Error when `name` is one of `absent` (same_name): `where: Keras has "name", Cornu has not; …`.
CORNU_API void refuse_absent(std::string_view where, std::string_view name,
                             std::span<const AbsentName> absent);

}  // namespace cornu::inline v0
