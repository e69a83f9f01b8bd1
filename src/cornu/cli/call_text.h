#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/value.h"

namespace cornu::inline v0::cli {

/// Text in Keras's words that cannot be carried out, and the column where that shows.
class CallTextError final : public Error {
 public:
  /// `at` is the byte of `text` that is wrong; `where` names the option, "--net".
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
/// [2, 2], calls, texts: words and paths as they are, any other text in quotes of either kind.
/// Case-sensitive.
class CallText {
 public:
  /// `where` names the option in errors, "--net". Error for more than 20,000 characters.
  CallText(std::string_view text, const std::string& where);

  /// What is there, with commas between. Error where the text is no such list; `expected` says
  /// what each of them is.
  std::vector<Call> calls(const char* expected) const;
  Call only_call(const char* expected) const;
  bool empty() const;

  [[noreturn]] void fail(size_t at, ErrorParts parts) const;

  /// The arguments as an options struct wants them, each under its field's name: at most two are
  /// known by position. Error for one that is no field, and for one given twice.
  Value::Map config_of(const Call& call, const std::vector<std::string>& fields) const;

  /// What `find` has under the call's name; what it throws is told at the call.
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

  /// What `make` gives. What it throws points at the argument of the error's `field`, or at the
  /// call where it names none that was given.
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
