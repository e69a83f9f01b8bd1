#pragma once

#include <string>
#include <utility>

#include "cornu/cli/call_text.h"

namespace cornu::inline v0::cli {

/// An error in the command line, found before any file was opened: the command returns 2.
struct UsageError {
  std::string message;
};

/// The value of `make()`; an Error from it becomes a UsageError.
template <class Make>
decltype(auto) on_command_line(Make make) {
  try {
    return make();
  } catch (const CallTextError& error) {
    const std::string& caret = error.caret();
    throw UsageError{error.what() + (caret.empty() ? "" : "\n" + caret)};
  } catch (const Error& error) {
    throw UsageError{error.what()};
  }
}

}  // namespace cornu::inline v0::cli
