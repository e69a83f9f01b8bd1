#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/datasets/dataset.h"

namespace cornu::inline v0::datasets {

/// Rows to train on and rows that validate, each ascending.
struct RowSplit {
  std::vector<uint64_t> train, test;
};

/// A part `fraction` of the rows of each class, drawn by `seed` alone, tests: of n rows the nearest
/// whole number to n × fraction, and fewer than n. A class of one row trains. Rows whose class is
/// below 0 belong to neither.
CORNU_API RowSplit split_rows(std::span<const int64_t> classes, double fraction, uint64_t seed);

/// The same of samples: by class of integer labels, of all alike where targets are other numbers.
CORNU_API RowSplit split_rows(const Dataset& data, double fraction, uint64_t seed);

/// The samples of these rows, copied in that order, under the same description.
CORNU_API Dataset samples_of(const Dataset& data, std::span<const uint64_t> rows);

/// The samples of `data` by split_rows.
CORNU_API DatasetParts split(const Dataset& data, double fraction, uint64_t seed);

}  // namespace cornu::inline v0::datasets
