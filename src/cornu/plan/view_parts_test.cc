#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "cornu/core/sanitized_test.h"
#include "cornu/layers/activation_layer.h"
#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/concatenate.h"
#include "cornu/layers/embedding.h"
#include "cornu/layers/global_pooling.h"
#include "cornu/layers/image_edges.h"
#include "cornu/layers/input.h"
#include "cornu/layers/merge.h"
#include "cornu/layers/relu.h"
#include "cornu/layers/softmax.h"
#include "cornu/layers/spatial_dropout.h"
#include "cornu/models/model.h"
#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace view_parts_test {

using testing::Contains;
using testing::Not;

/// Columns [begin, begin + extent) of an axis, without a gradient.
struct CutOptions {
  int64_t axis = 1, begin = 0, extent = 0;
  std::string name = {};
  bool trainable = true;
  static void visit_fields(auto& self, auto& v) {
    v("axis", self.axis);
    v("begin", self.begin);
    v("extent", self.extent);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};
class CutDescription final : public LayerWith<CutOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return "Cut"; }
  Slots lower(Builder& b, Slots x, Mode) const override {
    return b.emit(ops::Slice{options.axis, options.begin, options.extent}, x);
  }
};
Layer cut(int64_t axis, int64_t begin, int64_t extent) {
  return Layer(std::make_shared<CutDescription>(CutOptions{axis, begin, extent}));
}

std::vector<std::string> op_names(const Plan& plan) {
  std::vector<std::string> names;
  for (const Op& op : plan.ops) names.emplace_back(name(op.what));
  return names;
}

int64_t views(const Plan& plan) {
  return std::ranges::count_if(plan.slots, [](const Slot& s) { return s.strides.has_value(); });
}

Plan plan_of_model(const Model& model, Mode mode, const std::vector<std::string>& without = {}) {
  const Spec spec{.x = {{model.inputs()[0].shape().without_rows(), {}}},
                  .y = {{{}, {.dtype = DType::uint8}}},
                  .size = 0};
  const Optimizer optimizer = "adam";
  const Loss loss = "sparse_categorical_crossentropy";
  return improve(make_plan(model.graph(), spec, {loss}, &optimizer, {.mode = mode, .capacity = 16}),
                 without);
}

/// Branches of a dense network: one part is in two concatenations, another is small.
Model features(const std::shared_ptr<Team>& team, const std::vector<std::string>& without) {
  const SymbolicTensor x = Input({.shape = {20}});
  const SymbolicTensor h = Dense(160, "relu")(x);
  const SymbolicTensor a = Dense(128, "sigmoid")(h);
  const SymbolicTensor b = Dense(136, "relu")(h);
  const SymbolicTensor inner = Concatenate()({a, b});
  const SymbolicTensor outer = Concatenate()({inner, Dropout({.rate = 0.3F})(h), Dense(4)(h)});
  const SymbolicTensor again = Concatenate()({Dense(128, "tanh")(outer), a, Softmax()(b), x});
  Model model({x}, {Dense(7, "softmax")(Add()({Dense(136)(again), b}))});
  model.compile({.optimizer = "adam",
                 .loss = "sparse_categorical_crossentropy",
                 .execution = {.team = team, .minimum_work = 0, .without = without}});
  return model;
}

/// Branches of convolutions side by side, cropped, pooled, and flattened beside each other.
Model branches(const std::shared_ptr<Team>& team, const std::vector<std::string>& without) {
  const SymbolicTensor x = Input({.shape = {9, 10, 3}});
  const SymbolicTensor a = Conv2D(128, 1, "relu")(x);
  const SymbolicTensor b =
      Conv2D({.filters = 144, .kernel_size = {3}, .padding = "same", .activation = "relu"})(x);
  const SymbolicTensor c = Conv2D(128, 1)(MaxPooling2D(3, {1}, "same")(x));
  const SymbolicTensor all = Concatenate()({a, b, c});
  const SymbolicTensor inside = Conv2D(32, 3, "relu")(Cropping2D({.cropping = {1, 2, 2, 0}})(all));
  const SymbolicTensor again =
      Conv2D({.filters = 32, .kernel_size = {2}, .strides = {2}, .groups = 2})(b);
  const SymbolicTensor padded =
      Conv2D({.filters = 4, .kernel_size = {3}, .padding = "same", .activation = "tanh"})(a);
  const SymbolicTensor features = Concatenate()(
      {Flatten()(MaxPooling2D(2)(inside)), GlobalAveragePooling2D()(SpatialDropout2D(0.2F)(all)),
       GlobalMaxPooling2D()(all), Flatten()(AveragePooling2D(2)(again)), Flatten()(padded)});
  Model model({x}, {Dense(7, "softmax")(features)});
  model.compile({.optimizer = "adam",
                 .loss = "sparse_categorical_crossentropy",
                 .execution = {.team = team, .minimum_work = 0, .without = without}});
  return model;
}

/// Each block's output joins those of all before it (Huang et al. 2017).
Model blocks(const std::shared_ptr<Team>& team, const std::vector<std::string>& without) {
  const SymbolicTensor x = Input({.shape = {6, 5, 3}});
  SymbolicTensor all = Conv2D(128, 1)(x);
  for (int i = 0; i < 3; ++i) {
    const SymbolicTensor normal = ReLU()(BatchNormalization()(all));
    all = Concatenate()(
        {all, Conv2D({.filters = 128, .kernel_size = {3}, .padding = "same"})(normal)});
  }
  Model model({x}, {Dense(7, "softmax")(GlobalAveragePooling2D()(all))});
  model.compile({.optimizer = "adam",
                 .loss = "sparse_categorical_crossentropy",
                 .execution = {.team = team, .minimum_work = 0, .without = without}});
  return model;
}

/// The network's input, which lies in the memory of a batch.
Model cropped(const std::shared_ptr<Team>& team, const std::vector<std::string>& without) {
  const SymbolicTensor x = Input({.shape = {8, 9, 32}});
  Model model({x}, {Dense(7, "softmax")(Flatten()(Conv2D(4, 3, "relu")(Cropping2D(1)(x))))});
  model.compile({.optimizer = "adam",
                 .loss = "sparse_categorical_crossentropy",
                 .execution = {.team = team, .minimum_work = 0, .without = without}});
  return model;
}

/// Vectors of several indices, as one row.
Model indices(const std::shared_ptr<Team>& team, const std::vector<std::string>& without) {
  const SymbolicTensor x = Input({.shape = {4}});
  const SymbolicTensor one = Flatten()(Embedding({.input_dim = 9, .output_dim = 40})(x));
  const SymbolicTensor other = Flatten()(Embedding({.input_dim = 5, .output_dim = 32})(x));
  Model model({x}, {Dense(7, "softmax")(Dense(16, "relu")(Concatenate()({one, other})))});
  model.compile({.optimizer = "adam",
                 .loss = "sparse_categorical_crossentropy",
                 .execution = {.team = team, .minimum_work = 0, .without = without}});
  return model;
}

using MakeModel = Model (*)(const std::shared_ptr<Team>&, const std::vector<std::string>&);

Tensor numbers(const Shape& shape, int64_t most) {
  Tensor x(shape, DType::float32);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i * i % 251 % most);
  }
  return x;
}

// The weights after two epochs, and predictions.
std::vector<Tensor> trained(MakeModel make, int members, int64_t batch_size,
                            const std::vector<std::string>& without) {
  Model model = make(std::make_shared<Team>(members), without);
  const Shape x = model.inputs()[0].shape();
  Tensor y(Shape{13}, DType::uint8);
  for (uint8_t i = 0; i < 13; ++i) y.span<uint8_t>()[i] = i % 7;
  const int64_t steps = kSanitized ? std::min<int64_t>(3, (13 + batch_size - 1) / batch_size) : 0;
  model.fit(Dataset(numbers(x.with_rows(13), 5), std::move(y)),
            {.batch_size = batch_size, .epochs = 2, .verbose = 0, .steps_per_epoch = steps});
  std::vector<Tensor> all;
  for (const auto& [name, weight] : model.weights()) all.emplace_back(weight);
  for (const int64_t rows : {1, 2, 6}) {
    all.push_back(model.predict(numbers(x.with_rows(rows), 4)));
  }
  return all;
}

TEST(ViewParts, GiveTheBitsOfCopies) {
  for (const MakeModel make : {features, branches, blocks, cropped, indices}) {
    for (const int64_t batch_size : {1, 2, 13}) {
      const auto copied = trained(make, 1, batch_size, {"view_parts"});
      for (const int members : {1, 2, 3}) {
        const auto viewed = trained(make, members, batch_size, {});
        ASSERT_EQ(viewed.size(), copied.size());
        for (size_t i = 0; i < viewed.size(); ++i) {
          EXPECT_EQ(std::memcmp(viewed[i].data(), copied[i].data(), copied[i].nbytes()), 0)
              << i << ", batches of " << batch_size << ", " << members << " members";
        }
      }
    }
  }
}

TEST(ViewParts, ConcatenationsOfPartsThatOpsWriteInPlaceAreGone) {
  const Plan plan = plan_of_model(branches(nullptr, {}), Mode::predict);
  EXPECT_EQ(count(plan, "rearrange"), 0) << "a cropping that a convolution reads";
  // Of the features the last is written pixel by pixel, four numbers each.
  EXPECT_EQ(count(plan, "concatenate"), 1);
  EXPECT_THAT(op_names(plan_of_model(blocks(nullptr, {}), Mode::training)),
              Not(Contains("concatenate")));
  const Plan of_indices = plan_of_model(indices(nullptr, {}), Mode::training);
  EXPECT_THAT(op_names(of_indices), Not(Contains("concatenate")));
  EXPECT_THAT(op_names(of_indices), Not(Contains("slice"))) << "nor are gradients copied";
}

TEST(ViewParts, ConcatenationsOfConcatenationsAreGone) {
  const SymbolicTensor x = Input({.shape = {20}});
  SymbolicTensor all = Dense(128)(x);
  for (int i = 0; i < 3; ++i) all = Concatenate()({Dense(160, "relu")(all), all});
  const Plan plan = plan_of_model(Model({x}, {Dense(7)(all)}), Mode::predict);
  EXPECT_THAT(op_names(plan), Not(Contains("concatenate")));
  EXPECT_EQ(views(plan), 6) << "four parts, in two smaller concatenations that are parts, too";
}

TEST(ViewParts, WhatHasNoPlaceOfItsOwnIsCopied) {
  const Plan plan = plan_of_model(features(nullptr, {}), Mode::predict);
  // One has the network's input, one a narrow part, and one a part that lies in the first.
  EXPECT_EQ(count(plan, "concatenate"), 3);
  EXPECT_EQ(views(plan), 6);
}

TEST(ViewParts, AreNoResults) {
  const SymbolicTensor x = Input({.shape = {20}});
  const SymbolicTensor a = Dense(128, "relu")(x);
  const SymbolicTensor both = Concatenate()({a, Dense(160)(x)});
  const Model model({x}, {a, Dense(7)(both)});
  const Spec spec{.x = {{{20}, {}}}, .y = {}, .size = 0};
  const Plan plan =
      improve(make_plan(model.graph(), spec, {}, nullptr, {.mode = Mode::predict, .capacity = 8}));
  EXPECT_EQ(count(plan, "concatenate"), 1);
  EXPECT_EQ(views(plan), 1);
  for (const SlotId result : plan.results()) EXPECT_FALSE(plan.slot(result).strides);
}

TEST(ViewParts, StepsOfASequenceAreReadWhereTheyLie) {
  const auto make = [](const std::vector<std::string>& without) {
    const SymbolicTensor x = Input({.shape = {6, 8}});
    const SymbolicTensor all = Dense(128, "tanh")(x);
    const SymbolicTensor sum = Add()({cut(1, 0, 1)(all), cut(1, 5, 1)(all)});
    const SymbolicTensor some = Dense(128)(Flatten()(cut(1, 1, 3)(all)));
    Model model({x},
                {Concatenate()({Flatten()(sum), some, Dense(144)(Flatten()(cut(1, 2, 1)(all)))})});
    model.execute_with({.team = std::make_shared<Team>(2), .minimum_work = 0, .without = without});
    return model;
  };
  const Tensor x = numbers({5, 6, 8}, 7);
  const Tensor viewed = make({}).predict(x);
  EXPECT_EQ(std::memcmp(viewed.data(), make({"view_parts"}).predict(x).data(), viewed.nbytes()), 0);
  const Spec spec{.x = {{{6, 8}, {}}}, .y = {}, .size = 0};
  const Model model = make({});
  const Plan plan =
      improve(make_plan(model.graph(), spec, {}, nullptr, {.mode = Mode::predict, .capacity = 8}));
  EXPECT_EQ(count(plan, "slice"), 0);
}

TEST(ViewParts, NumbersThatChangeAfterTheCopyAreCopied) {
  const SymbolicTensor x = Input({.shape = {6, 8}});
  const SymbolicTensor all = Dense(128, "tanh")(x);
  const Model model({x}, {Dense(16)(Flatten()(cut(1, 1, 3)(all)))});
  const Spec spec{.x = {{{6, 8}, {}}}, .y = {}, .size = 0};
  Plan plan = make_plan(model.graph(), spec, {}, nullptr, {.mode = Mode::predict, .capacity = 8});
  Plan changing = plan;
  const auto is_slice = [](const Op& op) { return name(op.what) == "slice"; };
  const auto slice = std::ranges::find_if(changing.ops, is_slice);
  const Op writer = *(slice - 1);
  ASSERT_EQ(writer.out[0], slice->in[0]);
  changing.ops.insert(slice + 1, writer);
  view_parts(plan);
  view_parts(changing);
  EXPECT_EQ(count(plan, "slice"), 0);
  EXPECT_EQ(count(changing, "slice"), 1);
}

// Two members that wrote columns of both parts wait before they read the whole, not between parts.
TEST(ViewParts, AreWaitedForAsTheWholeIs) {
  const SymbolicTensor x = Input({.shape = {20}});
  const SymbolicTensor both = Concatenate()({Dense(128, "relu")(x), Dense(128, "relu")(x)});
  const Plan plan = plan_of_model(Model({x}, {Dense(7, "softmax")(both)}), Mode::training);
  std::vector<std::string> waits;
  for (const Op& op : make_schedule(plan, 2).ops) {
    if (op.phase != Phase::forward || name(op.what) != "product") continue;
    waits.push_back(split_text(op) + (op.barrier ? ", waits" : ""));
  }
  EXPECT_THAT(waits, testing::ElementsAre("axis -1", "axis -1", "axis 0, waits"));
}

// Of one image, two members each compute some rows: those of a part are other rows of the whole.
TEST(ViewParts, RowsThatLieElsewhereInThemAreWaitedFor) {
  const SymbolicTensor x = Input({.shape = {8, 16, 64}});
  const auto half = [&] {
    return Add()({Conv2D({.filters = 64, .kernel_size = {3}, .padding = "same"})(x), x});
  };
  const SymbolicTensor whole = Concatenate({.axis = 1})({half(), half()});
  const SymbolicTensor middle = ReLU()(Cropping2D({.cropping = {4, 4, 0, 0}})(whole));
  const Model model({x}, {middle});
  const Spec spec{.x = {{{8, 16, 64}, {}}}, .y = {}, .size = 0};
  const Plan plan =
      improve(make_plan(model.graph(), spec, {}, nullptr, {.mode = Mode::predict, .capacity = 1}));
  EXPECT_THAT(op_names(plan), Not(Contains("concatenate")));
  EXPECT_THAT(op_names(plan), Not(Contains("rearrange")));
  const Schedule schedule = make_schedule(plan, 2);
  for (const Op& op : schedule.ops) EXPECT_EQ(split_text(op), "axes 0-1");
  const Op& last = schedule.ops.back();
  EXPECT_EQ(name(last.what), "pointwise");
  EXPECT_TRUE(last.barrier);
}

TEST(ViewParts, TakeNoMemoryOfTheirOwn) {
  const Model model = branches(nullptr, {});
  const auto arena = [&](const std::vector<std::string>& without) {
    return make_schedule(plan_of_model(model, Mode::predict, without), 1).arena_bytes;
  };
  EXPECT_LT(arena({}), arena({"view_parts"}));
}

}  // namespace view_parts_test
}  // namespace cornu::inline v0
