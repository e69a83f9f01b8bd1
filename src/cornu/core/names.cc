#include "cornu/core/names.h"

#include <cstdint>

namespace cornu::inline v0 {
namespace {

// Names are ASCII. The C library's functions follow the locale: in a Turkish one, the small letter
// of I is not i.
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

// A word begins at a capital that follows a small letter or comes before one.
std::string snake_case(std::string_view class_name) {
  std::string snake;
  for (size_t i = 0; i < class_name.size(); ++i) {
    const char c = class_name[i];
    const bool before_small = i + 1 < class_name.size() && is_lower(class_name[i + 1]);
    if (i > 0 && is_upper(c) && (is_lower(class_name[i - 1]) || before_small)) snake += '_';
    snake += to_lower(c);
  }
  return snake;
}

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '_') plain += to_lower(c);
  }
  return plain;
}

bool same_name(std::string_view a, std::string_view b) {
  return plain_name(a) == plain_name(b);
}

std::string with_commas(int64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3 + (number < 0 ? 1U : 0U);) text.insert(at -= 3, ",");
  return text;
}

}  // namespace cornu::inline v0
