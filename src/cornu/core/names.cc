#include "cornu/core/names.h"

#include <cctype>
#include <cstdint>

namespace cornu::inline v0 {
namespace {

bool is_upper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}
bool is_lower(char c) {
  return std::islower(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

// A word begins at a capital that follows a small letter or digit, and at the last capital of
// several before a small letter.
std::string snake_case(std::string_view class_name) {
  std::string snake;
  for (size_t i = 0; i < class_name.size(); ++i) {
    const char c = class_name[i];
    if (i > 0 && is_upper(c)) {
      const char before = class_name[i - 1];
      const bool ends_run =
          is_upper(before) && i + 1 < class_name.size() && is_lower(class_name[i + 1]);
      if (is_lower(before) || is_digit(before) || ends_run) snake += '_';
    }
    snake += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return snake;
}

std::string with_commas(int64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3 + (number < 0 ? 1U : 0U);) text.insert(at -= 3, ",");
  return text;
}

}  // namespace cornu::inline v0
