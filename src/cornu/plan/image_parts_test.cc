#include "cornu/plan/image_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>

#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/concatenate.h"
#include "cornu/layers/depthwise_conv_2d.h"
#include "cornu/layers/global_pooling.h"
#include "cornu/layers/input.h"
#include "cornu/layers/merge.h"
#include "cornu/layers/relu.h"
#include "cornu/models/model.h"
#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace image_parts_test {

using testing::ElementsAre;

TEST(PoolPart, SeesTheRowsOfItsWindows) {
  const ops::Window window = {.height = 3, .width = 3, .down = 2, .right = 2, .same = true};
  const Shape large = {kRows, 7, 7, 4};
  const Shape small = {kRows, 4, 4, 4};
  const auto rows = [&](int64_t begin, int64_t end) {
    const PoolPart part = pool_part(window, large, small, {{0, 1}, {begin * 4, end * 4}});
    return std::vector<int64_t>{part.first_row, part.shape.rows, part.shape.top,
                                part.shape.out_rows};
  };
  EXPECT_THAT(rows(0, 4), ElementsAre(0, 7, 1, 4));
  EXPECT_THAT(rows(0, 1), ElementsAre(0, 2, 1, 1));
  EXPECT_THAT(rows(1, 3), ElementsAre(1, 5, 0, 2));
  EXPECT_THAT(rows(3, 4), ElementsAre(5, 2, 0, 1));
}

/// A network with each op that divides the rows of images, on images (21, 19, 3).
Model image_model(const std::shared_ptr<Team>& team) {
  const SymbolicTensor x = Input({.shape = {21, 19, 3}});
  const SymbolicTensor a =
      Conv2D({.filters = 24, .kernel_size = {3}, .padding = "same", .activation = "relu"})(x);
  SymbolicTensor b = Conv2D({.filters = 24, .kernel_size = {3}, .padding = "same", .groups = 2})(a);
  b = ReLU()(BatchNormalization()(b));
  b = Add()({a, b});
  b = MaxPooling2D({.pool_size = {3}, .strides = {2}, .padding = "same"})(b);
  b = DepthwiseConv2D({.kernel_size = {3}, .padding = "same", .activation = "relu"})(b);
  b = Conv2D({.filters = 32, .kernel_size = {3}, .strides = {2}, .activation = "tanh"})(b);
  b = MaxPooling2D(2)(Conv2D(64, 3, "relu")(b));
  const SymbolicTensor places = Dense(64, "relu")(AveragePooling2D(2, {1}, "same")(a));
  const SymbolicTensor line = Reshape({21 * 19, 64})(places);
  const SymbolicTensor sums = GlobalAveragePooling1D()(Conv1D(8, 5, "relu")(line));
  Model model({x}, {Dense(40, "softmax")(Concatenate()({Flatten()(b), sums}))});
  model.compile({.optimizer = "adam",
                 .loss = "sparse_categorical_crossentropy",
                 .execution = {.team = team, .minimum_work = 0}});
  return model;
}

Model trained_model(const std::shared_ptr<Team>& team, int64_t batch_size) {
  Tensor x(Shape{7, 21, 19, 3}, DType::float32);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i * i % 251) / 251;
  }
  const Tensor y = Tensor::of<uint8_t>({7}, {1, 0, 3, 2, 4, 6, 5});
  Model model = image_model(team);
  model.fit(Dataset(std::move(x), y), {.batch_size = batch_size, .epochs = 2, .verbose = 0});
  return model;
}

Tensor images(int64_t count) {
  Tensor x(Shape{count, 21, 19, 3}, DType::float32);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i * 3 % 17) / 17;
  }
  return x;
}

bool same_bits(const TensorView& a, const TensorView& b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.nbytes()) == 0;
}

TEST(ImageParts, AreComputedAsWholeImagesAre) {
  for (const int64_t batch_size : {1, 2, 3}) {
    const Model alone = trained_model(std::make_shared<Team>(1), batch_size);
    for (const int members : {2, 3, 5}) {
      const Model shared = trained_model(std::make_shared<Team>(members), batch_size);
      for (size_t i = 0; i < alone.weights().size(); ++i) {
        EXPECT_TRUE(same_bits(alone.weights()[i].second, shared.weights()[i].second))
            << alone.weights()[i].first << ", batches of " << batch_size << ", " << members;
      }
      for (const int64_t count : {1, 2, 4, 7}) {
        EXPECT_TRUE(same_bits(alone.predict(images(count)), shared.predict(images(count))))
            << count << " images, " << members << " members";
      }
    }
  }
}

// The ops of this name, as two members carry them out, where a run has `rows` rows.
std::vector<Op> scheduled(std::string_view of, int64_t rows, Mode mode = Mode::predict) {
  const Model model = image_model(nullptr);
  const Spec spec{.x = {{{21, 19, 3}, {}}}, .y = {{{}, {.dtype = DType::uint8}}}, .size = 0};
  const Optimizer optimizer = "adam";
  const Loss loss = "sparse_categorical_crossentropy";
  const Plan plan =
      improve(make_plan(model.graph(), spec, {loss}, &optimizer, {.mode = mode, .capacity = rows}));
  std::vector<Op> found;
  for (const Op& op : make_schedule(plan, 2).ops) {
    if (name(op.what) == of) found.push_back(op);
  }
  return found;
}

// How they divide them, from first to last.
std::vector<std::string> splits(std::string_view of, int64_t rows, Mode mode = Mode::predict) {
  std::vector<std::string> found;
  for (const Op& op : scheduled(of, rows, mode)) found.push_back(split_text(op));
  return found;
}

// The second convolution sees rows that the other member computes; what is added to it does not.
TEST(ImageParts, WhatReadsAroundItsPlacesWaitsForThem) {
  EXPECT_FALSE(scheduled("convolution", 1)[0].barrier);
  EXPECT_TRUE(scheduled("convolution", 1)[1].barrier);
  EXPECT_FALSE(scheduled("combine", 1)[0].barrier);
  EXPECT_FALSE(scheduled("convolution", 2)[1].barrier);
}

TEST(ImageParts, AreSharedOnlyWhereABatchHasFewImages) {
  const std::string rows = "axes 0-1";
  // In the order of the plan; two are too small for parts to pay.
  EXPECT_THAT(splits("convolution", 1), ElementsAre(rows, rows, "axis 0", "axis 0", "axes 0-2"));
  EXPECT_THAT(splits("convolution", 2), testing::Each("axis 0"));
  EXPECT_THAT(splits("convolution", 128), testing::Each("axis 0"));
  EXPECT_THAT(splits("scale_columns", 1), ElementsAre(rows)) << "as the convolution before it";
  EXPECT_THAT(splits("combine", 1), ElementsAre(rows));
  EXPECT_THAT(splits("convolution_back", 1, Mode::training), testing::Contains(rows));
}

}  // namespace image_parts_test
}  // namespace cornu::inline v0
