#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// While it lives, layers that are built on this thread get zeros as weights, since a file has their
/// values, and no more of them than it has: a network that a file only claims costs no memory.
class CORNU_API WeightsFromFile {
 public:
  /// `elements` of all weights together.
  explicit WeightsFromFile(uint64_t elements);
  ~WeightsFromFile();
  WeightsFromFile(const WeightsFromFile&) = delete;
  WeightsFromFile& operator=(const WeightsFromFile&) = delete;

  /// Zeros for a weight; none if there is no file. Error, which names the weight `where`, when they
  /// would be more than the file has.
  static std::optional<Tensor> zeros(const Shape& shape, const std::string& where);

 private:
  uint64_t left_;
  WeightsFromFile* const before_;
};

}  // namespace cornu::inline v0
