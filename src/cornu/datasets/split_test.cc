#include "cornu/datasets/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace cornu::inline v0::datasets {
namespace split_test {

using testing::ElementsAre;

// Sorted by class, as such files often are.
std::vector<int64_t> sorted_classes() {
  std::vector<int64_t> classes(100, 0);
  classes.resize(150, 1);
  classes.resize(160, 2);
  classes.push_back(3);
  return classes;
}

TEST(Split, TakesItsPartOfEachClass) {
  const std::vector<int64_t> classes = sorted_classes();
  const RowSplit rows = split_rows(classes, 0.2, 7);
  std::vector<int64_t> counts(4);
  for (const uint64_t row : rows.test) ++counts[classes[row]];
  EXPECT_THAT(counts, ElementsAre(20, 10, 2, 0));
  std::vector<uint64_t> all = rows.train;
  all.insert(all.end(), rows.test.begin(), rows.test.end());
  EXPECT_EQ(all.size(), classes.size());
  EXPECT_TRUE(std::ranges::is_sorted(rows.train));
  EXPECT_TRUE(std::ranges::is_sorted(rows.test));
  std::ranges::sort(all);
  std::vector<uint64_t> each(classes.size());
  std::iota(each.begin(), each.end(), uint64_t{0});
  EXPECT_EQ(all, each);
}

TEST(Split, DependsOnTheSeedAlone) {
  const std::vector<int64_t> classes = sorted_classes();
  EXPECT_EQ(split_rows(classes, 0.2, 7).test, split_rows(classes, 0.2, 7).test);
  EXPECT_NE(split_rows(classes, 0.2, 7).test, split_rows(classes, 0.2, 8).test);
}

TEST(Split, LeavesRowsWithoutAClassOut) {
  const std::vector<int64_t> classes = {0, -1, 0, 0, -1, 0};
  const RowSplit rows = split_rows(classes, 0.5, 0);
  EXPECT_EQ(rows.train.size(), 2U);
  EXPECT_EQ(rows.test.size(), 2U);
  for (const auto& part : {rows.train, rows.test}) {
    for (const uint64_t row : part) EXPECT_EQ(classes[row], 0);
  }
  EXPECT_TRUE(split_rows(std::vector<int64_t>(5, 0), 0, 0).test.empty());
  EXPECT_EQ(split_rows(std::vector<int64_t>(5, 0), 0.99, 0).train.size(), 1U);
}

TEST(Split, KeepsASamplesInputsWithItsTargets) {
  Tensor x(Shape{10, 2}, DType::uint8);
  std::iota(x.span<uint8_t>().begin(), x.span<uint8_t>().end(), uint8_t{0});
  Tensor y(Shape{10});
  for (size_t i = 0; i < 10; ++i) y.span<float>()[i] = static_cast<float>(i) + 0.5F;
  const Dataset data(std::move(x), std::move(y), {.name = "numbers"});
  const DatasetParts parts = split(data, 0.3, 1);
  EXPECT_EQ(parts.train.size(), 7);
  EXPECT_EQ(parts.test.size(), 3);
  EXPECT_EQ(parts.test.info().name, "numbers");
  for (const Dataset& part : {parts.train, parts.test}) {
    for (int64_t i = 0; i < part.size(); ++i) {
      const double target = part.y().at(i);
      EXPECT_EQ(part.x().at(2 * i), 2 * (target - 0.5));
      EXPECT_EQ(part.x().at(2 * i + 1), 2 * (target - 0.5) + 1);
    }
  }
}

TEST(Split, ADatasetKeepsEachSampleWithItsLabel) {
  Tensor x(Shape{12, 1}, DType::float32), labels(Shape{12}, DType::int32);
  for (int i = 0; i < 12; ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i);
    labels.span<int32_t>()[static_cast<size_t>(i)] = i / 4;
  }
  const Dataset data(std::move(x), std::move(labels), {.class_names = {"a", "b", "c"}});
  const DatasetParts parts = split(data, 0.25, 3);
  EXPECT_EQ(parts.train.size(), 9);
  EXPECT_THAT(parts.test.y().span<int32_t>(), ElementsAre(0, 1, 2));
  for (const Dataset* part : {&parts.train, &parts.test}) {
    for (int64_t i = 0; i < part->size(); ++i) {
      EXPECT_EQ(part->y().at(i), static_cast<int>(part->x().at(i)) / 4);
    }
  }
}

}  // namespace split_test
}  // namespace cornu::inline v0::datasets
