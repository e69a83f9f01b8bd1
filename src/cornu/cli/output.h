#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cornu/core/value.h"
#include "cornu/report/terminal_image.h"

namespace cornu::inline v0::cli {

/// Writes to standard output, whole. A reader or a terminal that has gone away is not an error: the
/// rest is dropped. Error when the system cannot write, as on a full disk.
void print(std::string_view text);

/// Writes an error on standard error, behind the command's name.
void complain(const std::string& message);

/// Writes a document of JSON and the end of its line.
void print_json(const Value& document);

/// The abilities of the terminal at standard output, or another stream: its width, UTF-8 as the
/// locale says, and colour unless NO_COLOR is set. 80 columns without colour if it is not a
/// terminal.
TerminalOptions terminal_options(int stream = 1);

/// `text` as one word of a shell's command line.
std::string shell_quoted(std::string_view text);

/// 0.9723 -> "97.23 %".
std::string percent(double fraction);

/// "1 class", "2,000 samples".
std::string counted(int64_t count, std::string_view word, std::string_view ending = "s");

/// 1.84 -> "1.8 s".
std::string seconds_text(double seconds);

}  // namespace cornu::inline v0::cli
