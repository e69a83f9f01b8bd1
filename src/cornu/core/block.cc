#include "cornu/core/block.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

constexpr std::align_val_t kAligned{Block::kAlignment};
constexpr std::align_val_t kHugeAligned{2 << 20};
constexpr size_t kHuge = 2 << 20;
constexpr size_t kLeastHuge = 2 * kHuge;
// From here on little is lost by the last page, which is not full.
constexpr size_t kLeastRounded = 8 * kHuge;

// The bytes of an allocation that may be huge pages.
size_t huge_part(size_t size) {
  return (size >= kLeastRounded ? size + kHuge - 1 : size) / kHuge * kHuge;
}

void require_at_most(size_t count, size_t most, const char* what) {
  if (count <= most) return;
  throw Error({.where = "Block",
               .expected = std::string(what) + " of at most " + std::to_string(most) + " bytes",
               .found = std::to_string(count)});
}

}  // namespace

void Block::Free::operator()(std::byte* data) const {
  if (whole != nullptr) return;
  ::operator delete[](data - lead, is_huge ? kHugeAligned : kAligned);
}

Block::Block(size_t size, size_t lead) : size_(size) {
  require_at_most(lead, kAlignment - 1, "a lead");
  // Adding to the size must not overflow.
  if (size > PTRDIFF_MAX - kHuge - kAlignment) throw std::bad_alloc();
  const size_t needed = lead + size;
  const bool is_huge = needed >= kLeastHuge;
  const size_t room = std::max({needed, is_huge ? huge_part(needed) : 0, size_t{1}});
  auto* begin = static_cast<std::byte*>(::operator new[](room, is_huge ? kHugeAligned : kAligned));
  data_ = {begin + lead, Free{lead, is_huge, nullptr}};
}

Block::Block(std::shared_ptr<Block> whole, size_t begin, size_t size) : size_(size) {
  if (begin % kAlignment != 0 || begin > whole->size() || size > whole->size() - begin) {
    throw Error({.where = "Block",
                 .expected = "a part of " + std::to_string(whole->size()) +
                             " bytes that begins at a multiple of 64",
                 .found = std::to_string(size) + " from byte " + std::to_string(begin) + " on"});
  }
  std::byte* const data = whole->data() + begin;
  data_ = {data, Free{.lead = 0, .is_huge = false, .whole = std::move(whole)}};
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
  Free free = data_.get_deleter();
  free.lead += count;
  data_ = {data_.release() + count, free};
  size_ -= count;
}

void Block::keep_front(size_t count) {
  require_at_most(count, size_, "a front");
  size_ = count;
}

void Block::prefer_huge_pages() {
#ifdef MADV_HUGEPAGE
  if (!data_.get_deleter().is_huge) return;
  const size_t lead = data_.get_deleter().lead;
  // A system without huge pages refuses, and nothing is lost.
  madvise(data() - lead, huge_part(lead + size_), MADV_HUGEPAGE);
#endif
}

void Block::align() {
  Free free = data_.get_deleter();
  const size_t lead = free.lead;
  if (!data_ || lead % kAlignment == 0) return;
  std::byte* begin = data_.release() - lead;
  std::memmove(begin, begin + lead, size_);
  free.lead = 0;
  data_ = {begin, free};
}

}  // namespace cornu::inline v0
