#include "cornu/datasets/table_format.h"

#include "cornu/core/error.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::datasets {
namespace {

struct NamedDelimiter {
  std::string_view name;
  char character;
};

// "\t" is a tab in the source of most programs, and in most shells two characters.
constexpr NamedDelimiter kNamedDelimiters[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'},
                                               {"\\t", '\t'},  {"space", ' '},     {"colon", ':'},
                                               {"pipe", '|'}};

// Quotes and ends of lines divide records in another way.
bool may_divide(char character) {
  const auto code = static_cast<unsigned char>(character);
  return character == '\t' || (code >= 0x20 && code < 0x7f && character != '"');
}

}  // namespace

char delimiter_from_text(std::string_view text) {
  for (const NamedDelimiter& each : kNamedDelimiters) {
    if (each.name == text) return each.character;
  }
  if (text.size() == 1 && may_divide(text[0])) return text[0];
  throw Error({.where = "delimiter",
               .expected = "one character of ASCII but the quote, or comma, semicolon, tab, space, "
                           "colon, pipe",
               .found = formats::shown(text)});
}

}  // namespace cornu::inline v0::datasets
