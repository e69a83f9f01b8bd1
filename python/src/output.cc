#include "output.h"

#include <unistd.h>

namespace cornu::python {
namespace {

nb::object standard_output() {
  return nb::module_::import_("sys").attr("stdout");
}

}  // namespace

int PythonOutput::overflow(int c) {
  if (c != std::streambuf::traits_type::eof()) held_ += static_cast<char>(c);
  return std::streambuf::traits_type::not_eof(c);
}

std::streamsize PythonOutput::xsputn(const char* text, std::streamsize count) {
  held_.append(text, static_cast<size_t>(count));
  return count;
}

// Progress that cannot be shown does not end a fit.
int PythonOutput::sync() {
  const nb::gil_scoped_acquire gil;
  try {
    const nb::object file = standard_output();
    if (!file.is_none()) {
      file.attr("write")(nb::str(held_.c_str(), held_.size()));
      file.attr("flush")();
    }
  } catch (nb::python_error& error) {
    // Ctrl-C that came while Python code was writing: the fit's caller raises it at the end.
    if (error.matches(PyExc_KeyboardInterrupt)) PyErr_SetInterrupt();
  }
  held_.clear();
  return 0;
}

bool is_on_terminal() {
  if (isatty(STDOUT_FILENO) != 1 || isatty(STDERR_FILENO) != 1) return false;
  try {
    const nb::object file = standard_output();
    if (file.is_none() || !nb::cast<bool>(file.attr("isatty")())) return false;
    file.attr("flush")();
    return true;
  } catch (nb::python_error&) {
    return false;
  }
}

}  // namespace cornu::python
