#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cornu/core/shared_pages.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// While it lives, layers that are built on this thread get weights without values, which a file
/// has, and no more of them than it has: a network that a file only claims costs no memory. Whoever
/// loads it sets every weight, or drops the network.
class CORNU_API WeightsFromFile {
 public:
  /// `elements` of all weights together.
  explicit WeightsFromFile(uint64_t elements);
  ~WeightsFromFile();
  WeightsFromFile(const WeightsFromFile&) = delete;
  WeightsFromFile& operator=(const WeightsFromFile&) = delete;

  /// Memory for a weight; none if there is no file. Error, which names the weight `where`, when the
  /// file has fewer numbers.
  static std::optional<Tensor> unset(const Shape& shape, const std::string& where);

 private:
  uint64_t left_;
  SharedPages memory_;
  WeightsFromFile* const before_;
};

}  // namespace cornu::inline v0
