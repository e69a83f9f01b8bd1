#include "cornu/formats/npy_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/formats/little_endian.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace {

constexpr std::string_view kNpyMagic = "\x93NUMPY";
constexpr size_t kNpyVersionEnd = 8;  // the magic and two bytes of version
constexpr uint32_t kMostNpyHeader = 65536;
constexpr size_t kNpyAlignment = 64;

struct NpyType {
  std::string_view code;  // without its byte order
  DType dtype;
};
constexpr std::array<NpyType, 6> kNpyTypes = {{{"u1", DType::uint8},
                                               {"i4", DType::int32},
                                               {"i8", DType::int64},
                                               {"f4", DType::float32},
                                               {"f8", DType::float64},
                                               {"b1", DType::uint8}}};

// A type of NumPy's that a Tensor cannot have, and the one to convert it to; "text" is numbered.
struct ForeignNpyType {
  std::string_view kind, name, instead;
};
constexpr std::array<ForeignNpyType, 14> kForeignNpyTypes = {{{"i1", "int8", "int32"},
                                                              {"i2", "int16", "int32"},
                                                              {"u2", "uint16", "int32"},
                                                              {"u4", "uint32", "int64"},
                                                              {"u8", "uint64", "int64"},
                                                              {"f2", "float16", "float32"},
                                                              {"f12", "longdouble", "float64"},
                                                              {"f16", "longdouble", "float64"},
                                                              {"c", "complex numbers", ""},
                                                              {"S", "bytes", "text"},
                                                              {"U", "text", "text"},
                                                              {"V", "raw memory", ""},
                                                              {"M", "dates", "int64"},
                                                              {"m", "durations", "int64"}}};

[[noreturn]] void refuse_npy(const std::string& where, std::string what, std::string expected = {},
                             std::string found = {}) {
  throw Error({.kind = ErrorKind::corrupt,
               .where = where,
               .what = std::move(what),
               .expected = std::move(expected),
               .found = std::move(found)});
}

// The literal of a Python dict with the keys descr, fortran_order and shape, in any order.
class NpyDict {
 public:
  NpyDict(std::string_view text, const std::string& where) : rest_(text), where_(where) {}

  NpyHeader read() {
    expect('{');
    while (!take('}')) {
      entry();
      if (take(',')) continue;
      expect('}');
      break;
    }
    skip_spaces();
    if (!rest_.empty()) wrong("nothing after the '}'");
    for (const auto& [there, key] :
         {std::pair(has_descr_, "descr"), std::pair(has_order_, "fortran_order"),
          std::pair(has_shape_, "shape")}) {
      if (!there) refuse_npy(where_ + ": header", std::string(key) + " is missing");
    }
    return header_;
  }

 private:
  [[noreturn]] void wrong(const std::string& expected) const {
    refuse_npy(where_ + ": header", {}, expected,
               rest_.empty() ? "its end" : shown(rest_.substr(0, 16)));
  }

  void skip_spaces() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }

  bool take(char character) {
    skip_spaces();
    if (!rest_.starts_with(character)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char character) {
    if (!take(character)) wrong(fmt::format("a '{}'", character));
  }

  bool take_word(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  // No key and no dtype that is read has a backslash, so none is an escape.
  std::string_view text() {
    skip_spaces();
    const char quote = rest_.empty() ? '\0' : rest_[0];
    const size_t end =
        quote == '\'' || quote == '"' ? rest_.find(quote, 1) : std::string_view::npos;
    if (end == std::string_view::npos) wrong("text in quotes");
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }

  void entry() {
    const std::string_view key = text();
    expect(':');
    skip_spaces();
    if (key == "descr") {
      once(has_descr_, key);
      if (rest_.starts_with('[')) refuse_type("records of several fields", "");
      read_descr(text());
    } else if (key == "fortran_order") {
      once(has_order_, key);
      header_.is_fortran = take_word("True");
      if (!header_.is_fortran && !take_word("False")) wrong("True or False");
    } else if (key == "shape") {
      once(has_shape_, key);
      read_shape();
    } else {
      refuse_npy(where_ + ": header", "unknown key " + shown(key),
                 "descr, fortran_order and shape");
    }
  }

  void once(bool& has, std::string_view key) const {
    if (std::exchange(has, true)) {
      refuse_npy(where_ + ": header", fmt::format("{} is given twice", key));
    }
  }

  void read_shape() {
    std::vector<int64_t> extents;
    expect('(');
    while (!take(')')) {
      if (extents.size() == kMaxNdim) wrong(fmt::format("at most {} axes", kMaxNdim));
      extents.push_back(extent());
      if (take(',')) continue;
      expect(')');
      if (extents.size() == 1) wrong("a ',' behind the one number of a shape");
      break;
    }
    header_.shape = Shape(extents);
  }

  int64_t extent() {
    int64_t value = 0;
    const char* end = rest_.data() + rest_.size();
    const auto [stop, fault] = std::from_chars(rest_.data(), end, value);
    if (fault != std::errc() || rest_.starts_with('-'))
      refuse_npy(where_ + ": header", "its shape", "whole numbers of 0 or more, below 2^63",
                 shown(rest_.substr(0, rest_.find_first_of(",) "))));
    rest_.remove_prefix(static_cast<size_t>(stop - rest_.data()));
    take_word("L");  // Python 2's long
    return value;
  }

  void read_descr(std::string_view descr) {
    const bool has_order =
        !descr.empty() && std::string_view("<>|=").find(descr[0]) != std::string_view::npos;
    const char order = has_order ? descr[0] : '=';
    const std::string_view code = descr.substr(has_order ? 1 : 0);
    for (const NpyType& type : kNpyTypes) {
      if (code != type.code || (order == '|' && itemsize(type.dtype) > 1)) continue;
      header_.dtype = type.dtype;
      header_.is_big_endian = order == '>' && itemsize(type.dtype) > 1;
      return;
    }
    if (code.starts_with('O')) {
      throw Error({.kind = ErrorKind::unsupported,
                   .where = where_,
                   .what = "object arrays can run code",
                   .expected = "an array of numbers",
                   .found = shown(descr),
                   .hint = "in Python, save x.astype(\"float32\"), or numbers that stand for what "
                           "the objects are"});
    }
    for (const ForeignNpyType& type : kForeignNpyTypes) {
      if (type.kind.size() == 1 ? code.starts_with(type.kind) : code == type.kind) {
        refuse_type(fmt::format("{} ({})", shown(descr), type.name), type.instead);
      }
    }
    refuse_npy(where_ + ": header", "unknown dtype", "as '<f4'", shown(descr));
  }

  [[noreturn]] void refuse_type(std::string found, std::string_view instead) const {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = where_,
                 .what = "this dtype cannot be read",
                 .expected = "one of uint8, int32, int64, float32, float64, bool",
                 .found = std::move(found),
                 .hint = remedy(instead)});
  }

  static std::string remedy(std::string_view instead) {
    if (instead == "text")
      return "in Python, numpy.unique(y, return_inverse=True)[1] numbers texts";
    return instead.empty() ? "" : fmt::format("in Python, save x.astype(\"{}\")", instead);
  }

  std::string_view rest_;
  const std::string& where_;
  NpyHeader header_;
  bool has_descr_ = false, has_order_ = false, has_shape_ = false;
};

}  // namespace

NpyHeader read_npy_header(std::span<const std::byte> bytes, const std::string& where) {
  const std::string_view file(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!file.starts_with(kNpyMagic)) {
    refuse_npy(where, "not an NPY file", "0x93 and \"NUMPY\" at its start");
  }
  if (file.size() < kNpyVersionEnd + 4) refuse_npy(where, "the header is cut off");
  const auto version = little_endian<uint16_t>(bytes, kNpyMagic.size());  // major, minor
  if (version < 1 || version > 3) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = where,
                 .what = "version of NPY",
                 .expected = "1.0, 2.0 or 3.0",
                 .found = fmt::format("{}.{}", version & 0xFF, version >> 8)});
  }
  const bool is_first = version == 1;
  const uint32_t length = is_first ? little_endian<uint16_t>(bytes, kNpyVersionEnd)
                                   : little_endian<uint32_t>(bytes, kNpyVersionEnd);
  const size_t begin = kNpyVersionEnd + (is_first ? 2 : 4);
  if (length > kMostNpyHeader) {
    refuse_npy(where, "its header is too long", fmt::format("at most {} bytes", kMostNpyHeader),
               std::to_string(length));
  }
  if (length > file.size() - begin) {
    refuse_npy(where, "the header is cut off",
               fmt::format("{} bytes from byte {} on", length, begin),
               std::to_string(file.size() - begin));
  }
  NpyHeader header = NpyDict(file.substr(begin, length), where).read();
  header.size = begin + length;
  return header;
}

std::string npy_header(const Shape& shape, DType dtype) {
  std::string extents;
  for (int64_t extent : shape.extents()) {
    extents += fmt::format("{}{}", extents.empty() ? "" : ", ", extent);
  }
  if (shape.ndim() == 1) extents += ',';
  const auto* type = std::ranges::find(kNpyTypes, dtype, &NpyType::dtype);
  std::string text = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}), }}",
                                 itemsize(dtype) == 1 ? '|' : '<', type->code, extents);
  // NumPy leaves room for the first extent to grow to 21 digits when arrays are appended.
  constexpr size_t kMostDigits = 21;
  if (shape.ndim() > 0) text.append(kMostDigits - std::to_string(shape[0]).size(), ' ');
  constexpr size_t kPrefix = kNpyVersionEnd + 2;
  text.append(kNpyAlignment - (kPrefix + text.size() + 1) % kNpyAlignment, ' ');
  text += '\n';
  return fmt::format("{}{}{}{}{}{}", kNpyMagic, '\1', '\0', static_cast<char>(text.size() & 0xFF),
                     static_cast<char>(text.size() >> 8), text);
}

}  // namespace cornu::inline v0::formats
