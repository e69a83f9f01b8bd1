#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string_view>
#include <vector>

#include "cornu/core/block.h"
#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Bytes one after the other that lie in several places: a file is written from where its tensors
/// are, and not gathered first.
class CORNU_API Parts {
 public:
  Parts() = default;
  Parts(Parts&&) noexcept = default;
  Parts& operator=(Parts&&) noexcept = default;
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() = default;

  /// Adds bytes of memory that must outlive this.
  void view(std::span<const std::byte> bytes);
  /// Adds bytes and keeps them.
  void keep(std::vector<std::byte> bytes);
  void keep(std::string_view text);
  /// Adds all of another's.
  void append(Parts other);

  const std::vector<std::span<const std::byte>>& spans() const { return spans_; }
  uint64_t size() const { return size_; }
  /// All bytes in one piece, as a block or as a vector.
  Block gathered() const;
  std::vector<std::byte> bytes() const;

 private:
  std::vector<std::span<const std::byte>> spans_;
  std::list<std::vector<std::byte>> kept_;  // a list, as what it holds must not move
  uint64_t size_ = 0;
};

}  // namespace cornu::inline v0
