#include "cornu/plan/batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "cornu/core/error.h"
#include "cornu/datasets/dataset.h"
#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace batches_test {

using ::testing::ElementsAre;

/// Ten images (5, 4) of bytes, all bytes of an image being its index, with labels.
Dataset pictures() {
  Tensor x(Shape{10, 5, 4}, DType::uint8);
  Tensor y(Shape{10}, DType::uint8);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<uint8_t>()[static_cast<size_t>(i)] = static_cast<uint8_t>(i / 20);
  }
  for (size_t i = 0; i < 10; ++i) y.span<uint8_t>()[i] = static_cast<uint8_t>(i % 3);
  return Dataset(std::move(x), std::move(y)).divide(255).to_categorical(3);
}

Plan plan_without(std::vector<std::string> passes, Mode mode = Mode::training) {
  return improve(plan_of(tutorial_graph(), mode, "adam", 4), passes);
}

/// The index that each row of a batch is filled with.
std::vector<int> numbers_in(const Batch& batch) {
  std::vector<int> numbers;
  for (int64_t row = 0; row < batch.rows; ++row) {
    const auto at = static_cast<size_t>(row);
    const std::byte* picture =
        batch.is_in_place(0) ? batch.x_rows[0][at] : batch.x[0].data() + at * 20;
    numbers.push_back(static_cast<int>(picture[19]));
  }
  return numbers;
}

TEST(Batches, AreChosenInOrderAndFilledByRows) {
  const Dataset source = pictures();
  const std::vector<uint64_t> ids{7, 2, 9, 4, 0, 1};
  for (const bool in_place : {true, false}) {
    const Plan plan = plan_without(in_place ? std::vector<std::string>{}
                                            : std::vector<std::string>{"read_in_place"});
    Batches batches(source, plan, 4, 2, SampleOrder::any);
    for (int pass = 0; pass < 2; ++pass) {
      batches.begin(ids);
      Batch* first = batches.next();
      Batch* second = batches.next();
      EXPECT_EQ(batches.next(), nullptr);
      ASSERT_NE(first, second);
      EXPECT_EQ(first->rows, 4);
      EXPECT_EQ(second->rows, 2);
      batches.gather(*second, 0, 2);
      batches.gather(*first, 2, 4);
      batches.gather(*first, 0, 2);
      EXPECT_EQ(first->is_in_place(0), in_place);
      EXPECT_THAT(numbers_in(*first), ElementsAre(7, 2, 9, 4));
      EXPECT_THAT(numbers_in(*second), ElementsAre(0, 1));
      EXPECT_EQ(first->y[0].span<uint8_t>()[2], 0);  // the label of 9
      EXPECT_EQ(second->sample.data(), ids.data() + 4);
    }
  }
}

TEST(Batches, InPlaceUseTheMemoryOfTheSource) {
  const Dataset source = pictures().skip(3);
  Batches batches(source, plan_without({}), 4, 1, SampleOrder::any);
  const std::vector<uint64_t> ids{6, 0};
  batches.begin(ids);
  Batch* batch = batches.next();
  batches.gather(*batch, 0, 2);
  EXPECT_EQ(batch->x[0].size(), 0);
  EXPECT_EQ(batch->x_rows[0][0], source.x().data() + 6 * 20);
  EXPECT_EQ(batch->x_rows[0][1], source.x().data());
}

TEST(Batches, OnOneThreadOneIsReused) {
  const Dataset source = pictures();
  const Plan plan = plan_without({});
  std::vector<uint64_t> ids(10);
  std::iota(ids.begin(), ids.end(), uint64_t{0});
  for (const int threads : {1, 2}) {
    Batches batches(source, plan, 2, threads, SampleOrder::any);
    batches.begin(ids);
    const Batch* first = batches.next();
    std::vector<bool> same;
    for (int i = 0; i < 4; ++i) same.push_back(batches.next() == first);
    const bool one = threads == 1;
    EXPECT_THAT(same, ElementsAre(one, one, one, true));
    batches.rewind();
    EXPECT_EQ(batches.next()->sample.data(), ids.data());
  }
}

TEST(Batches, InOrderNothingIsCopiedWhateverThePlanReads) {
  const Dataset source = pictures();
  const Plan plan = plan_without({"read_in_place"}, Mode::evaluate);
  const std::vector<uint64_t> ids{5, 6, 7};
  Batches batches(source, plan, 4, 1, SampleOrder::ascending);
  batches.begin(ids);
  Batch* batch = batches.next();
  batches.gather(*batch, 0, 3);
  EXPECT_TRUE(batch->is_in_place(0));
  EXPECT_THAT(numbers_in(*batch), ElementsAre(5, 6, 7));
}

/// Images whose memory does not fit their spec.
class Mistaken final : public Source {
 public:
  explicit Mistaken(Tensor x) : x_(std::move(x)) {}
  Spec spec() const override { return pictures().spec(); }
  void fill(std::span<const uint64_t>, int64_t, Batch&) const override {}
  TensorView stored_x(size_t) const override { return x_; }

 private:
  Tensor x_;
};

TEST(Batches, OfMemoryThatDoesNotFitTheSpecAreRefused) {
  const auto message = [](Tensor x) -> std::string {
    try {
      Batches(Mistaken(std::move(x)), plan_without({}), 4, 1, SampleOrder::any);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(message(Tensor(Shape{10, 5, 4}, DType::uint8)), "no error");
  EXPECT_EQ(message(Tensor(Shape{9, 5, 4}, DType::uint8)),
            "Source::stored_x(0): expected 10 samples of uint8 (5, 4), got uint8 (9, 5, 4).");
  EXPECT_NE(message(Tensor(Shape{10, 5, 3}, DType::uint8)), "no error");
  EXPECT_NE(message(Tensor(Shape{10, 5, 4})), "no error");
}

/// Images of floats at an odd address, all of them 0.
class OddlyPlaced final : public Source {
 public:
  Spec spec() const override { return {.x = {{{5, 4}, {}}}, .y = {{{}, {}}}, .size = 10}; }
  void fill(std::span<const uint64_t>, int64_t, Batch&) const override {}
  TensorView stored_x(size_t) const override {
    return {memory_.data() + 1, Shape{10, 5, 4}, DType::float32};
  }

 private:
  std::vector<std::byte> memory_ = std::vector<std::byte>(10 * 20 * sizeof(float) + 1);
};

TEST(Batches, OfNumbersAtAnOddAddressAreCopied) {
  const OddlyPlaced source;
  Batches batches(source, plan_without({}, Mode::evaluate), 4, 1, SampleOrder::ascending);
  const std::vector<uint64_t> ids{0, 1};
  batches.begin(ids);
  const Batch* batch = batches.next();
  EXPECT_FALSE(batch->is_in_place(0));
  EXPECT_EQ(batch->x[0].shape(), (Shape{4, 5, 4}));
}

TEST(Batches, AnIdThatIsNotThereIsRefusedBeforeItIsRead) {
  const Dataset source = pictures();
  Batches batches(source, plan_without({}), 4, 1, SampleOrder::any);
  const std::vector<uint64_t> ids{1, 10};
  batches.begin(ids);
  Batch* batch = batches.next();
  EXPECT_THROW(batches.gather(*batch, 0, 2), Error);
  EXPECT_EQ(batch->x_rows[0][1], nullptr);
}

/// Samples that are computed on request.
class MadeUp final : public Source {
 public:
  Spec spec() const override { return pictures().spec(); }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    pictures().fill(ids, row, batch);
  }
};

TEST(Batches, OfASourceThatHasNoMemoryAreCopied) {
  const MadeUp source;
  const std::vector<uint64_t> ids{8, 3};
  Batches batches(source, plan_without({}), 4, 1, SampleOrder::ascending);
  batches.begin(ids);
  Batch* batch = batches.next();
  batches.gather(*batch, 0, 2);
  EXPECT_FALSE(batch->is_in_place(0));
  EXPECT_THAT(numbers_in(*batch), ElementsAre(8, 3));
}

}  // namespace batches_test
}  // namespace cornu::inline v0
