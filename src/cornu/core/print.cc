#include "cornu/core/print.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <ostream>
#include <string_view>
#include <vector>

namespace cornu::inline v0 {
namespace {

// A finite value as digits: -d.ddd × 10^exponent, without trailing zeros.
struct Decimal {
  bool negative = false;
  std::string digits;
  int exponent = 0;
};

Decimal parse(std::string_view text) {
  Decimal decimal;
  decimal.negative = text.starts_with('-');
  const size_t e = text.find('e');
  for (char c : text.substr(0, e)) {
    if (c >= '0' && c <= '9') decimal.digits += c;
  }
  const size_t sign = text[e + 1] == '+' ? 1 : 0;
  std::from_chars(text.data() + e + 1 + sign, text.data() + text.size(), decimal.exponent);
  while (decimal.digits.size() > 1 && decimal.digits.back() == '0') decimal.digits.pop_back();
  return decimal;
}

// The shortest digits that read back as `value`.
template <class T>
Decimal shortest(T value) {
  std::array<char, 64> text;
  const auto end =
      std::to_chars(text.begin(), text.end(), value, std::chars_format::scientific).ptr;
  return parse({text.data(), end});
}

// The exact value rounded to `precision` digits after the first one.
template <class T>
Decimal rounded(T value, int precision) {
  std::array<char, 64> text;
  const auto end =
      std::to_chars(text.begin(), text.end(), value, std::chars_format::scientific, precision).ptr;
  return parse({text.data(), end});
}

struct Parts {
  std::string integer, fraction;
};

Parts scientific_parts(const Decimal& decimal) {
  return {(decimal.negative ? "-" : "") + decimal.digits.substr(0, 1), decimal.digits.substr(1)};
}

std::string exponent_text(int exponent) {
  const std::string digits = std::to_string(std::abs(exponent));
  return (exponent < 0 ? "e-" : "e+") + (digits.size() < 2 ? "0" + digits : digits);
}

Parts positional_parts(const Decimal& decimal) {
  Parts parts{decimal.negative ? "-" : "", ""};
  const int exponent = decimal.exponent;
  if (exponent < 0) {
    parts.integer += '0';
    if (decimal.digits != "0") {
      parts.fraction = std::string(static_cast<size_t>(-exponent - 1), '0') + decimal.digits;
    }
    return parts;
  }
  const auto split = static_cast<size_t>(exponent) + 1;
  std::string digits = decimal.digits;
  if (digits.size() < split) digits.resize(split, '0');
  parts.integer += digits.substr(0, split);
  parts.fraction = digits.substr(split);
  return parts;
}

// At most `precision` digits after the point; if digits are cut, rounded from the exact value.
template <class T>
Parts positional_parts(T value, int precision) {
  Parts parts = positional_parts(shortest(value));
  if (parts.fraction.size() <= static_cast<size_t>(precision)) return parts;
  std::array<char, 64> text;
  const auto end =
      std::to_chars(text.begin(), text.end(), value, std::chars_format::fixed, precision).ptr;
  const std::string_view all(text.data(), static_cast<size_t>(end - text.data()));
  const size_t point = std::min(all.find('.'), all.size());
  parts = {std::string(all.substr(0, point)), std::string(all.substr(point))};
  if (!parts.fraction.empty()) parts.fraction.erase(0, 1);
  while (parts.fraction.ends_with('0')) parts.fraction.pop_back();
  return parts;
}

std::string right_aligned(const std::string& text, size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::vector<std::string> aligned(std::vector<std::string> words) {
  size_t width = 0;
  for (const std::string& word : words) width = std::max(width, word.size());
  for (std::string& word : words) word = right_aligned(word, width);
  return words;
}

template <class T>
std::string non_finite(T value) {
  return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
}

// NumPy's rule: very large, very small or widely spread magnitudes share an exponent form. Float
// arithmetic on purpose: 0.0001 and the quotient are rounded to the array's own type.
template <class T>
bool wants_scientific(const std::vector<T>& values) {
  constexpr T kLargest = std::is_same_v<T, float> ? T{1e6} : T{1e8};
  T largest = 0, smallest = 0;
  for (T value : values) {
    if (!std::isfinite(value) || value == 0) continue;
    const T magnitude = std::abs(value);
    largest = std::max(largest, magnitude);
    smallest = smallest == 0 ? magnitude : std::min(smallest, magnitude);
  }
  if (largest == 0) return false;
  return largest >= kLargest || smallest < static_cast<T>(0.0001) ||
         static_cast<T>(largest / smallest) > 1000;
}

template <class T>
int most_digits(const std::vector<T>& values) {
  size_t most = 1;
  for (T value : values) {
    if (std::isfinite(value)) most = std::max(most, shortest(value).digits.size());
  }
  return static_cast<int>(most);
}

template <class T>
std::vector<std::string> float_words(const std::vector<T>& values, int precision) {
  const bool scientific = wants_scientific(values);
  // No double needs more digits.
  precision = std::clamp(precision, 0, 40);
  if (scientific) precision = std::min(precision, most_digits(values) - 1);
  std::vector<Parts> parts(values.size());
  std::vector<std::string> exponents(values.size());
  size_t left = 0, right = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    if (scientific) {
      // Shorter values are filled up with their exact digits: 1e-5 as a float32
      // reads 9.9999997e-06.
      const Decimal decimal = rounded(values[i], precision);
      parts[i] = scientific_parts(decimal);
      exponents[i] = exponent_text(decimal.exponent);
    } else {
      parts[i] = positional_parts(values[i], precision);
    }
    left = std::max(left, parts[i].integer.size());
    right = std::max(right, parts[i].fraction.size());
  }
  size_t exponent_digits = 2;
  for (const std::string& exponent : exponents) {
    if (!exponent.empty()) exponent_digits = std::max(exponent_digits, exponent.size() - 2);
  }

  std::vector<std::string> words;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      words.push_back(non_finite(values[i]));
      continue;
    }
    std::string word = right_aligned(parts[i].integer, left) + '.' + parts[i].fraction;
    word.append(right - parts[i].fraction.size(), scientific ? '0' : ' ');
    if (scientific) {
      const std::string& exponent = exponents[i];
      word += exponent.substr(0, 2) + std::string(exponent_digits + 2 - exponent.size(), '0') +
              exponent.substr(2);
    }
    words.push_back(std::move(word));
  }
  return aligned(std::move(words));
}

template <class T>
std::vector<T> picked(TensorView values, const std::vector<int64_t>& indices) {
  const auto all = values.span<T>();
  std::vector<T> chosen;
  chosen.reserve(indices.size());
  for (int64_t index : indices) chosen.push_back(all[static_cast<size_t>(index)]);
  return chosen;
}

template <class T>
std::vector<std::string> integer_words(const std::vector<T>& values) {
  std::vector<std::string> words;
  words.reserve(values.size());
  for (T value : values) words.push_back(std::to_string(value));
  return aligned(std::move(words));
}

std::vector<std::string> words_of(TensorView values, const std::vector<int64_t>& indices,
                                  int precision) {
  switch (values.dtype()) {
    case DType::uint8:
      return integer_words(picked<uint8_t>(values, indices));
    case DType::int32:
      return integer_words(picked<int32_t>(values, indices));
    case DType::int64:
      return integer_words(picked<int64_t>(values, indices));
    case DType::float32:
      return float_words(picked<float>(values, indices), precision);
    case DType::float64:
      return float_words(picked<double>(values, indices), precision);
  }
  return {};
}

// Lays out the elements that are shown: nested brackets, wrapped lines, `...` in the middle.
class Layout {
 public:
  Layout(TensorView values, const PrintOptions& options, std::string separator)
      : shape_(values.shape()), separator_(std::move(separator)) {
    edge_ = std::max<int64_t>(options.edgeitems, 1);
    summarised_ = values.size() > options.threshold;
    std::vector<int64_t> indices;
    collect(0, 0, indices);
    words_ = words_of(values, indices, options.precision);
  }

  std::string text(int64_t linewidth, size_t prefix) {
    return nested(0, std::string(prefix + 1, ' '), linewidth);
  }

 private:
  bool cut(int axis) const { return summarised_ && shape_[axis] > 2 * edge_; }

  // Calls show(position) for each shown position of an axis, and skip() once where it is cut.
  void walk(int axis, const std::function<void(int64_t)>& show, const std::function<void()>& skip) {
    const int64_t extent = shape_[axis];
    for (int64_t i = 0; i < extent; ++i) {
      if (cut(axis) && i == edge_) {
        skip();
        i = extent - edge_;
      }
      show(i);
    }
  }

  void collect(int axis, int64_t offset, std::vector<int64_t>& indices) {
    if (axis == shape_.ndim()) {
      indices.push_back(offset);
      return;
    }
    walk(
        axis, [&](int64_t i) { collect(axis + 1, offset * shape_[axis] + i, indices); }, [] {});
  }

  std::string nested(int axis, const std::string& indent, int64_t width) {
    if (axis == shape_.ndim()) return words_[next_++];
    const std::string body =
        axis + 1 == shape_.ndim() ? last_axis(axis, indent, width) : rows(axis, indent, width);
    return "[" + body.substr(indent.size()) + "]";
  }

  std::string last_axis(int axis, const std::string& indent, int64_t width) {
    std::string done, line = indent;
    bool first = true;
    // One column stays free for the separator or the bracket that follows.
    const auto add = [&](const std::string& word) {
      if (!first) line += separator_;
      first = false;
      const bool fits = static_cast<int64_t>(line.size() + word.size()) <= width - 1;
      if (!fits && line.size() > indent.size()) {
        while (line.ends_with(' ')) line.pop_back();
        done += line + "\n";
        line = indent;
      }
      line += word;
    };
    walk(
        axis, [&](int64_t) { add(words_[next_++]); }, [&] { add("..."); });
    return done + line;
  }

  std::string rows(int axis, const std::string& indent, int64_t width) {
    std::string between = separator_.substr(0, separator_.find(' '));
    between.append(static_cast<size_t>(shape_.ndim() - axis - 1), '\n');
    std::string text;
    const auto add = [&](const std::string& row) {
      if (!text.empty()) text += between;
      text += indent + row;
    };
    walk(
        axis, [&](int64_t) { add(nested(axis + 1, indent + ' ', width - 1)); },
        [&] { add("..."); });
    return text;
  }

  Shape shape_;
  std::string separator_;
  int64_t edge_ = 0;
  bool summarised_ = false;
  std::vector<std::string> words_;
  size_t next_ = 0;
};

// A scalar prints with all its digits; far from 1, with an exponent.
template <class T>
std::string scalar_text(T value) {
  if (!std::isfinite(value)) return non_finite(value);
  constexpr T kLargest = std::is_same_v<T, float> ? T{1e6} : T{1e16};
  const Decimal decimal = shortest(value);
  const bool scientific =
      value != 0 && (std::abs(value) >= kLargest || std::abs(static_cast<double>(value)) < 1e-4);
  const Parts parts = scientific ? scientific_parts(decimal) : positional_parts(decimal);
  if (scientific) {
    return parts.integer + (parts.fraction.empty() ? "" : "." + parts.fraction) +
           exponent_text(decimal.exponent);
  }
  return parts.integer + "." + (parts.fraction.empty() ? "0" : parts.fraction);
}

std::string body(TensorView values, const PrintOptions& options, const std::string& separator,
                 int64_t linewidth, size_t prefix) {
  if (values.size() == 0) return "[]";
  return Layout(values, options, separator).text(linewidth, prefix);
}

}  // namespace

std::string to_string(TensorView values, const PrintOptions& options) {
  if (values.shape().ndim() == 0) {
    if (values.dtype() == DType::float32) return scalar_text(values.span<float>()[0]);
    if (values.dtype() == DType::float64) return scalar_text(values.span<double>()[0]);
  }
  return body(values, options, " ", options.linewidth, 0);
}

std::string repr(TensorView values, const PrintOptions& options) {
  const std::string prefix = "array(";
  const int64_t size = values.size();
  const bool flat_empty = values.shape().ndim() == 1 && size == 0;
  std::string notes;
  if ((size == 0 && !flat_empty) || size > options.threshold) {
    notes = "shape=" + values.shape().str();
  }
  const bool implied = values.dtype() == DType::int64 || values.dtype() == DType::float64;
  if (!implied || size == 0) {
    if (!notes.empty()) notes += ", ";
    notes += "dtype=" + std::string(name(values.dtype()));
  }

  // One column less, for the closing parenthesis.
  std::string text = prefix + body(values, options, ", ", options.linewidth - 1, prefix.size());
  if (notes.empty()) return text + ")";
  text += ",";
  const size_t last_line = text.size() - (text.rfind('\n') + 1);
  const bool fits = static_cast<int64_t>(last_line + notes.size() + 2) <= options.linewidth;
  return text + (fits ? " " : "\n" + std::string(prefix.size(), ' ')) + notes + ")";
}

std::ostream& operator<<(std::ostream& out, const TensorView& values) {
  return out << to_string(values);
}

}  // namespace cornu::inline v0
