#include "cornu/formats/idx.h"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0::formats {
namespace {

constexpr uint32_t kBytes = 0x08;

uint32_t big_endian(std::span<const std::byte> bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<uint32_t>(bytes[at + i]);
  return value;
}

void put_big_endian(std::vector<std::byte>& bytes, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::byte>(value >> shift));
}

std::string_view element_name(uint32_t type) {
  switch (type) {
    case 0x09:
      return "int8";
    case 0x0B:
      return "int16";
    case 0x0C:
      return "int32";
    case 0x0D:
      return "float32";
    case 0x0E:
      return "float64";
    default:
      return "";
  }
}

Error corrupt(ErrorParts parts) {
  parts.kind = ErrorKind::corrupt;
  return Error(std::move(parts));
}

// Checks the magic number and returns the number of axes.
size_t check_magic(std::span<const std::byte> bytes, const std::string& where) {
  if (bytes.size() < 4) {
    throw corrupt({.where = where,
                   .what = "not an IDX file",
                   .expected = "at least 4 bytes",
                   .found = std::to_string(bytes.size())});
  }
  const uint32_t magic = big_endian(bytes, 0);
  const uint32_t type = magic >> 8 & 0xFF;
  const uint32_t ndim = magic & 0xFF;
  const bool is_idx = magic >> 16 == 0 && ndim >= 1 && ndim <= kMaxNdim;
  if (is_idx && !element_name(type).empty()) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = where,
                 .what = "an IDX file of other elements than bytes",
                 .expected = "element type 0x08 (uint8)",
                 .found = fmt::format("0x{:02x} ({})", type, element_name(type))});
  }
  if (!is_idx || type != kBytes) {
    throw corrupt({.where = where,
                   .what = "not an IDX file",
                   .expected = "magic 0x00000803 for images, 0x00000801 for labels (0x0000080N "
                               "for N axes)",
                   .found = fmt::format("0x{:08x}", magic)});
  }
  return ndim;
}

size_t header_size(size_t ndim) {
  return 4 + 4 * ndim;
}

// Checks that the file's size fits its shape and returns the shape.
Shape checked_shape(std::span<const std::byte> bytes, const std::string& where) {
  const size_t ndim = check_magic(bytes, where);
  const size_t header = header_size(ndim);
  if (bytes.size() < header) {
    throw corrupt({.where = where,
                   .what = "the header is cut off",
                   .expected = fmt::format("{} bytes of header", header),
                   .found = std::to_string(bytes.size())});
  }
  std::vector<int64_t> extents;
  int64_t size = 1;
  int64_t without_zeros = 1;  // so that no part of the shape overflows later
  for (size_t axis = 0; axis < ndim; ++axis) {
    extents.push_back(big_endian(bytes, 4 + 4 * axis));
    size *= extents.back() == 0 ? 0 : 1;
    if (extents.back() > 0 &&
        __builtin_mul_overflow(without_zeros, extents.back(), &without_zeros)) {
      throw corrupt({.where = where,
                     .what = "the product of the dimensions overflows",
                     .expected = "less than 2^63",
                     .found = fmt::format("{} at axis {}", extents.back(), axis)});
    }
  }
  size *= without_zeros;
  const std::span<const std::byte> data = bytes.subspan(header);
  const Shape shape(extents);
  if (static_cast<uint64_t>(size) != data.size()) {
    throw corrupt({.where = where,
                   .what = "its size does not match its dimensions " + shape.str(),
                   .expected = fmt::format("{} bytes after the header", size),
                   .found = std::to_string(data.size()),
                   .hint = "the file may be cut off: fetch it again"});
  }
  return shape;
}

size_t header_size(const Shape& shape) {
  return header_size(static_cast<size_t>(shape.ndim()));
}

}  // namespace

Tensor read_idx(std::span<const std::byte> bytes, const std::string& where) {
  const Shape shape = checked_shape(bytes, where);
  return Tensor(TensorView(bytes.data() + header_size(shape), shape, DType::uint8));
}

Tensor read_idx(Block bytes, const std::string& where) {
  const Shape shape = checked_shape(bytes.span(), where);
  bytes.drop_front(header_size(shape));
  return {std::move(bytes), shape, DType::uint8};
}

std::vector<std::byte> write_idx(TensorView tensor) {
  const Shape& shape = tensor.shape();
  if (tensor.dtype() != DType::uint8 || shape.ndim() == 0) {
    throw Error({.where = "IDX",
                 .expected = "a uint8 tensor of at least one axis",
                 .found = fmt::format("{} of shape {}", name(tensor.dtype()), shape.str())});
  }
  std::vector<std::byte> bytes;
  bytes.reserve(header_size(shape) + tensor.nbytes());
  put_big_endian(bytes, kBytes << 8 | static_cast<uint32_t>(shape.ndim()));
  for (int64_t extent : shape.extents()) {
    if (extent > std::numeric_limits<uint32_t>::max()) {
      throw Error(
          {.where = "IDX", .expected = "extents below 2^32", .found = std::to_string(extent)});
    }
    put_big_endian(bytes, static_cast<uint32_t>(extent));
  }
  bytes.insert(bytes.end(), tensor.data(), tensor.data() + tensor.nbytes());
  return bytes;
}

}  // namespace cornu::inline v0::formats
