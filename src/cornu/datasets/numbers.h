#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "cornu/core/block.h"

namespace cornu::inline v0::datasets {

/// Numbers one after the other, in memory that the columns of a table share. Copies are the same
/// numbers.
class Numbers {
 public:
  using value_type = double;
  using const_iterator = const double*;

  Numbers() = default;
  Numbers(std::shared_ptr<const Block> memory, const double* begin, size_t size)
      : memory_(std::move(memory)), begin_(begin), size_(size) {}

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const double* begin() const { return begin_; }
  const double* end() const { return begin_ + size_; }
  double operator[](size_t i) const { return begin_[i]; }
  bool is_followed_by(const Numbers& other) const {
    return memory_ == other.memory_ && end() == other.begin();
  }
  /// These and so many that stand behind them in the same memory.
  Numbers and_following(size_t count) const { return {memory_, begin_, size_ + count}; }

 private:
  std::shared_ptr<const Block> memory_;
  const double* begin_ = nullptr;
  size_t size_ = 0;
};

}  // namespace cornu::inline v0::datasets
