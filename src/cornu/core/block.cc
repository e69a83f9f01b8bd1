#include "cornu/core/block.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

constexpr std::align_val_t kAligned{Block::kAlignment};

void require_at_most(size_t count, size_t most, const char* what) {
  if (count <= most) return;
  throw Error({.where = "Block",
               .expected = std::string(what) + " of at most " + std::to_string(most) + " bytes",
               .found = std::to_string(count)});
}

}  // namespace

void Block::Free::operator()(std::byte* data) const {
  ::operator delete[](data - lead, kAligned);
}

Block::Block(size_t size, size_t lead) : size_(size) {
  require_at_most(lead, kAlignment - 1, "a lead");
  // Adding to the size must not overflow.
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
  require_at_most(count, size_, "a front");
  const size_t lead = data_.get_deleter().lead + count;
  data_ = {data_.release() + count, Free{lead}};
  size_ -= count;
}

void Block::keep_front(size_t count) {
  require_at_most(count, size_, "a front");
  size_ = count;
}

void Block::prefer_huge_pages() {
#ifdef MADV_HUGEPAGE
  constexpr std::uintptr_t kHuge = 2 << 20;
  const auto address = reinterpret_cast<std::uintptr_t>(data());
  const std::uintptr_t begin = (address + kHuge - 1) / kHuge * kHuge;
  const std::uintptr_t end = (address + size_) / kHuge * kHuge;
  // A system without huge pages refuses, and nothing is lost.
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

void Block::align() {
  const size_t lead = data_.get_deleter().lead;
  if (!data_ || lead % kAlignment == 0) return;
  std::byte* begin = data_.release() - lead;
  std::memmove(begin, begin + lead, size_);
  data_ = {begin, Free{0}};
}

}  // namespace cornu::inline v0
