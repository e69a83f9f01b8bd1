#include "cornu/formats/base64.h"

#include <gtest/gtest.h>

namespace cornu::inline v0::formats {
namespace base64_test {

TEST(Base64, TheVectorsOfTheRfc) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, BytesAboveAsciiAndZeros) {
  EXPECT_EQ(base64(std::string_view("\xff\x00\xfe\xfb", 4)), "/wD++w==");
}

}  // namespace base64_test
}  // namespace cornu::inline v0::formats
