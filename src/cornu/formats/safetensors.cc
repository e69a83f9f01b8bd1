#include "cornu/formats/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <set>
#include <string_view>

#include "cornu/core/error.h"
#include "cornu/core/fill_parts.h"
#include "cornu/core/shared_pages.h"
#include "cornu/core/value.h"
#include "cornu/formats/json.h"
#include "cornu/formats/json_events.h"
#include "cornu/formats/nbytes.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace {

static_assert(std::endian::native == std::endian::little, "the file's byte order is little-endian");

constexpr size_t kPrefix = 8;  // the header's length, a little-endian u64
constexpr uint64_t kMaxHeader = 100'000'000;
constexpr size_t kMaxEntries = 100'000;
constexpr std::string_view kMetadata = "__metadata__";

struct Named {
  std::string_view name;
  DType dtype;
};
constexpr std::array<Named, 5> kDTypes = {{{"U8", DType::uint8},
                                           {"I32", DType::int32},
                                           {"I64", DType::int64},
                                           {"F32", DType::float32},
                                           {"F64", DType::float64}}};
constexpr std::array<std::string_view, 14> kUnsupported = {
    "BOOL", "I8",  "I16", "U16", "F16",     "BF16",    "U32",
    "U64",  "C64", "F4",  "F8",  "F8_E4M3", "F8_E5M2", "F8_E8M0"};

constexpr std::string_view kReadable = "one of U8, I32, I64, F32, F64";

// One tensor as the header describes it. A field is absent until the header gives it.
struct Entry {
  std::string name;
  std::optional<DType> dtype = {};
  std::optional<Shape> shape = {};
  std::optional<std::pair<int64_t, int64_t>> offsets = {};
};

struct Header {
  std::vector<Entry> entries;
  std::vector<std::pair<std::string, std::string>> metadata;
};

// Takes the header's events and accepts only those of the format, so that a hostile header costs no
// more memory than its own size.
class HeaderReader final : public JsonEvents {
 public:
  explicit HeaderReader(const std::string& where) : where_(where) {}

  void begin_map() override {
    if (place_ == Place::start) {
      place_ = Place::top;
    } else if (place_ == Place::top_value) {
      place_ = key_ == kMetadata ? Place::metadata : Place::tensor;
      if (place_ == Place::tensor) header_.entries.push_back({.name = key_});
      if (header_.entries.size() > kMaxEntries) {
        refuse(where_, "", fmt::format("at most {} tensors", kMaxEntries));
      }
    } else {
      wrong("a map");
    }
  }

  void end_map() override {
    if (place_ == Place::tensor) {
      const Entry& entry = header_.entries.back();
      for (const auto& [there, field] : {std::pair(entry.dtype.has_value(), "dtype"),
                                         std::pair(entry.shape.has_value(), "shape"),
                                         std::pair(entry.offsets.has_value(), "data_offsets")}) {
        if (!there) refuse(of(entry.name), std::string(field) + " is missing");
      }
    }
    place_ = place_ == Place::top ? Place::end : Place::top;
  }

  void begin_list() override {
    if (place_ != Place::field || field_ == "dtype") wrong("a list");
    numbers_.clear();
    place_ = Place::list;
  }

  void end_list() override {
    Entry& entry = header_.entries.back();
    if (field_ == "shape") {
      entry.shape = Shape(numbers_);
    } else if (numbers_.size() == 2) {
      entry.offsets = {numbers_[0], numbers_[1]};
    } else {
      refuse(of(entry.name), "data_offsets", "two numbers", std::to_string(numbers_.size()));
    }
    place_ = Place::tensor;
  }

  void key(std::string& text) override {
    if (place_ == Place::top) {
      const std::string expected = fault_of_name(text);
      if (!expected.empty()) {
        refuse(where_, "the tensor name " + shown(text), expected,
               text.size() > kMaxNameSize ? std::to_string(text.size()) : "");
      }
      key_ = std::move(text);
      place_ = Place::top_value;
    } else if (place_ == Place::metadata) {
      header_.metadata.emplace_back(std::move(text), std::string());
      if (header_.metadata.size() > kMaxEntries) {
        refuse(where_, "", fmt::format("at most {} entries of metadata", kMaxEntries));
      }
      place_ = Place::metadata_value;
    } else {
      field_ = std::move(text);
      if (field_ != "dtype" && field_ != "shape" && field_ != "data_offsets") {
        refuse(of(key_), "unknown field " + shown(field_), "dtype, shape and data_offsets");
      }
      place_ = Place::field;
    }
  }

  void scalar(Value&& value) override {
    if (place_ == Place::metadata_value && value.is_string()) {
      header_.metadata.back().second = value.as_string();
      place_ = Place::metadata;
    } else if (place_ == Place::field && field_ == "dtype" && value.is_string()) {
      header_.entries.back().dtype = dtype(value.as_string());
      place_ = Place::tensor;
    } else if (place_ == Place::list && value.is_int()) {
      number(value.as_int());
    } else {
      wrong(value.is_string() ? shown(value.as_string())
            : value.is_int()  ? value.str()
                              : write_json(value));
    }
  }

  Header take() { return std::move(header_); }

 private:
  // The map or list that is open, or the field whose value comes next.
  enum class Place { start, top, top_value, metadata, metadata_value, tensor, field, list, end };

  std::string of(const std::string& tensor) const { return where_ + ": tensor " + shown(tensor); }

  [[noreturn]] static void refuse(const std::string& where, const std::string& what,
                                  const std::string& expected = {}, const std::string& found = {}) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .what = what,
                 .expected = expected,
                 .found = found});
  }

  [[noreturn]] void wrong(const std::string& found) const {
    switch (place_) {
      case Place::metadata_value:
        refuse(where_, std::string(kMetadata) + " " + shown(header_.metadata.back().first),
               "a string", found);
      case Place::field:
        refuse(of(key_), field_, field_ == "dtype" ? "a string" : "a list of whole numbers", found);
      case Place::list:
        refuse(of(key_), field_, "whole numbers", found);
      case Place::top_value:
        refuse(of(key_), "", "a map with dtype, shape and data_offsets", found);
      default:
        refuse(where_, "the header", "one JSON map", found);
    }
  }

  DType dtype(const std::string& text) const {
    for (const auto& [name, value] : kDTypes) {
      if (name == text) return value;
    }
    const bool known = std::ranges::count(kUnsupported, text) > 0;
    throw Error({.kind = known ? ErrorKind::unsupported : ErrorKind::corrupt,
                 .where = of(key_),
                 .what = known ? "this dtype cannot be read yet" : "unknown dtype",
                 .expected = std::string(kReadable),
                 .found = shown(text),
                 .hint = known ? "convert the tensor to F32" : ""});
  }

  void number(int64_t value) {
    if (value < 0) refuse(of(key_), field_, "numbers of 0 or more", std::to_string(value));
    const bool is_shape = field_ == "shape";
    if (numbers_.size() == static_cast<size_t>(is_shape ? kMaxNdim : 2)) {
      refuse(of(key_), field_, is_shape ? fmt::format("at most {} axes", kMaxNdim) : "two numbers",
             "more");
    }
    numbers_.push_back(value);
  }

  const std::string& where_;
  Place place_ = Place::start;
  Header header_;
  std::string key_, field_;
  std::vector<int64_t> numbers_;
};

// The format allows no gap and no overlap: each tensor begins where the one before it ended.
void check_layout(const std::vector<Entry>& entries, int64_t data_size, const std::string& where) {
  int64_t end = 0;
  for (const Entry& entry : entries) {
    ErrorParts parts = {.kind = ErrorKind::corrupt,
                        .where = where + ": tensor " + shown(entry.name)};
    const auto [first, last] = *entry.offsets;
    const std::optional<int64_t> nbytes = checked_nbytes(*entry.shape, *entry.dtype);
    if (first != end) {
      parts.what = first < end ? "overlaps the tensor before it" : "leaves a gap before it";
      parts.expected = fmt::format("data_offsets that begin at {}", end);
      parts.found = std::to_string(first);
    } else if (last < first || last > data_size) {
      parts.what = "data_offsets";
      parts.expected = fmt::format("an end within {} … {}", first, data_size);
      parts.found = std::to_string(last);
    } else if (!nbytes) {
      parts.what = "the product of its shape overflows";
      parts.found = entry.shape->str();
    } else if (*nbytes != last - first) {
      parts.what = "data_offsets do not match its shape " + entry.shape->str();
      parts.expected = fmt::format("{} bytes", *nbytes);
      parts.found = std::to_string(last - first);
    } else {
      end = last;
      continue;
    }
    throw Error(std::move(parts));
  }
  if (end != data_size) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .what = "bytes after the last tensor",
                 .expected = fmt::format("{} bytes of data", end),
                 .found = std::to_string(data_size)});
  }
}

std::string_view header_text(ByteSource& source, const std::string& where) {
  const auto refuse = [&where](std::string what, std::string expected, std::string found) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .what = std::move(what),
                 .expected = std::move(expected),
                 .found = std::move(found)});
  };
  if (source.size() < kPrefix) {
    refuse("not a safetensors file", "at least 8 bytes", std::to_string(source.size()));
  }
  uint64_t length = 0;
  std::memcpy(&length, source.view(0, kPrefix).data(), kPrefix);
  const uint64_t most = std::min<uint64_t>(kMaxHeader, source.size() - kPrefix);
  if (length > most) {
    refuse("header length at byte 0", fmt::format("at most {}", most), std::to_string(length));
  }
  const std::string_view text(reinterpret_cast<const char*>(source.view(kPrefix, length).data()),
                              static_cast<size_t>(length));
  if (!text.starts_with('{')) {
    refuse("the header at byte 8", "a '{'",
           text.empty() ? "a header of no bytes" : shown(text.substr(0, 1)));
  }
  return text;
}

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;
using Metadata = std::vector<std::pair<std::string, std::string>>;

void check_writable(const NamedTensors& tensors, const Metadata& metadata) {
  std::set<std::string_view> names = {kMetadata};
  for (const auto& [name, tensor] : tensors) {
    const std::string expected = fault_of_name(name);
    if (!expected.empty()) {
      throw Error(
          {.where = "safetensors", .what = "the tensor name " + shown(name), .expected = expected});
    }
    if (!names.insert(name).second) {
      throw Error({.where = "safetensors",
                   .what = name == kMetadata
                               ? "no tensor can be named " + shown(name)
                               : "the tensor name " + shown(name) + " is given twice"});
    }
  }
  for (const auto& [key, text] : metadata) {
    if (!is_utf8(key) || !is_utf8(text)) {
      throw Error(
          {.where = "safetensors", .what = "metadata " + shown(key), .expected = "valid UTF-8"});
    }
  }
  if (std::max(tensors.size(), metadata.size()) > kMaxEntries) {
    throw Error({.where = "safetensors",
                 .expected = fmt::format("at most {} tensors and entries of metadata", kMaxEntries),
                 .found = fmt::format("{} and {}", tensors.size(), metadata.size())});
  }
}

}  // namespace

const Tensor* Safetensors::find(std::string_view name) const {
  for (const auto& [each, tensor] : tensors) {
    if (each == name) return &tensor;
  }
  return nullptr;
}

Safetensors read_safetensors(std::span<const std::byte> bytes, const std::string& where) {
  MemoryBytes source(bytes);
  return read_safetensors(source, where);
}

Safetensors read_safetensors(ByteSource& source, const std::string& where) {
  const std::string_view text = header_text(source, where);
  HeaderReader reader(where);
  walk_json(text, where + ": header", reader);
  Header header = reader.take();
  // A tensor of no bytes shares its offset with its neighbour and comes before it.
  std::ranges::stable_sort(header.entries, {}, [](const Entry& entry) { return *entry.offsets; });
  const uint64_t data = kPrefix + text.size();
  check_layout(header.entries, static_cast<int64_t>(source.size() - data), where);
  Safetensors file;
  file.metadata = std::move(header.metadata);
  std::vector<FilledPart> parts;
  uint64_t offset = data;
  SharedPages pages(source.size() - data);
  for (Entry& entry : header.entries) {
    file.tensors.emplace_back(std::move(entry.name), pages.unset(*entry.shape, *entry.dtype));
    Tensor& tensor = file.tensors.back().second;
    parts.push_back({.offset = offset, .to = {tensor.data(), tensor.nbytes()}});
    offset += tensor.nbytes();
  }
  const auto is_at_hand = [&](size_t i, size_t begin) {
    return source.is_at_hand(parts[i].offset + begin);
  };
  fill_parts(parts, is_at_hand, [&](size_t i, size_t begin, std::span<std::byte> to) {
    source.read(parts[i].offset + begin, to);
  });
  return file;
}

Parts safetensors_parts(const NamedTensors& tensors, const Metadata& metadata) {
  check_writable(tensors, metadata);
  Value::Map header;
  if (!metadata.empty()) {
    Value::Map texts;
    for (const auto& [key, text] : metadata) texts.emplace_back(key, text);
    header.emplace_back(kMetadata, std::move(texts));
  }
  int64_t end = 0;
  for (const auto& [name, tensor] : tensors) {
    const int64_t begin = end;
    end += static_cast<int64_t>(tensor.nbytes());
    Value::List shape;
    for (int64_t extent : tensor.shape().extents()) shape.emplace_back(extent);
    const auto* named = std::ranges::find(kDTypes, tensor.dtype(), &Named::dtype);
    header.emplace_back(name, Value::Map{{"dtype", named->name},
                                         {"shape", std::move(shape)},
                                         {"data_offsets", Value::List{begin, end}}});
  }
  std::string text = write_json(header);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  if (text.size() > kMaxHeader) {
    throw Error({.where = "safetensors",
                 .expected = fmt::format("a header of at most {} bytes", kMaxHeader),
                 .found = std::to_string(text.size())});
  }
  const uint64_t length = text.size();
  std::string prefix(kPrefix, '\0');
  std::memcpy(prefix.data(), &length, kPrefix);
  Parts file;
  file.keep(prefix + text);
  for (const auto& [name, tensor] : tensors) file.view({tensor.data(), tensor.nbytes()});
  return file;
}

std::vector<std::byte> write_safetensors(const Safetensors& file) {
  return safetensors_parts(file.tensors, file.metadata).bytes();
}

}  // namespace cornu::inline v0::formats
