#include "output.h"

namespace cornu::python {
namespace {

nb::object standard_output() {
  return nb::module_::import_("sys").attr("stdout");
}

// Where the encoding lacks a character of the text, as ASCII lacks that of Keras 3's bar, another
// stands in for it.
void write_to(const nb::object& file, const nb::str& text) {
  try {
    file.attr("write")(text);
  } catch (nb::python_error& error) {
    if (!error.matches(PyExc_UnicodeEncodeError)) throw;
    const nb::object encoding = file.attr("encoding");
    const nb::object plain = text.attr("replace")("━", "=").attr("encode")(encoding, "replace");
    file.attr("write")(plain.attr("decode")(encoding));
  }
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
      write_to(file, nb::str(held_.c_str(), held_.size()));
      if (flushes_) file.attr("flush")();
    }
  } catch (nb::python_error& error) {
    // Ctrl-C that came while Python code was writing: the fit's caller raises it at the end.
    if (error.matches(PyExc_KeyboardInterrupt)) PyErr_SetInterrupt();
  }
  held_.clear();
  return 0;
}

PythonView::PythonView(const ViewArguments& arguments)
    : output(std::get<3>(arguments)), style(progress_style_named(std::get<0>(arguments))) {
  const std::chrono::milliseconds interval(std::get<1>(arguments));
  if (interval.count() > 0) live_bar = {.interval = interval, .terminal = std::get<2>(arguments)};
}

}  // namespace cornu::python
