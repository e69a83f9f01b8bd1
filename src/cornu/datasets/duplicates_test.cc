#include "cornu/datasets/duplicates.h"

#include <gtest/gtest.h>

#include <vector>

namespace cornu::inline v0::datasets {
namespace duplicates_test {

TEST(Duplicates, AreCountedWithinPartsAndBetweenThem) {
  // Contents a b a a c, with the labels 0 1 0 2 3; in the test part b c c d.
  const Dataset train(Tensor::of<uint8_t>({5, 2}, {1, 2, 3, 4, 1, 2, 1, 2, 5, 6}),
                      Tensor::of<int32_t>({5}, {0, 1, 0, 2, 3}));
  const Dataset test(Tensor::of<uint8_t>({4, 2}, {3, 4, 5, 6, 5, 6, 7, 8}),
                     Tensor::of<int32_t>({4}, {1, 3, 4, 5}));
  const Duplicates found = duplicates_in({train, test});
  EXPECT_EQ(found.train, 2);
  EXPECT_EQ(found.same_label, 1);
  EXPECT_EQ(found.test, 1);
  EXPECT_EQ(found.test_in_train, 3);
  EXPECT_EQ(found.two_labels, 3 + 3);
  EXPECT_EQ(duplicates_in({train, Dataset()}).two_labels, 3);
}

TEST(Duplicates, EqualHashesAreNoProof) {
  const std::vector<uint64_t> hashes(6, 7);
  const std::vector<int> contents = {1, 2, 1, 3, 2, 1};
  const Duplicates found = count_duplicates(
      {.hashes = hashes,
       .train_size = 6,
       .are_equal = [&](int64_t a, int64_t b) { return contents.at(a) == contents.at(b); },
       .label = [](int64_t) { return uint64_t{0}; }});
  EXPECT_EQ(found.train, 3);
  EXPECT_EQ(found.two_labels, 0);
}

}  // namespace duplicates_test
}  // namespace cornu::inline v0::datasets
