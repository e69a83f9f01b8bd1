#pragma once

#include <cstddef>
#include <memory>

#include "cornu/core/communicator.h"
#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Memory that all processes see, where they run on one machine. It is gone with the last of them.
class CORNU_API SharedMemory {
 public:
  /// `size` bytes of zeros. All processes call it with the same size. Null, in each of them, if
  /// they run on several machines, if there is no such memory (containers may have little), or if
  /// CORNU_SHARED_MEMORY is 0 in the first.
  static std::unique_ptr<SharedMemory> make(Communicator& processes, size_t size);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  std::byte* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  SharedMemory(std::byte* data, size_t size) : data_(data), size_(size) {}

  std::byte* const data_;
  const size_t size_;
};

}  // namespace cornu::inline v0
