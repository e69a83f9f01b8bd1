#pragma once

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace cornu::inline v0 {

/// A terminal of `columns` columns in place of standard error, as long as this lives.
class TerminalForStderr {
 public:
  explicit TerminalForStderr(unsigned short columns) {
    std::cerr.flush();
    terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal_ < 0 || ::grantpt(terminal_) != 0 || ::unlockpt(terminal_) != 0) return;
    char name[64];
    if (::ptsname_r(terminal_, name, sizeof name) != 0) return;
    const int line = ::open(name, O_RDWR | O_NOCTTY);
    if (line < 0) return;
    termios settings{};
    ::tcgetattr(line, &settings);
    ::cfmakeraw(&settings);  // bytes arrive as they are written
    ::tcsetattr(line, TCSANOW, &settings);
    winsize size{};
    size.ws_row = 24;
    size.ws_col = columns;
    ::ioctl(line, TIOCSWINSZ, &size);
    before_ = ::dup(STDERR_FILENO);
    ::dup2(line, STDERR_FILENO);
    ::close(line);
    ::fcntl(terminal_, F_SETFL, O_NONBLOCK);
  }
  ~TerminalForStderr() {
    if (before_ >= 0) {
      ::dup2(before_, STDERR_FILENO);
      ::close(before_);
    }
    if (terminal_ >= 0) ::close(terminal_);
  }
  TerminalForStderr(const TerminalForStderr&) = delete;
  TerminalForStderr& operator=(const TerminalForStderr&) = delete;

  bool open() const { return before_ >= 0; }

  /// The output since the last call, at most some thousand bytes.
  std::string text() const {
    std::string all;
    char part[512];
    for (;;) {
      const ssize_t count = ::read(terminal_, part, sizeof part);
      if (count <= 0) return all;
      all.append(part, static_cast<size_t>(count));
    }
  }

 private:
  int terminal_ = -1, before_ = -1;
};

}  // namespace cornu::inline v0
