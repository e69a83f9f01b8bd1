#include "cornu/datasets/number_memory.h"

#include <algorithm>

namespace cornu::inline v0::datasets {

NumberPlace NumberMemory::take(size_t rows, uint64_t bytes) {
  if (used_ + rows > capacity_) {
    const double blocks =
        static_cast<double>(bytes_) / static_cast<double>(std::max<uint64_t>(bytes, 1));
    // Memory that is not written to costs nothing.
    constexpr double kMargin = 1.05;
    const double all = blocks > 1 ? static_cast<double>(rows) * blocks * kMargin : 0;
    capacity_ = std::max(rows, static_cast<size_t>(all));
    used_ = 0;
    memory_ = std::make_shared<Block>(capacity_ * columns_ * sizeof(double));
    memory_->prefer_huge_pages();
  }
  NumberPlace place = {.memory = memory_,
                       .begin = reinterpret_cast<double*>(memory_->data()) + used_,
                       .stride = capacity_};
  used_ += rows;
  bytes_ -= std::min(bytes_, bytes);
  return place;
}

}  // namespace cornu::inline v0::datasets
