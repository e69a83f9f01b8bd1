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

/// Classes of the samples.
inline constexpr int64_t kClasses = 5;

/// A small network, its data and how it is trained; metrics are added to the options.
struct Net {
  cornu::Dataset data;
  std::unique_ptr<cornu::Model> model;
  cornu::CompileOptions options;
  std::string part = {};  ///< the activation, loss, optimizer or layer that it tests
  int64_t epochs = kEpochs;
  int64_t brief_epochs = 3;  ///< on an emulated CPU, which takes twenty times as long
  int64_t batch_size = kBatch;
};

/// Networks that share a hash. Each activation, loss, optimizer and layer has its own group, so
/// that adding one adds a hash and changes no other; together the groups hold every op.
struct Group {
  std::string name;
  std::vector<Net> nets;
};
std::vector<Group> groups();

/// Those on images, from samples of 12 floats, and of 72 bytes.
std::vector<Net> image_nets(const cornu::Dataset& floats);
std::vector<Net> part_nets(const cornu::Dataset& floats);
std::vector<Net> convolution_nets(const cornu::Dataset& floats, const cornu::Dataset& bytes);
std::vector<Net> depthwise_nets(const cornu::Dataset& floats, const cornu::Dataset& bytes);
