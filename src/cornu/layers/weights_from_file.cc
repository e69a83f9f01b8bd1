#include "cornu/layers/weights_from_file.h"

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

thread_local WeightsFromFile* current_file = nullptr;

}  // namespace

WeightsFromFile::WeightsFromFile(uint64_t elements)
    : left_(elements), memory_(elements * sizeof(float)), before_(current_file) {
  current_file = this;
}

WeightsFromFile::~WeightsFromFile() {
  current_file = before_;
}

std::optional<Tensor> WeightsFromFile::unset(const Shape& shape, const std::string& where) {
  if (current_file == nullptr) return {};
  uint64_t& left = current_file->left_;
  // Extents are not negative, and their product may overflow.
  uint64_t size = 1;
  for (const int64_t extent : shape.extents()) {
    if (__builtin_mul_overflow(size, static_cast<uint64_t>(extent), &size)) size = UINT64_MAX;
  }
  if (size > left) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .what = "has more weights than the file",
                 .expected = "shape " + shape.str() + " and as many numbers",
                 .found = std::to_string(left) + " of the file left"});
  }
  left -= size;
  return current_file->memory_.unset(shape, DType::float32);
}

}  // namespace cornu::inline v0
