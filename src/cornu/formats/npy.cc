#include "cornu/formats/npy.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/formats/nbytes.h"
#include "cornu/formats/npy_header.h"

namespace cornu::inline v0::formats {
namespace {

// The header of a file whose size fits it.
NpyHeader checked_npy_header(std::span<const std::byte> bytes, const std::string& where) {
  NpyHeader header = read_npy_header(bytes, where);
  const std::optional<int64_t> nbytes = checked_nbytes(header.shape, header.dtype);
  const size_t found = bytes.size() - header.size;
  if (!nbytes) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .what = "the product of its shape overflows",
                 .found = header.shape.str()});
  }
  if (static_cast<uint64_t>(*nbytes) != found) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .what = "its size does not match its shape " + header.shape.str(),
                 .expected = fmt::format("{} bytes after the header", *nbytes),
                 .found = std::to_string(found),
                 .hint = "the file may be cut off: fetch it again"});
  }
  return header;
}

// Copies elements in Fortran's order to row-major order.
template <class Bits>
void from_fortran(const std::byte* from, const Shape& shape, std::byte* to) {
  std::array<int64_t, kMaxNdim> strides{};
  int64_t stride = 1;
  for (int axis = 0; axis < shape.ndim(); ++axis) {
    strides[static_cast<size_t>(axis)] = stride;
    stride *= shape[axis];
  }
  std::array<int64_t, kMaxNdim> index{};
  int64_t place = 0;  // of `index` in `from`
  for (int64_t i = 0; i < stride; ++i) {
    std::memcpy(to + i * static_cast<int64_t>(sizeof(Bits)),
                from + place * static_cast<int64_t>(sizeof(Bits)), sizeof(Bits));
    for (int axis = shape.ndim() - 1; axis >= 0; --axis) {
      const auto a = static_cast<size_t>(axis);
      place += strides[a];
      if (++index[a] < shape[axis]) break;
      place -= strides[a] * shape[axis];
      index[a] = 0;
    }
  }
}

void from_fortran(const std::byte* from, Tensor& tensor) {
  switch (itemsize(tensor.dtype())) {
    case 1:
      return from_fortran<uint8_t>(from, tensor.shape(), tensor.data());
    case 4:
      return from_fortran<uint32_t>(from, tensor.shape(), tensor.data());
    default:
      return from_fortran<uint64_t>(from, tensor.shape(), tensor.data());
  }
}

// Where an element stands in Fortran's order that is the i-th in row-major order.
int64_t place_in_fortran(int64_t i, const Shape& shape) {
  int64_t place = 0;
  for (int axis = shape.ndim() - 1; axis >= 0; --axis) {
    int64_t stride = i % shape[axis];
    i /= shape[axis];
    for (int before = 0; before < axis; ++before) stride *= shape[before];
    place += stride;
  }
  return place;
}

// Above this, the marks of reorder_in_place would take more than 16 MiB.
constexpr int64_t kMostReordered = int64_t{1} << 27;

// The same order within the memory where the elements are, along the permutation's cycles: a copy
// would take as much again.
template <class Bits>
void reorder_in_place(std::byte* elements, const Shape& shape) {
  const auto at = [elements](int64_t i) {
    return elements + i * static_cast<int64_t>(sizeof(Bits));
  };
  std::vector<bool> done(static_cast<size_t>(shape.size()));
  for (int64_t start = 0; start < shape.size(); ++start) {
    if (done[static_cast<size_t>(start)]) continue;
    Bits first;
    std::memcpy(&first, at(start), sizeof(Bits));
    for (int64_t i = start;;) {
      done[static_cast<size_t>(i)] = true;
      const int64_t from = place_in_fortran(i, shape);
      if (from == start) {
        std::memcpy(at(i), &first, sizeof(Bits));
        break;
      }
      std::memcpy(at(i), at(from), sizeof(Bits));
      i = from;
    }
  }
}

void reorder_in_place(Tensor& tensor) {
  switch (itemsize(tensor.dtype())) {
    case 1:
      return reorder_in_place<uint8_t>(tensor.data(), tensor.shape());
    case 4:
      return reorder_in_place<uint32_t>(tensor.data(), tensor.shape());
    default:
      return reorder_in_place<uint64_t>(tensor.data(), tensor.shape());
  }
}

void swap_bytes(Tensor& tensor) {
  const auto each = [&](auto swapped) {
    auto bits = swapped(0);
    for (size_t at = 0; at < tensor.nbytes(); at += sizeof(bits)) {
      std::memcpy(&bits, tensor.data() + at, sizeof(bits));
      bits = swapped(bits);
      std::memcpy(tensor.data() + at, &bits, sizeof(bits));
    }
  };
  if (itemsize(tensor.dtype()) == 4) {
    each([](uint32_t bits) { return __builtin_bswap32(bits); });
  } else {
    each([](uint64_t bits) { return __builtin_bswap64(bits); });
  }
}

Tensor copied(const std::byte* elements, const NpyHeader& header) {
  Block block(static_cast<size_t>(header.shape.size()) * itemsize(header.dtype));
  block.prefer_huge_pages();
  if (!header.is_fortran) {
    if (block.size() > 0) std::memcpy(block.data(), elements, block.size());
    return {std::move(block), header.shape, header.dtype};
  }
  Tensor tensor(std::move(block), header.shape, header.dtype);
  from_fortran(elements, tensor);
  return tensor;
}

}  // namespace

Tensor read_npy(std::span<const std::byte> bytes, const std::string& where) {
  const NpyHeader header = checked_npy_header(bytes, where);
  Tensor tensor = copied(bytes.data() + header.size, header);
  if (header.is_big_endian) swap_bytes(tensor);
  return tensor;
}

Tensor read_npy(Block bytes, const std::string& where) {
  const NpyHeader header = checked_npy_header(bytes.span(), where);
  if (header.is_fortran && header.shape.size() > kMostReordered) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = where,
                 .expected = "at most 134,217,728 elements in Fortran's order that are compressed",
                 .found = std::to_string(header.shape.size()),
                 .hint = "numpy.ascontiguousarray makes it row-major, and numpy.savez does not "
                         "compress"});
  }
  bytes.drop_front(header.size);
  Tensor tensor(std::move(bytes), header.shape, header.dtype);
  if (header.is_fortran) reorder_in_place(tensor);
  if (header.is_big_endian) swap_bytes(tensor);
  return tensor;
}

Parts npy_parts(TensorView tensor) {
  Parts file;
  file.keep(npy_header(tensor.shape(), tensor.dtype()));
  file.view({tensor.data(), tensor.nbytes()});
  return file;
}

Block write_npy(TensorView tensor) {
  return npy_parts(tensor).gathered();
}

}  // namespace cornu::inline v0::formats
