#include "cornu/formats/idx.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0::formats {
namespace {

constexpr uint32_t kBytes = 0x08;

// A type of elements, in the file and as a tensor holds them.
struct ElementType {
  uint32_t code;
  size_t nbytes;
  DType dtype;
};
constexpr std::array<ElementType, 6> kElementTypes = {{{kBytes, 1, DType::uint8},
                                                       {0x09, 1, DType::int32},
                                                       {0x0B, 2, DType::int32},
                                                       {0x0C, 4, DType::int32},
                                                       {0x0D, 4, DType::float32},
                                                       {0x0E, 8, DType::float64}}};

uint32_t big_endian(std::span<const std::byte> bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<uint32_t>(bytes[at + i]);
  return value;
}

void put_big_endian(std::vector<std::byte>& bytes, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::byte>(value >> shift));
}

// Null for a code that IDX does not have.
const ElementType* element_type(uint32_t code) {
  for (const ElementType& each : kElementTypes) {
    if (each.code == code) return &each;
  }
  return nullptr;
}

Error corrupt(ErrorParts parts) {
  parts.kind = ErrorKind::corrupt;
  return Error(std::move(parts));
}

// What the magic number says.
struct IdxMagic {
  const ElementType& type;
  size_t ndim;
};

IdxMagic checked_magic(std::span<const std::byte> bytes, const std::string& where) {
  if (bytes.size() < 4) {
    throw corrupt({.where = where,
                   .what = "not an IDX file",
                   .expected = "at least 4 bytes",
                   .found = std::to_string(bytes.size())});
  }
  const uint32_t magic = big_endian(bytes, 0);
  const ElementType* const type = element_type(magic >> 8 & 0xFF);
  const uint32_t ndim = magic & 0xFF;
  if (magic >> 16 != 0 || type == nullptr || ndim < 1 || ndim > kMaxNdim) {
    throw corrupt({.where = where,
                   .what = "not an IDX file",
                   .expected = "magic 0x00000803 for images, 0x00000801 for labels (0x0000TTNN "
                               "for NN axes of elements of type TT)",
                   .found = fmt::format("0x{:08x}", magic)});
  }
  return {*type, ndim};
}

size_t header_size(size_t ndim) {
  return 4 + 4 * ndim;
}

// What the header says, once the file's size fits it.
struct IdxHeader {
  const ElementType& type;
  Shape shape;

  size_t nbytes() const { return header_size(static_cast<size_t>(shape.ndim())); }
};

IdxHeader checked_idx_header(std::span<const std::byte> bytes, const std::string& where) {
  const auto [type, ndim] = checked_magic(bytes, where);
  const size_t header = header_size(ndim);
  if (bytes.size() < header) {
    throw corrupt({.where = where,
                   .what = "the header is cut off",
                   .expected = fmt::format("{} bytes of header", header),
                   .found = std::to_string(bytes.size())});
  }
  std::vector<int64_t> extents;
  auto without_zeros =
      static_cast<int64_t>(type.nbytes);  // so that no part of the shape overflows later
  bool is_empty = false;
  for (size_t axis = 0; axis < ndim; ++axis) {
    extents.push_back(big_endian(bytes, 4 + 4 * axis));
    is_empty = is_empty || extents.back() == 0;
    if (extents.back() > 0 &&
        __builtin_mul_overflow(without_zeros, extents.back(), &without_zeros)) {
      throw corrupt({.where = where,
                     .what = "the product of the dimensions overflows",
                     .expected = "less than 2^63",
                     .found = fmt::format("{} at axis {}", extents.back(), axis)});
    }
  }
  const int64_t size = is_empty ? 0 : without_zeros;
  const std::span<const std::byte> data = bytes.subspan(header);
  const Shape shape(extents);
  if (static_cast<uint64_t>(size) != data.size()) {
    throw corrupt({.where = where,
                   .what = "its size does not match its dimensions " + shape.str(),
                   .expected = fmt::format("{} bytes after the header", size),
                   .found = std::to_string(data.size()),
                   .hint = "the file may be cut off: fetch it again"});
  }
  return {type, shape};
}

// The elements of `Stored` in the file, big-endian, as the tensor's `Element`.
template <class Stored, class Element>
void read_elements(std::span<const std::byte> bytes, std::span<Element> elements) {
  using Bits = std::conditional_t<sizeof(Stored) == 8, uint64_t, uint32_t>;
  for (size_t i = 0; i < elements.size(); ++i) {
    Bits bits = 0;
    for (size_t j = 0; j < sizeof(Stored); ++j) {
      bits = bits << 8 | std::to_integer<Bits>(bytes[i * sizeof(Stored) + j]);
    }
    if constexpr (std::is_floating_point_v<Stored>) {
      elements[i] = std::bit_cast<Stored>(bits);
    } else {
      elements[i] = static_cast<Stored>(bits);
    }
  }
}

Tensor converted(std::span<const std::byte> bytes, const IdxHeader& header) {
  Tensor tensor(header.shape, header.type.dtype);
  const std::span<const std::byte> data = bytes.subspan(header.nbytes());
  switch (header.type.code) {
    case 0x09:
      read_elements<int8_t>(data, tensor.span<int32_t>());
      break;
    case 0x0B:
      read_elements<int16_t>(data, tensor.span<int32_t>());
      break;
    case 0x0C:
      read_elements<int32_t>(data, tensor.span<int32_t>());
      break;
    case 0x0D:
      read_elements<float>(data, tensor.span<float>());
      break;
    default:
      read_elements<double>(data, tensor.span<double>());
  }
  return tensor;
}

}  // namespace

Tensor read_idx(std::span<const std::byte> bytes, const std::string& where) {
  const IdxHeader header = checked_idx_header(bytes, where);
  if (header.type.code != kBytes) return converted(bytes, header);
  return Tensor(TensorView(bytes.data() + header.nbytes(), header.shape, DType::uint8));
}

Tensor read_idx(Block bytes, const std::string& where) {
  const IdxHeader header = checked_idx_header(bytes.span(), where);
  if (header.type.code != kBytes) return converted(bytes.span(), header);
  bytes.drop_front(header.nbytes());
  return {std::move(bytes), header.shape, DType::uint8};
}

std::vector<std::byte> write_idx(TensorView tensor) {
  const Shape& shape = tensor.shape();
  if (tensor.dtype() != DType::uint8 || shape.ndim() == 0) {
    throw Error({.where = "IDX",
                 .expected = "a uint8 tensor of at least one axis",
                 .found = fmt::format("{} of shape {}", name(tensor.dtype()), shape.str())});
  }
  std::vector<std::byte> bytes;
  bytes.reserve(header_size(static_cast<size_t>(shape.ndim())) + tensor.nbytes());
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
