#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/value.h"

namespace cornu::inline v0::cli {

/// An error in text in Keras's words, with its column.
class CallTextError final : public Error {
 public:
  /// `at` is the position in `text` of the first wrong byte; `where` names the option, "--net".
  CallTextError(std::string_view text, size_t at, const std::string& where, ErrorParts parts);

  /// The line of text with a caret under the column, for a terminal: two lines, none
  /// for an empty text.
  const std::string& caret() const { return caret_; }

 private:
  std::string caret_;
};

struct Argument {
  std::string key;  ///< empty: by position
  size_t key_at = 0, value_at = 0;
  Value value;
};

struct Call {
  std::string name;
  size_t at = 0;
  std::vector<Argument> arguments;
};

/// Calls as text: "flatten, dense(64, activation=relu)". name(args), arguments by position and
/// key=value, numbers, true, false, none (also as Python writes them), tuples (2, 2) and lists
/// [2, 2], calls, texts: words and paths as they are, any other text in quotes of either kind. A
/// name is as Keras has it, "keras.layers.LeakyReLU", or in small letters, "leaky_re_lu".
class CallText {
 public:
  /// `where` names the option in errors, "--net". Error for more than 20,000 characters.
  CallText(std::string_view text, const std::string& where);

  /// The values of a list with commas between. Error if the text is not such a list; `expected`
  /// describes its values.
  std::vector<Call> calls(const char* expected) const;
  Call only_call(const char* expected) const;
  bool empty() const;

  [[noreturn]] void fail(size_t at, ErrorParts parts) const;

  /// The arguments by field of an options struct: at most two may be given by position. Error for
  /// an unknown field, and for one given twice.
  Value::Map config_of(const Call& call, const std::vector<std::string>& fields) const;

  /// The result of `find` for the call's name; an Error from it points at the call.
  template <class Find>
  decltype(auto) entry_of(const Call& call, const Find& find) const {
    try {
      return find(call.name);
    } catch (const Error& error) {
      ErrorParts parts = error.parts();
      parts.where.clear();
      fail(call.at, std::move(parts));
    }
  }

  /// The result of `make`. An Error from it points at the argument of the error's `field`, or at
  /// the call if no such argument was given.
  template <class Make>
  auto made_at(const Call& call, const Value::Map& config, const Make& make) const {
    try {
      return make();
    } catch (const Error& error) {
      fail(column_of(call, config, error), error.parts());
    }
  }

 private:
  static size_t column_of(const Call& call, const Value::Map& config, const Error& error);

  std::string_view text_;
  const std::string& where_;
};

}  // namespace cornu::inline v0::cli
