#include "cornu/datasets/digits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "cornu/datasets/catalogue.h"
#include "cornu/formats/idx.h"
#include "cornu/formats/sha256.h"

namespace cornu::datasets {
namespace digits_test {

TEST(Digits, HaveTheirShapesAndTheirOrigin) {
  const auto [train, test] = digits();
  EXPECT_EQ(train.x().shape(), Shape({4000, 20, 20}));
  EXPECT_EQ(train.y().shape(), Shape({4000}));
  EXPECT_EQ(test.x().shape(), Shape({1000, 20, 20}));
  EXPECT_EQ(test.y().shape(), Shape({1000}));
  EXPECT_EQ(train.x().dtype(), DType::uint8);
  EXPECT_EQ(train.info().origin, "embedded");
  EXPECT_EQ(test.info().name, "digits");
  EXPECT_EQ(test.info().class_names.size(), 10u);
}

TEST(Digits, LieInterleavedAndEvenly) {
  const auto [train, test] = digits();
  std::array<int, 10> count{};
  for (uint8_t label : test.y().span<uint8_t>()) ++count[label];
  EXPECT_THAT(count, testing::Each(100));
  EXPECT_EQ(train.y().at(0), 0);
  EXPECT_EQ(train.y().at(13), 3);
  EXPECT_EQ(test.y().at(999), 9);
}

TEST(Digits, AreTheBytesOfTheCatalogue) {
  const auto [train, test] = digits();
  Tensor all(Shape{5000, 20, 20}, DType::uint8);
  const auto bytes = all.span<uint8_t>();
  const auto train_bytes = train.x().span<uint8_t>();
  const auto test_bytes = test.x().span<uint8_t>();
  std::copy(test_bytes.begin(), test_bytes.end(),
            std::copy(train_bytes.begin(), train_bytes.end(), bytes.begin()));
  EXPECT_EQ(formats::sha256(formats::write_idx(all)), train.info().sha256);
  EXPECT_EQ(train.info().sha256, entry_of("digits").files[0].sha256);
}

// A one is a narrow stroke: it has less ink than any other digit.
TEST(Digits, LooksLikeItsLabels) {
  const Dataset train = digits().train;
  std::array<double, 10> ink{};
  for (int64_t i = 0; i < train.size(); ++i) {
    const auto label = static_cast<size_t>(train.y().at(i));
    for (uint8_t pixel : train.x().row(i).span<uint8_t>()) ink[label] += pixel;
  }
  EXPECT_EQ(std::min_element(ink.begin(), ink.end()) - ink.begin(), 1);
  EXPECT_EQ(std::max_element(ink.begin(), ink.end()) - ink.begin(), 0);
}

}  // namespace digits_test
}  // namespace cornu::datasets
