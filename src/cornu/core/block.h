#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Uninitialized memory that a Tensor can take over without a copy. For one thread at a time.
class CORNU_API Block {
 public:
  /// The size of a cache line and of the widest vector.
  static constexpr size_t kAlignment = 64;

  Block() = default;
  /// `size` bytes that begin `lead` bytes (0 … 63) after a multiple of 64, so that the data after a
  /// file's header can begin at one.
  explicit Block(size_t size, size_t lead = 0);
  /// A part of another block, which lives as long as its parts, from a multiple of 64 bytes on.
  Block(std::shared_ptr<Block> whole, size_t begin, size_t size);
  Block(Block&& other) noexcept;
  Block& operator=(Block&& other) noexcept;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() = default;

  std::byte* data() { return data_.get(); }
  const std::byte* data() const { return data_.get(); }
  size_t size() const { return size_; }
  std::span<std::byte> span() { return {data(), size_}; }
  std::span<const std::byte> span() const { return {data(), size_}; }

  /// Drops the first `count` bytes; the others stay where they are.
  void drop_front(size_t count);
  /// Keeps only the first `count` bytes.
  void keep_front(size_t count);
  /// Moves the bytes to a multiple of 64 when they do not begin at one.
  void align();
  /// Asks the system for pages of 2 MiB, before the first write to a block of many of them: it then
  /// clears and frees them several times as fast, if it has them. Without an effect elsewhere.
  void prefer_huge_pages();

 private:
  struct Free {
    /// Bytes between the start of the allocation and the pointer; 0 by default, as unique_ptr
    /// needs.
    size_t lead;
    bool is_huge;                  ///< the allocation begins at a huge page
    std::shared_ptr<Block> whole;  ///< what this is a part of
    void operator()(std::byte* data) const;
  };
  std::unique_ptr<std::byte[], Free> data_;
  size_t size_ = 0;
};

}  // namespace cornu::inline v0
