#include "cornu/core/shared_pages.h"

#include <algorithm>
#include <new>
#include <utility>

namespace cornu::inline v0 {
namespace {

// Pages are shared from here on, by tensors that are too small for huge pages of their own.
constexpr uint64_t kLeastShared = uint64_t{8} << 20;
constexpr size_t kSmallTensor = size_t{4} << 20;

std::shared_ptr<Block> huge_block(uint64_t nbytes) {
  const auto block = std::make_shared<Block>(static_cast<size_t>(nbytes));
  block->prefer_huge_pages();
  return block;
}

size_t aligned(size_t nbytes) {
  return (nbytes + Block::kAlignment - 1) / Block::kAlignment * Block::kAlignment;
}

}  // namespace

Tensor SharedPages::unset(const Shape& shape, DType dtype) {
  const bool is_small = shape.size() <= static_cast<int64_t>(kSmallTensor / itemsize(dtype));
  if (!is_small || nbytes_ < kLeastShared) return Tensor::unset(shape, dtype);
  if (whole_ == nullptr) {
    try {
      whole_ = huge_block(nbytes_);
    } catch (const std::bad_alloc&) {
      return Tensor::unset(shape, dtype);
    }
  }
  const size_t nbytes = static_cast<size_t>(shape.size()) * itemsize(dtype);
  // The gaps between tensors do not count in `nbytes_`, so a last one may find no room.
  if (nbytes > whole_->size() - taken_) return Tensor::unset(shape, dtype);
  Block part(whole_, taken_, nbytes);
  taken_ = std::min(taken_ + aligned(nbytes), whole_->size());
  return {std::move(part), shape, dtype};
}

}  // namespace cornu::inline v0
