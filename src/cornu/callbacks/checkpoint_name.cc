#include "cornu/callbacks/checkpoint_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

constexpr std::string_view kAligns = "<>=^";
constexpr std::string_view kOfWholeNumbers = "dxXob";
constexpr std::string_view kOfFloats = "eEfFgG%";
constexpr int kMostDigits = 300;  // of a width or a precision; a file's name is no longer

bool is_whole(std::string_view name) {
  return name == "epoch" || name == "batch";
}

bool is_among(char c, std::string_view characters) {
  return characters.find(c) != std::string_view::npos;
}

Error bad_pattern(std::string what, std::string expected, std::string found) {
  return Error({.where = "filepath",
                .field = "filepath",
                .what = std::move(what),
                .expected = std::move(expected),
                .found = std::move(found)});
}

char take(std::string_view& text) {
  const char c = text[0];
  text.remove_prefix(1);
  return c;
}

// Python writes a number without a type so that it can be told from a whole one: with a decimal, or
// with an exponent where the digits that may be shown end at the point.
std::string told_from_whole(const std::string& digits, std::optional<int> precision) {
  if (!precision || digits.size() < static_cast<size_t>(*precision)) return digits + ".0";
  const std::string exponent = fmt::format("e+{:02d}", digits.size() - 1);
  const std::string mantissa =
      digits.substr(0, std::max<size_t>(1, digits.find_last_not_of('0') + 1));
  const std::string decimals = mantissa.substr(1);
  return mantissa.substr(0, 1) + (decimals.empty() ? "" : "." + decimals) + exponent;
}

std::optional<int> take_count(std::string_view& text) {
  std::optional<int> count;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1)) {
    count = std::min(count.value_or(0) * 10 + (text[0] - '0'), kMostDigits + 1);
  }
  return count;
}

}  // namespace

CheckpointName::CheckpointName(std::string_view pattern) {
  parts_.emplace_back();
  for (std::string_view rest = pattern; !rest.empty();) {
    const bool is_brace = rest.starts_with("{{") || rest.starts_with("}}");
    if (is_brace || !is_among(rest[0], "{}")) {
      parts_.back().text += rest[0];
      rest.remove_prefix(is_brace ? 2 : 1);
      continue;
    }
    const size_t end = rest.find('}');
    if (rest[0] == '}' || end == std::string_view::npos) {
      throw bad_pattern(std::string("has a single ") + rest[0],
                        "a number in braces, {epoch:02d}; {{ and }} for braces",
                        std::string(pattern));
    }
    const std::string_view number = rest.substr(1, end - 1);
    const size_t colon = std::min(number.find(':'), number.size());
    Part& part = parts_.back();
    part.name = number.substr(0, colon);
    if (part.name.empty() || part.name.find_first_of("!{") != std::string::npos) {
      throw bad_pattern("", "the name of a number, as in {epoch:02d}",
                        "{" + std::string(number) + "}");
    }
    part.format = read_format(number.substr(std::min(colon + 1, number.size())), part.name);
    parts_.emplace_back();
    rest.remove_prefix(end + 1);
  }
}

// [[fill]align][sign][#][0][width][.precision][type]
CheckpointName::Format CheckpointName::read_format(std::string_view text, const std::string& name) {
  Format format;
  std::string_view rest = text;
  const bool has_fill = rest.size() >= 2 && is_among(rest[1], kAligns);
  if (has_fill) format.fill = take(rest);
  const bool has_align = !rest.empty() && is_among(rest[0], kAligns);
  if (has_align) format.align = take(rest);
  if (!rest.empty() && is_among(rest[0], "+- ")) format.sign = take(rest);
  format.is_alternate = rest.starts_with('#');
  if (format.is_alternate) take(rest);
  if (rest.starts_with('0')) {
    if (!has_fill) format.fill = '0';
    if (!has_align) format.align = '=';
  }
  format.width = take_count(rest).value_or(0);
  bool is_good = format.width <= kMostDigits;
  if (rest.starts_with('.')) {
    take(rest);
    format.precision = take_count(rest);
    is_good = is_good && format.precision && *format.precision <= kMostDigits;
  }
  if (!rest.empty()) format.type = take(rest);
  const bool whole = is_whole(name);
  const bool as_float = is_among(format.type, kOfFloats);
  const bool fits =
      format.type == 0 || as_float || (whole && is_among(format.type, kOfWholeNumbers));
  if (whole && !as_float && format.precision) is_good = false;
  if (is_good && fits && rest.empty()) return format;
  throw bad_pattern("",
                    whole ? "a format of a whole number, as in {epoch:02d}"
                          : "a format of a number, as in {val_loss:.2f}",
                    "{" + name + ":" + std::string(text) + "}");
}

std::vector<std::string> CheckpointName::names() const {
  std::vector<std::string> names;
  for (const Part& each : parts_) {
    if (!each.name.empty()) names.push_back(each.name);
  }
  return names;
}

std::string CheckpointName::sign_of(const Format& format, bool is_negative) {
  if (is_negative) return "-";
  return format.sign == '-' ? "" : std::string(1, format.sign);
}

std::string CheckpointName::padded(const Format& format, const std::string& prefix,
                                   const std::string& digits) {
  const size_t size = prefix.size() + digits.size();
  const auto width = static_cast<size_t>(format.width);
  const size_t room = width > size ? width - size : 0;
  const auto fill = [&](size_t count) { return std::string(count, format.fill); };
  switch (format.align) {
    case '<':
      return prefix + digits + fill(room);
    case '=':
      return prefix + fill(room) + digits;
    case '^':
      return fill(room / 2) + prefix + digits + fill(room - room / 2);
    default:
      return fill(room) + prefix + digits;
  }
}

std::string CheckpointName::written(const Format& format, int64_t number) {
  if (is_among(format.type, kOfFloats)) return written(format, static_cast<double>(number));
  const char type = format.type == 0 ? 'd' : format.type;
  const std::string digits =
      fmt::format(fmt::runtime(std::string("{:") + type + "}"), std::abs(number));
  std::string prefix = sign_of(format, number < 0);
  if (format.is_alternate && type != 'd') prefix += std::string("0") + type;
  return padded(format, prefix, digits);
}

std::string CheckpointName::written(const Format& format, double number) {
  const bool is_negative = std::signbit(number) && !std::isnan(number);
  double magnitude = std::abs(number);
  char type = format.type;
  std::string unit;
  if (type == '%') {
    magnitude *= 100;
    type = 'f';
    unit = "%";
  }
  std::string how = std::string("{:") + (format.is_alternate ? "#" : "");
  if (format.precision) how += "." + std::to_string(*format.precision);
  if (type != 0) how += type;
  std::string digits = fmt::format(fmt::runtime(how + "}"), magnitude);
  if (type == 0 && digits.find_first_of(".en") == std::string::npos) {
    digits = told_from_whole(digits, format.precision);
  }
  return padded(format, sign_of(format, is_negative), digits + unit);
}

std::string CheckpointName::at(int64_t epoch, std::optional<int64_t> step, const Logs& logs) const {
  std::string name;
  for (const Part& each : parts_) {
    name += each.text;
    if (each.name.empty()) continue;
    const double* const log = logs.find(each.name);
    if (each.name == "epoch") {
      name += written(each.format, epoch);
    } else if (each.name == "batch" && step) {
      name += written(each.format, *step);
    } else if (log != nullptr) {
      name += written(each.format, *log);
    } else {
      std::vector<std::string> known = {"epoch"};
      if (step) known.emplace_back("batch");
      for (const auto& [log_name, value] : logs) known.push_back(log_name);
      throw unknown_name("ModelCheckpoint: filepath", "number", each.name, known, "filepath");
    }
  }
  return name;
}

}  // namespace cornu::inline v0
