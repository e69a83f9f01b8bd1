#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "cornu/core/export.h"
#include "cornu/datasets/dataset.h"

namespace cornu::inline v0::datasets {

/// How many samples are there more than once. The content of a sample is its input alone.
struct Duplicates {
  int64_t train = 0;          ///< for training, whose content an earlier one of them has
  int64_t same_label = 0;     ///< those of them whose label, too, an earlier one has
  int64_t test = 0;           ///< of the test part, whose content an earlier one of it has
  int64_t test_in_train = 0;  ///< of the test part, whose content one for training has
  int64_t two_labels = 0;     ///< of both parts, whose content occurs with another label, too
};

/// Samples by number, those for training first. Equal hashes are not yet equal contents.
struct HashedSamples {
  std::span<const uint64_t> hashes;
  int64_t train_size = 0;
  std::function<bool(int64_t, int64_t)> are_equal;  ///< whether two have the same content
  std::function<uint64_t(int64_t)> label;           ///< equal for equal labels alone
};
CORNU_API Duplicates count_duplicates(const HashedSamples& samples);

/// Those of both parts, byte by byte.
CORNU_API Duplicates duplicates_in(const DatasetParts& parts);

}  // namespace cornu::inline v0::datasets
