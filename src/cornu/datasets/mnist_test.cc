#include "cornu/datasets/mnist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/datasets/load.h"
#include "cornu/formats/idx.h"
#include "cornu/formats/sha256.h"

namespace cornu::datasets {
namespace mnist_test {

std::vector<int> first_labels(const Dataset& part, int64_t begin, int64_t end) {
  const auto labels = part.y().rows(begin, end).span<uint8_t>();
  return {labels.begin(), labels.end()};
}

class Mnist : public testing::Test {
 protected:
  void SetUp() override {
    if (!find("mnist").found()) GTEST_SKIP() << "full MNIST not found";
  }
};

TEST_F(Mnist, HasTheShapesThatTheTutorialPrints) {
  const auto [train, test] = mnist({.download = false});
  EXPECT_EQ(train.x().shape(), Shape({60000, 28, 28}));
  EXPECT_EQ(train.y().shape(), Shape({60000}));
  EXPECT_EQ(test.x().shape(), Shape({10000, 28, 28}));
  EXPECT_EQ(test.y().shape(), Shape({10000}));
  EXPECT_EQ(train.x().dtype(), DType::uint8);
  EXPECT_EQ(train.y().dtype(), DType::uint8);
  EXPECT_EQ(train.num_classes(), 10);
}

TEST_F(Mnist, HasTheLabelsThatTheTutorialPrints) {
  const auto [train, test] = mnist({.download = false});
  EXPECT_THAT(first_labels(train, 0, 5), testing::ElementsAre(5, 0, 4, 1, 9));
  EXPECT_EQ(first_labels(train, 1, 26), (std::vector<int>{0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6,
                                                          1, 7, 2, 8, 6, 9, 4, 0, 9, 1, 1, 2}));
  EXPECT_THAT(first_labels(test, 0, 5), testing::ElementsAre(7, 2, 1, 0, 4));
}

TEST_F(Mnist, GivesTheChecksumOfTheFilesRead) {
  const auto [train, test] = mnist({.download = false});
  for (const Dataset& part : {train, test}) {
    formats::Sha256 both;
    both.add(formats::write_idx(part.x()));
    both.add(formats::write_idx(part.y()));
    EXPECT_EQ(part.info().sha256, both.hex());
  }
  EXPECT_EQ(train.info().origin, find("mnist").origin());
  EXPECT_NO_THROW(verify("mnist"));
}

}  // namespace mnist_test
}  // namespace cornu::datasets
