#include "cornu/datasets/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "cornu/core/error.h"
#include "cornu/core/team.h"

namespace cornu {
namespace dataset_test {

using testing::ElementsAre;

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// Six images of 2 × 2 bytes, which are 0, 1, 2, … 23, with the labels 0 1 2 0 1 2.
Dataset six_images() {
  Tensor x(Shape{6, 2, 2}, DType::uint8);
  std::iota(x.span<uint8_t>().begin(), x.span<uint8_t>().end(), uint8_t{0});
  const std::vector<uint8_t> labels{0, 1, 2, 0, 1, 2};
  return {std::move(x), Tensor::of<uint8_t>({6}, labels), {.name = "six"}};
}

TEST(Dataset, SaysItsSpecAsStored) {
  const Dataset six = six_images();
  const Spec spec = six.spec();
  EXPECT_EQ(spec.size, 6);
  ASSERT_EQ(spec.x.size(), 1u);
  ASSERT_EQ(spec.y.size(), 1u);
  EXPECT_EQ(spec.x[0].shape, Shape({2, 2}));
  EXPECT_EQ(spec.x[0].encoding.dtype, DType::uint8);
  EXPECT_EQ(spec.y[0].shape, Shape());
  EXPECT_EQ(six.num_classes(), 3);
  EXPECT_EQ(six.info().name, "six");
}

TEST(Dataset, TakesAColumnOfLabelsAsLabels) {
  const std::vector<int32_t> labels{4, 7};
  const Dataset set(Tensor(Shape{2, 3}), Tensor::of<int32_t>({2, 1}, labels));
  EXPECT_EQ(set.y().shape(), Shape({2}));
  EXPECT_EQ(set.num_classes(), 8);
}

TEST(Dataset, KeepsAColumnOfFloatTargets) {
  const Dataset set(Tensor(Shape{2, 3}), Tensor(Shape{2, 1}));
  EXPECT_EQ(set.y().shape(), Shape({2, 1}));
  EXPECT_EQ(set.num_classes(), 0);
}

TEST(Dataset, RefusesUnequalRows) {
  EXPECT_EQ(message_of([] {
              Dataset(Tensor(Shape{3, 2}), Tensor(Shape{4}), {.name = "mine"});
            }),
            "Dataset \"mine\": expected as many targets as inputs along the first axis, got x "
            "(3, 2) and y (4,).");
  EXPECT_EQ(message_of([] { Dataset(Tensor(Shape{}), Tensor(Shape{})); }),
            "Dataset: expected as many targets as inputs along the first axis, got x () and y ().");
}

TEST(Dataset, CopiesShareOneMemory) {
  const Dataset six = six_images();
  const Dataset flat = six.reshape({4}).divide(255).take(3);
  EXPECT_EQ(flat.x().data(), six.x().data());
  EXPECT_EQ(six.x().shape(), Shape({6, 2, 2}));
  EXPECT_EQ(flat.x().shape(), Shape({3, 4}));
}

TEST(Dataset, ReadsTheCallersMemory) {
  const auto x = std::make_shared<const Tensor>(Tensor::of<float>({3, 2}, {1, 2, 3, 4, 5, 6}));
  const Tensor y = Tensor::of<int64_t>({3, 1}, {0, 1, 0});
  std::weak_ptr<const Tensor> kept = x;
  {
    Dataset over({x->view()}, {y.view()}, std::shared_ptr<const void>(x));
    EXPECT_EQ(over.x().data(), x->data());
    EXPECT_EQ(over.y().shape(), Shape({3}));
    EXPECT_EQ(over.skip(1).x().data(), x->data() + 2 * sizeof(float));
    EXPECT_EQ(kept.use_count(), 3);  // of an input and a target, and ours
  }
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_EQ(message_of([&] {
              Dataset({x->view()}, {TensorView(y).rows(0, 2)}, std::shared_ptr<const void>());
            }),
            "Dataset: expected as many targets as inputs along the first axis, got x (3, 2) and y "
            "(2, 1).");
}

TEST(Dataset, ReshapeRefusesAnotherSize) {
  EXPECT_EQ(message_of([] { six_images().reshape({5}); }),
            "Dataset::reshape: expected a sample of 4 elements, as (2, 2) has, got (5,), 5 "
            "elements.");
}

TEST(Dataset, ReshapeRefusesTheAxisOfTheSamples) {
  EXPECT_EQ(message_of([] {
              six_images().reshape({kRows, 4});
            }),
            "Dataset::reshape: expected the shape of one sample, every extent known, got (None, "
            "4). Hint: leave out the axis of the samples");
}

TEST(Dataset, DividesExactly) {
  Tensor x(Shape{256, 1}, DType::uint8);
  std::iota(x.span<uint8_t>().begin(), x.span<uint8_t>().end(), uint8_t{0});
  const Tensor decoded = Dataset(std::move(x), Tensor(Shape{256})).divide(255).decoded_x();
  for (int64_t k = 0; k < 256; ++k) {
    // Double, rounded once to float, is the correctly rounded quotient of such small integers.
    const auto quotient = static_cast<float>(static_cast<double>(k) / 255);
    EXPECT_EQ(decoded.span<float>()[static_cast<size_t>(k)], quotient) << k;
  }
}

TEST(Dataset, DivideRefusesZeroAndNonFiniteDivisors) {
  const Dataset six = six_images();
  const std::string begin =
      "Dataset::divide: expected a divisor that is finite and not 0 in float32, got ";
  EXPECT_EQ(message_of([&] { six.divide(0); }), begin + "0.");
  EXPECT_EQ(message_of([&] { six.divide(std::nan("")); }), begin + "nan.");
  EXPECT_EQ(message_of([&] { six.divide(std::numeric_limits<double>::infinity()); }),
            begin + "inf.");
  EXPECT_EQ(message_of([&] { six.divide(1e-60); }), begin + "1e-60.");
}

TEST(Dataset, DividesOnce) {
  EXPECT_EQ(message_of([] { six_images().divide(2.5).divide(2); }),
            "Dataset::divide: the inputs are divided by 2.5 already. Hint: divide once, by the "
            "product");
}

TEST(Dataset, MakesLabelsOneHot) {
  const Dataset hot = six_images().to_categorical(3);
  EXPECT_EQ(hot.spec().y[0].shape, Shape({3}));
  EXPECT_EQ(hot.spec().y[0].stored(), Shape());
  EXPECT_EQ(hot.num_classes(), 3);
  const Tensor y = hot.take(3).decoded_y();
  EXPECT_EQ(y.shape(), Shape({3, 3}));
  EXPECT_THAT(std::vector<float>(y.span<float>().begin(), y.span<float>().end()),
              ElementsAre(1, 0, 0, 0, 1, 0, 0, 0, 1));
}

TEST(Dataset, DecodesPlainTargetsAsTheyAre) {
  const Tensor y = six_images().skip(4).decoded_y();
  EXPECT_EQ(y.dtype(), DType::uint8);
  EXPECT_THAT(std::vector<uint8_t>(y.span<uint8_t>().begin(), y.span<uint8_t>().end()),
              ElementsAre(1, 2));
}

TEST(Dataset, NamesTheFirstLabelOutOfRange) {
  EXPECT_EQ(message_of([] { six_images().to_categorical(2); }),
            "Dataset::to_categorical: sample 2: label out of range; expected 0 … 1, got 2. Hint: "
            "give to_categorical as many classes as there are, or mend the label");
  const std::vector<int64_t> labels{0, -1};
  const Dataset negative(Tensor(Shape{2, 1}), Tensor::of<int64_t>({2}, labels));
  EXPECT_THAT(message_of([&] { negative.to_categorical(2); }),
              testing::HasSubstr("sample 1: label out of range; expected 0 … 1, got -1"));
}

TEST(Dataset, ToCategoricalRefusesOtherTargets) {
  EXPECT_EQ(message_of([] { six_images().to_categorical(3).to_categorical(3); }),
            "Dataset::to_categorical: expected integer labels, one per sample, got labels that are "
            "one-hot already.");
  const Dataset floats(Tensor(Shape{2, 1}), Tensor(Shape{2, 4}));
  EXPECT_EQ(message_of([&] { floats.to_categorical(4); }),
            "Dataset::to_categorical: expected integer labels, one per sample, got float32 targets "
            "of shape (4,).");
  EXPECT_EQ(message_of([] { six_images().to_categorical(0); }),
            "Dataset::to_categorical: expected classes > 0, got 0.");
}

TEST(Dataset, PartsCountFromTheirOwnBegin) {
  const Dataset part = six_images().skip(1).rows(1, 4);
  EXPECT_EQ(part.size(), 3);
  EXPECT_EQ(part.x().at(0), 8);
  EXPECT_EQ(part.y().at(0), 2);
  EXPECT_EQ(six_images().take(99).size(), 6);
  EXPECT_EQ(six_images().skip(99).size(), 0);
  EXPECT_EQ(message_of([&] { part.rows(2, 4); }),
            "tensor of shape (3, 2, 2): expected rows within 0 … 3, got 2 … 4.");
  EXPECT_NE(message_of([&] { part.take(-1); }), "no error");
}

TEST(Dataset, GathersABatchByIds) {
  const Dataset part = six_images().reshape({4}).skip(2);
  Batch batch = make_batch(part.spec(), 4);
  const std::vector<uint64_t> ids{3, 0, 3};
  fill(part, ids, batch);
  EXPECT_EQ(batch.rows, 3);
  EXPECT_EQ(batch.sample.data(), ids.data());
  const auto x = batch.x[0].span<uint8_t>().first(12);
  EXPECT_THAT(std::vector<uint8_t>(x.begin(), x.end()),
              ElementsAre(20, 21, 22, 23, 8, 9, 10, 11, 20, 21, 22, 23));
  const auto y = batch.y[0].span<uint8_t>().first(3);
  EXPECT_THAT(std::vector<uint8_t>(y.begin(), y.end()), ElementsAre(2, 2, 2));
}

TEST(Dataset, RefusesAnIdThatIsNotThere) {
  const Dataset part = six_images().take(2);
  Batch batch = make_batch(part.spec(), 2);
  const std::vector<uint64_t> ids{0, 2};
  EXPECT_EQ(message_of([&] { fill(part, ids, batch); }),
            "Dataset::fill: expected sample ids below 2, got 2.");
}

TEST(Dataset, WithoutDataIsEmptyAndSaysSo) {
  const Dataset none;
  EXPECT_EQ(none.size(), 0);
  EXPECT_EQ(none.num_classes(), 0);
  EXPECT_EQ(none.decoded_x().size(), 0);
  EXPECT_EQ(none.decoded_y().size(), 0);
  EXPECT_EQ(message_of([&] { none.reshape({1}); }),
            "Dataset::reshape: the data set was never given data.");
  EXPECT_EQ(message_of([&] { none.divide(2); }),
            "Dataset::divide: the data set was never given data.");
  EXPECT_EQ(message_of([&] { none.to_categorical(2); }),
            "Dataset::to_categorical: the data set was never given data.");
}

TEST(Dataset, RefusesABatchWithoutRoom) {
  const Dataset data(Tensor(Shape{4, 2}), Tensor(Shape{4}, DType::int32));
  Batch batch = make_batch(data.spec(), 2);
  const std::vector<uint64_t> ids = {0, 1, 2};
  EXPECT_THROW(data.fill(ids, 0, batch), Error);
  EXPECT_THROW(data.fill(std::span(ids).first(2), 1, batch), Error);
  EXPECT_THROW(data.fill(std::span(ids).first(1), -1, batch), Error);
  data.fill(std::span(ids).first(2), 0, batch);
}

TEST(Dataset, InBytesHasTheSameSamples) {
  Team team(2);
  const Dataset bytes = six_images().divide(255);
  const Tensor floats = bytes.decoded_x();
  Tensor other(Shape{6, 1});
  for (int64_t i = 0; i < 6; ++i) other(i, 0) = 0.3 * static_cast<double>(i);
  const Tensor labels(bytes.y());
  const Dataset given = Dataset({floats, other}, labels)
                            .weighted(Tensor::of<float>({6}, {1, 2, 3, 4, 5, 6}))
                            .reshape({4})
                            .skip(2);
  const auto found = given.in_bytes(team);
  ASSERT_TRUE(found);
  const Spec spec = found->spec();
  EXPECT_EQ(spec.size, 4);
  EXPECT_EQ(spec.weights, 1u);
  EXPECT_EQ(spec.x[0].shape, Shape({4}));
  EXPECT_EQ(spec.x[0].encoding, (InputEncoding{.dtype = DType::uint8, .divisor = 255}));
  EXPECT_EQ(spec.x[1].encoding, InputEncoding{});
  EXPECT_EQ(found->stored_x(0).nbytes(), 16u);
  Batch batch = make_batch(spec, 2);
  const std::vector<uint64_t> ids{3, 0};
  found->fill(ids, 0, batch);
  EXPECT_THAT(std::as_const(batch.x[0]).span<uint8_t>(), ElementsAre(20, 21, 22, 23, 8, 9, 10, 11));
  EXPECT_EQ(batch.x[1].at(0), other.at(5));
  EXPECT_EQ(batch.y[0].at(1), 2);
  EXPECT_THAT(std::as_const(batch.weights[0]).span<float>(), ElementsAre(6, 3));
}

TEST(Dataset, InBytesHasLabelsForOneHotTargets) {
  Team team(1);
  const Dataset six = six_images().to_categorical(3);
  const Tensor x(six.x());
  const auto found = Dataset(x, six.decoded_y()).skip(1).in_bytes(team);
  ASSERT_TRUE(found);
  const Spec spec = found->spec();
  EXPECT_EQ(spec.y[0].shape, Shape{3});
  EXPECT_EQ(spec.y[0].encoding, six.spec().y[0].encoding);
  Batch batch = make_batch(spec, 5);
  const std::vector<uint64_t> ids{0, 1, 2, 3, 4};
  found->fill(ids, 0, batch);
  EXPECT_THAT(std::as_const(batch.y[0]).span<uint8_t>(), ElementsAre(1, 2, 0, 1, 2));
}

TEST(Dataset, InBytesIsNothingForOtherInputs) {
  Team team(1);
  const Tensor labels(Shape{6}, DType::int32);
  const Tensor floats = six_images().divide(255).decoded_x();
  EXPECT_FALSE(Dataset(six_images().divide(7).decoded_x(), labels).in_bytes(team));
  EXPECT_FALSE(Dataset(floats, labels).divide(2).in_bytes(team));
  EXPECT_FALSE(six_images().in_bytes(team));
  EXPECT_FALSE(six_images().to_categorical(3).in_bytes(team));
  EXPECT_FALSE(Dataset().in_bytes(team));
}

}  // namespace dataset_test
}  // namespace cornu
