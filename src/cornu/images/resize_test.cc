#include "cornu/images/resize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "cornu/core/error_of_test.h"
#include "cornu/core/file.h"
#include "cornu/core/paths_test.h"
#include "cornu/formats/npz.h"

namespace cornu::inline v0::images {
namespace resize_test {

using testing::Each;
using testing::HasSubstr;

TEST(Resize, IsWithinOneOfPillow) {
  const std::string path = std::string(kSourceFolder) + "/tests/goldens/pictures/resized.npz";
  const formats::Npz npz = formats::read_npz(read_file(path), path);
  const Tensor& whole = npz.at("whole", path);
  ASSERT_EQ(npz.tensors.size(), 6U);
  for (const auto& [name, expected] : npz.tensors) {
    const Tensor found = resized(whole.view(), expected.shape()[0], expected.shape()[1]);
    ASSERT_EQ(found.shape(), expected.shape()) << name;
    for (int64_t i = 0; i < found.size(); ++i) {
      EXPECT_LE(std::abs(found.view().at(i) - expected.view().at(i)), 1) << name << " " << i;
    }
  }
}

TEST(Resize, KeepsAnEvenPictureEven) {
  Tensor even({5, 7, 1}, DType::uint8);
  std::ranges::fill(even.span<uint8_t>(), uint8_t{201});
  for (const int64_t size : {1, 2, 6, 30}) {
    EXPECT_THAT(resized(even.view(), size, size).span<uint8_t>(), Each(201)) << size;
  }
}

TEST(Resize, RefusesNothingAtAll) {
  const Tensor some({5, 7, 1}, DType::uint8);
  EXPECT_THAT(error_of([&] { resized(some.view(), 0, 3); }), HasSubstr("to 0 × 3"));
  EXPECT_THAT(error_of([&] {
                resized(Tensor({0, 7, 1}, DType::uint8).view(), 3, 3);
              }),
              HasSubstr("expected a picture"));
}

}  // namespace resize_test
}  // namespace cornu::inline v0::images
