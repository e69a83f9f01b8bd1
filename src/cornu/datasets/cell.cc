#include "cornu/datasets/cell.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace cornu::inline v0::datasets {
namespace {

constexpr std::array<std::string_view, 20> kMissingTexts = {
    "",     "#N/A", "#N/A N/A", "#NA",  "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A",  "NA",       "NULL", "NaN",     "None",     "n/a",  "nan",  "null",   "?"};

bool is_digit(char each) {
  return each >= '0' && each <= '9';
}

// Takes what `text` begins with as digits, at most so many.
std::string_view take_digits(std::string_view& text, size_t most) {
  size_t count = 0;
  while (count < std::min(most, text.size()) && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

int number_of(std::string_view digits) {
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

bool take(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

// Year, month and day, or day, month and year, or month, day and year, with one of - / . between.
bool take_date(std::string_view& text) {
  std::string_view rest = text;
  const std::string_view first = take_digits(rest, 4);
  if (rest.empty() || std::string_view("-/.").find(rest[0]) == std::string_view::npos) return false;
  const char between = rest[0];
  rest.remove_prefix(1);
  const std::string_view second = take_digits(rest, 2);
  if (second.empty() || !take(rest, between)) return false;
  const std::string_view third = take_digits(rest, first.size() == 4 ? 2 : 4);
  const bool is_year_first = first.size() == 4 && !third.empty();
  const bool is_year_last =
      !first.empty() && first.size() <= 2 && (third.size() == 2 || third.size() == 4);
  if (!is_year_first && !is_year_last) return false;
  const int a = number_of(second);
  const int b = number_of(is_year_first ? third : first);
  if (std::min(a, b) < 1 || std::min(a, b) > 12 || std::max(a, b) > 31) return false;
  text = rest;
  return true;
}

// 12:30, 12:30:59.5, with AM or PM or a time zone.
bool take_time(std::string_view& text) {
  std::string_view rest = text;
  if (take_digits(rest, 2).empty() || !take(rest, ':')) return false;
  if (take_digits(rest, 2).size() != 2) return false;
  if (take(rest, ':')) {
    if (take_digits(rest, 2).size() != 2) return false;
    if (take(rest, '.')) take_digits(rest, 9);
  }
  take(rest, ' ');
  for (const std::string_view half : {"AM", "PM", "am", "pm", "Z"}) {
    if (rest == half) rest = {};
  }
  if (take(rest, '+') || take(rest, '-')) {
    take_digits(rest, 2);
    take(rest, ':');
    take_digits(rest, 2);
  }
  if (!rest.empty()) return false;
  text = rest;
  return true;
}

// Whether a number that float64 does not hold is too large, else too small: by the place of its
// first digit that is not 0, counted from the decimal point, and its exponent.
bool is_above_one(std::string_view number) {
  const size_t e = number.find_first_of("eE");
  const std::string_view digits = number.substr(0, e);
  const size_t first = digits.find_first_of("123456789");
  const size_t point = std::min(digits.find('.'), digits.size());
  int64_t exponent = 0;
  if (e != number.npos) {
    std::string_view text = number.substr(e + 1);
    take(text, '+');
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error != std::errc()) return !text.starts_with('-');
  }
  const auto place =
      static_cast<int64_t>(point) - static_cast<int64_t>(std::min(first, digits.size()));
  return exponent + place > 0;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

Cell read_cell(std::string_view text) {
  const std::string_view number =
      text.size() > 1 && text[0] == '+' && text[1] != '-' ? text.substr(1) : text;
  double value = 0;
  const char* const end = number.data() + number.size();
  const auto [after, error] = std::from_chars(number.data(), end, value);
  const bool is_whole = after == end && error != std::errc::invalid_argument;
  if (is_whole && error == std::errc() && std::isfinite(value)) return {CellKind::number, value};
  if (std::ranges::find(kMissingTexts, text) != kMissingTexts.end()) return {CellKind::missing};
  if (!is_whole) return {CellKind::text};
  if (error == std::errc()) return {std::isnan(value) ? CellKind::missing : CellKind::infinite};
  if (is_above_one(number)) return {CellKind::too_large};
  return {CellKind::number, number.starts_with('-') ? -0.0 : 0.0};
}

bool is_date(std::string_view text) {
  if (take_date(text)) {
    if (text.empty()) return true;
    if (!take(text, 'T') && !take(text, ' ')) return false;
  }
  return take_time(text);
}

bool is_number_with_unit(std::string_view text) {
  for (const std::string_view unit : {"$", "€", "£", "¥", "%"}) {
    std::string_view number = text;
    if (number.starts_with(unit)) {
      number.remove_prefix(unit.size());
    } else if (number.ends_with(unit)) {
      number.remove_suffix(unit.size());
    } else {
      continue;
    }
    return read_cell(trimmed(number)).kind == CellKind::number ||
           is_number_with_comma(trimmed(number));
  }
  return false;
}

bool is_number_with_comma(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  bool has_comma = false;
  while (!text.empty() && (is_digit(text[0]) || text[0] == ',' || text[0] == '.')) {
    has_comma = has_comma || text[0] == ',';
    text.remove_prefix(1);
  }
  return has_comma && text.empty();
}

}  // namespace cornu::inline v0::datasets
