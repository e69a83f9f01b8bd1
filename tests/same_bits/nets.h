#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cornu/models/sequential.h"

/// Rows of a batch, and epochs: 200 steps, the last of each epoch on a short batch.
inline constexpr int64_t kBatch = 16;
inline constexpr int64_t kSamples = 7 * kBatch + 5;
inline constexpr int64_t kEpochs = 25;
static_assert((kSamples + kBatch - 1) / kBatch * kEpochs == 200);

/// A small network, what it is trained on, and how; metrics are added to the options.
struct Net {
  cornu::Dataset data;
  std::unique_ptr<cornu::Model> model;
  cornu::CompileOptions options;
};

/// Networks of one kind, which share a hash; together the groups hold every op there is.
struct Group {
  std::string name;
  std::vector<Net> nets;
};
std::vector<Group> groups();
