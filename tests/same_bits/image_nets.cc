#include <memory>
#include <utility>
#include <vector>

#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/concatenate.h"
#include "cornu/layers/convolution.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/depthwise_conv_2d.h"
#include "cornu/layers/dropout.h"
#include "cornu/layers/flatten.h"
#include "cornu/layers/global_pooling.h"
#include "cornu/layers/image_edges.h"
#include "cornu/layers/input.h"
#include "cornu/layers/pooling.h"
#include "cornu/layers/reshape.h"
#include "cornu/layers/spatial_dropout.h"
#include "cornu/layers/up_sampling_2d.h"
#include "cornu/models/model.h"
#include "nets.h"

namespace {

Net classifier(cornu::Dataset data, int64_t columns, std::vector<cornu::Layer> layers,
               const cornu::Optimizer& optimizer) {
  layers.insert(layers.begin(), cornu::Input({columns}));
  layers.push_back(cornu::Dense({.units = kClasses, .activation = "softmax"}));
  return {.data = std::move(data),
          .model = std::make_unique<cornu::Sequential>(std::move(layers)),
          .options = {.optimizer = optimizer, .loss = "sparse_categorical_crossentropy"},
          .brief_epochs = 1};
}

}  // namespace

std::vector<Net> image_nets(const cornu::Dataset& floats) {
  std::vector<Net> nets;
  nets.push_back(classifier(
      floats, 12,
      {cornu::Dense({.units = 720, .activation = "tanh"}), cornu::Reshape({6, 5, 24}),
       cornu::MaxPooling2D(3, {2}, "same"), cornu::AveragePooling2D({2, 1}, {1}),
       cornu::UpSampling2D(2), cornu::ZeroPadding2D(1), cornu::BatchNormalization(1),
       cornu::SpatialDropout2D(0.2), cornu::MaxPooling2D({.data_format = "channels_first"}),
       cornu::GlobalMaxPooling2D()},
      "adam"));
  return nets;
}

std::vector<Net> convolution_nets(const cornu::Dataset& floats, const cornu::Dataset& bytes) {
  std::vector<Net> nets;
  nets.push_back(classifier(
      floats, 12,
      {cornu::Dense({.units = 216}), cornu::Reshape({9, 8, 3}), cornu::Conv2D(40, 3, "relu"),
       cornu::Conv2D({.filters = 24, .kernel_size = {3}, .padding = "same", .groups = 2}),
       cornu::MaxPooling2D(2),
       cornu::Conv2D({.filters = 9, .kernel_size = {2}, .strides = {2}, .padding = "same"}),
       cornu::Flatten()},
      "adam"));
  // The first convolution reads bytes.
  nets.push_back(classifier(cornu::Dataset(bytes).divide(255), 72,
                            {cornu::Reshape({9, 8, 1}), cornu::Conv2D(20, 3, "relu"),
                             cornu::Conv2D(8, 2, "tanh"), cornu::Flatten()},
                            "nadam"));
  return nets;
}

std::vector<Net> depthwise_nets(const cornu::Dataset& floats, const cornu::Dataset& bytes) {
  std::vector<Net> nets;
  nets.push_back(classifier(
      floats, 12,
      {cornu::Dense({.units = 360}), cornu::Reshape({9, 8, 5}),
       cornu::DepthwiseConv2D({.kernel_size = {3}, .depth_multiplier = 4, .activation = "relu"}),
       cornu::DepthwiseConv2D({3, 2}, {2, 1}, "same"),
       cornu::DepthwiseConv2D({.kernel_size = {2}, .dilation_rate = {1, 2}, .activation = "tanh"}),
       cornu::Flatten()},
      "adam"));
  // The first one reads bytes.
  nets.push_back(classifier(
      cornu::Dataset(bytes).divide(255), 72,
      {cornu::Reshape({6, 4, 3}),
       cornu::DepthwiseConv2D({.kernel_size = {3}, .padding = "same", .depth_multiplier = 2}),
       cornu::DepthwiseConv2D(2), cornu::Flatten()},
      "nadam"));
  return nets;
}

// Parts that are written beside each other, and read where they lie.
std::vector<Net> part_nets(const cornu::Dataset& floats) {
  using cornu::Concatenate;
  const cornu::Input x({12});
  const auto a = cornu::Dense(160, "relu")(x);
  const auto b = Concatenate()({cornu::Dense(128, "tanh")(x), cornu::Dense(144)(a), a});
  const auto images = cornu::Reshape({3, 3, 16})(cornu::Dense(144)(b));
  const auto c = cornu::Conv2D(
      {.filters = 128, .kernel_size = {3}, .padding = "same", .activation = "relu"})(images);
  const auto both = Concatenate()({images, c});
  const auto d = cornu::Conv2D(128, 1)(cornu::BatchNormalization()(both));
  const auto inside = cornu::Conv2D(
      64, 2, "relu")(cornu::Cropping2D({.cropping = {1, 0, 0, 1}})(Concatenate()({both, d})));
  const auto features = Concatenate()({cornu::Flatten()(cornu::AveragePooling2D(2, {1})(c)),
                                       cornu::Flatten()(inside), cornu::Dropout(0.2F)(b)});
  const auto y = cornu::Dense(kClasses, "softmax")(features);
  std::vector<Net> nets;
  nets.push_back({.data = floats,
                  .model = std::make_unique<cornu::Model>(cornu::SymbolicTensors{x},
                                                          cornu::SymbolicTensors{y}),
                  .options = {.optimizer = "adam", .loss = "sparse_categorical_crossentropy"},
                  .epochs = 1,
                  .brief_epochs = 1});
  return nets;
}
