#include "cornu/datasets/fashion_mnist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "cornu/datasets/load.h"
#include "cornu/formats/idx.h"
#include "cornu/formats/sha256.h"

namespace cornu::datasets {
namespace fashion_mnist_test {

class FashionMnist : public testing::Test {
 protected:
  void SetUp() override {
    if (!find("fashion_mnist").found()) GTEST_SKIP() << "Fashion-MNIST not found";
  }
};

TEST_F(FashionMnist, HasTheShapesOfMnist) {
  const auto [train, test] = fashion_mnist({.download = false});
  EXPECT_EQ(train.x().shape(), Shape({60000, 28, 28}));
  EXPECT_EQ(train.y().shape(), Shape({60000}));
  EXPECT_EQ(test.x().shape(), Shape({10000, 28, 28}));
  EXPECT_EQ(test.y().shape(), Shape({10000}));
  EXPECT_EQ(train.x().dtype(), DType::uint8);
  EXPECT_EQ(train.y().dtype(), DType::uint8);
}

TEST_F(FashionMnist, HasTheSameNumberOfEachClass) {
  const auto [train, test] = fashion_mnist({.download = false});
  std::array<int, 10> count{};
  for (uint8_t label : train.y().span<uint8_t>()) ++count.at(label);
  EXPECT_THAT(count, testing::Each(6000));
  // As the pictures show.
  ASSERT_EQ(train.info().class_names.size(), 10U);
  EXPECT_EQ(train.info().class_names[train.y().span<uint8_t>()[0]], "Ankle boot");
  EXPECT_EQ(train.info().class_names[train.y().span<uint8_t>()[1]], "T-shirt/top");
  EXPECT_EQ(test.info().class_names[test.y().span<uint8_t>()[2]], "Trouser");
}

TEST_F(FashionMnist, GivesTheChecksumOfTheFilesRead) {
  const auto [train, test] = fashion_mnist({.download = false});
  for (const Dataset& part : {train, test}) {
    formats::Sha256 both;
    both.add(formats::write_idx(part.x()));
    both.add(formats::write_idx(part.y()));
    EXPECT_EQ(part.info().sha256, both.hex());
  }
  EXPECT_EQ(train.info().origin, find("fashion_mnist").origin());
  EXPECT_NO_THROW(verify("fashion_mnist"));
}

}  // namespace fashion_mnist_test
}  // namespace cornu::datasets
