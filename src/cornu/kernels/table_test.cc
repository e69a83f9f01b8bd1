#include "cornu/kernels/table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "cornu/core/error.h"

namespace cornu::inline v0::kernels {
namespace table_test {

constexpr Target kTargets[] = {Target::avx512, Target::avx2, Target::neon, Target::portable};

TEST(Table, PortableIsAlwaysThereAndLast) {
  const auto targets = supported_targets();
  ASSERT_FALSE(targets.empty());
  EXPECT_EQ(targets.back(), Target::portable);
  EXPECT_EQ(targets.front(), best_target());
}

TEST(Table, OfASupportedTargetIsComplete) {
  for (Target target : supported_targets()) {
    const Table& t = table(target);
    EXPECT_TRUE(t.product && t.pointwise && t.pointwise_back && t.softmax && t.softmax_back &&
                t.softmax_crossentropy && t.softmax_crossentropy_back && t.crossentropy &&
                t.crossentropy_back && t.element_loss && t.element_loss_back &&
                t.categorical_hinge && t.categorical_hinge_back && t.cosine_similarity &&
                t.cosine_similarity_back && t.sum_rows && t.decode && t.encode && t.one_hot &&
                t.dropout && t.noise && t.scale_columns && t.normalize_back && t.line_back &&
                t.parametric_relu && t.parametric_relu_back && t.parametric_relu_alpha && t.sgd &&
                t.adam && t.nonzero && t.transpose_bits && t.count_bits && t.multiply_adds)
        << name(target);
  }
}

TEST(Table, OfAnotherTargetIsAnErrorThatListsTheTargetsOfThisCpu) {
  const auto targets = supported_targets();
  int missing = 0;
  for (Target target : kTargets) {
    if (std::find(targets.begin(), targets.end(), target) != targets.end()) continue;
    ++missing;
    try {
      table(target);
      FAIL() << name(target);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unsupported);
      const std::string text = error.what();
      EXPECT_NE(text.find(name(target)), std::string::npos) << text;
      EXPECT_NE(text.find("portable"), std::string::npos) << text;
    }
  }
  EXPECT_GT(missing, 0);  // no CPU has both AVX2 and NEON
}

TEST(Table, NamesItsTargets) {
  EXPECT_EQ(name(Target::avx512), "avx512");
  EXPECT_EQ(name(Target::avx2), "avx2");
  EXPECT_EQ(name(Target::neon), "neon");
  EXPECT_EQ(name(Target::portable), "portable");
}

}  // namespace table_test
}  // namespace cornu::inline v0::kernels
