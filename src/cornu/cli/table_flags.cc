#include "cornu/cli/table_flags.h"

#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

char delimiter_of(const std::string& text) {
  try {
    return datasets::delimiter_from_text(text);
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    parts.where = "--delimiter";
    throw Error(std::move(parts));
  }
}

}  // namespace

datasets::TableFormat table_format_of(const TableFlags& flags) {
  datasets::TableFormat format;
  if (flags.delimiter) format.delimiter = delimiter_of(*flags.delimiter);
  if (!flags.header) return format;
  if (flags.header != "yes" && flags.header != "no") {
    throw Error({.where = "--header",
                 .expected = "yes, if the first line has the names of the columns, or no",
                 .found = formats::shown(*flags.header)});
  }
  format.has_header = flags.header == "yes";
  return format;
}

std::string given_of(const TableFlags& flags) {
  if (flags.delimiter) return "--delimiter";
  return flags.header ? "--header" : "";
}

Error only_for_tables(const std::string& option, const std::string& found) {
  return Error({.where = option,
                .what = "is for tables alone",
                .expected = "a CSV or TSV file",
                .found = found});
}

}  // namespace cornu::inline v0::cli
