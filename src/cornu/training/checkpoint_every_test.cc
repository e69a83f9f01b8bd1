#include "cornu/training/checkpoint_every.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/core/error_of_test.h"

namespace cornu::inline v0 {
namespace checkpoint_every_test {

using ::testing::HasSubstr;

TEST(CheckpointEvery, ReadsWhatTheCommandReads) {
  EXPECT_EQ(CheckpointEvery("30s").unit(), CheckpointEvery::Unit::seconds);
  EXPECT_EQ(CheckpointEvery("500steps").count(), 500);
  EXPECT_EQ(CheckpointEvery("1epoch").unit(), CheckpointEvery::Unit::epochs);
  EXPECT_EQ(CheckpointEvery("never").unit(), CheckpointEvery::Unit::never);
  EXPECT_EQ(to_value(CheckpointEvery("2epochs")).as_string(), "2epochs");
  for (const char* wrong : {"", "30", "s", "0s", "-1epoch", "1 epoch", "1.5s", "epoch", "1hours"}) {
    EXPECT_THAT(error_of([&] { CheckpointEvery{wrong}; }), HasSubstr("expected 30s")) << wrong;
  }
}

}  // namespace checkpoint_every_test
}  // namespace cornu::inline v0
