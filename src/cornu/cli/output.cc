#include "cornu/cli/output.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/formats/json.h"

namespace cornu::inline v0::cli {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool reads_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale = variable(name);
    if (locale.empty()) continue;
    std::transform(locale.begin(), locale.end(), locale.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

int64_t terminal_width(int stream) {
  winsize size{};
  if (::ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const std::string columns = variable("COLUMNS");
  int64_t width = 0;
  std::from_chars(columns.data(), columns.data() + columns.size(), width);
  return width > 0 && width <= 10'000 ? width : 80;
}

// A terminal that was closed answers EIO, as a broken disk does.
bool is_device(int file) {
  struct stat status {};
  return ::fstat(file, &status) == 0 && S_ISCHR(status.st_mode);
}

}  // namespace

void complain(const std::string& message) {
  // An error in the command line already begins with it.
  std::cerr << (message.starts_with("cornu: ") ? "" : "cornu: ") << message << std::endl;
}

void print(std::string_view text) {
  static bool closed = false;
  while (!text.empty() && !closed) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EPIPE || (errno == EIO && is_device(STDOUT_FILENO))) {
      closed = true;
    } else if (errno != EINTR) {
      const int reason = errno;
      throw Error({.kind = ErrorKind::io,
                   .where = "standard output",
                   .what = std::string("cannot write: ") + std::strerror(reason)});
    }
  }
}

void print_json(const Value& document) {
  print(formats::write_json(document, 2) + "\n");
}

TerminalOptions terminal_options(int stream) {
  const bool is_terminal = ::isatty(stream) == 1;
  const bool color = is_terminal && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
  return {.unicode = reads_utf8(), .color = color, .columns = 5, .width = terminal_width(stream)};
}

std::string shell_quoted(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:,@%+=").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return std::string(text);
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string percent(double fraction) {
  return fmt::format("{:.2f} %", 100 * fraction);
}

std::string counted(int64_t count, std::string_view word, std::string_view ending) {
  return fmt::format("{} {}{}", with_commas(count), word, count == 1 ? "" : ending);
}

std::string seconds_text(double seconds) {
  return fmt::format("{:.{}f} s", seconds, seconds < 1 ? 3 : 1);
}

}  // namespace cornu::inline v0::cli
