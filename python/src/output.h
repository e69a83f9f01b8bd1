#pragma once

#include <ostream>
#include <streambuf>
#include <string>

#include "bindings.h"

namespace cornu::python {

/// A stream that writes to Python's sys.stdout, wherever that leads: a notebook's cell, a file, a
/// test. It may be used without the GIL.
class PythonOutput : private std::streambuf, public std::ostream {
 public:
  PythonOutput() : std::ostream(static_cast<std::streambuf*>(this)) {}

 private:
  int overflow(int c) override;
  std::streamsize xsputn(const char* text, std::streamsize count) override;
  int sync() override;

  std::string held_;
};

/// Whether sys.stdout and standard error are both the terminal.
bool is_on_terminal();

}  // namespace cornu::python
