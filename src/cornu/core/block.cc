#include "cornu/core/block.h"

#include <cassert>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

namespace cornu::inline v0 {
namespace {

constexpr std::align_val_t kAligned{Block::kAlignment};

}  // namespace

void Block::Free::operator()(std::byte* data) const {
  ::operator delete[](data - lead, kAligned);
}

Block::Block(size_t size, size_t lead) : size_(size) {
  assert(lead < kAlignment);
  // What is added to it must not wrap around.
  if (size > PTRDIFF_MAX - kAlignment) throw std::bad_alloc();
  auto* begin =
      static_cast<std::byte*>(::operator new[](lead + size + (lead + size == 0), kAligned));
  data_ = {begin + lead, Free{lead}};
}

Block::Block(Block&& other) noexcept
    : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}

Block& Block::operator=(Block&& other) noexcept {
  data_ = std::move(other.data_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

void Block::drop_front(size_t count) {
  assert(count <= size_);
  const size_t lead = data_.get_deleter().lead + count;
  data_ = {data_.release() + count, Free{lead}};
  size_ -= count;
}

void Block::keep_front(size_t count) {
  assert(count <= size_);
  size_ = count;
}

void Block::align() {
  const size_t lead = data_.get_deleter().lead;
  if (!data_ || lead % kAlignment == 0) return;
  std::byte* begin = data_.release() - lead;
  std::memmove(begin, begin + lead, size_);
  data_ = {begin, Free{0}};
}

}  // namespace cornu::inline v0
