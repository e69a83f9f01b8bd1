#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "cornu/core/block.h"

namespace cornu::inline v0::datasets {

/// Where the numbers of some rows are to be written: those of a column one after the other, each
/// column `stride` numbers behind the one before.
struct NumberPlace {
  std::shared_ptr<Block> memory = {};
  double* begin = nullptr;
  size_t stride = 0;
};

/// Memory for the columns of a file whose number of rows is not known: it is estimated by the first
/// block, so that mostly the rows of all blocks lie one behind the other, and each number is
/// written once, where it is to stay.
class NumberMemory {
 public:
  NumberMemory(size_t columns, uint64_t bytes) : columns_(columns), bytes_(bytes) {}

  /// A place for at most so many rows, which are the next `bytes` of the file. It follows that of
  /// the rows before if the memory holds both.
  NumberPlace take(size_t rows, uint64_t bytes);

 private:
  size_t columns_;
  uint64_t bytes_;  // that are left
  std::shared_ptr<Block> memory_;
  size_t capacity_ = 0, used_ = 0;  // in rows
};

}  // namespace cornu::inline v0::datasets
