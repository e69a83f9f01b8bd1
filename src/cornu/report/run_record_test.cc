#include "cornu/report/run_record.h"

#include <gtest/gtest.h>

namespace cornu::inline v0 {
namespace run_record_test {

EpochRecord epoch(bool is_validated) {
  EpochRecord record;
  record.logs.set("loss", 0.5);
  if (is_validated) record.logs.set("val_loss", 0.6);
  return record;
}

TEST(RunRecord, ARunThatIsInterruptedEndsWithinItsLastEpoch) {
  RunRecord record{.status = "interrupted"};
  EXPECT_EQ(whole_epochs(record), 0);
  record.history.epochs = {epoch(true), epoch(false)};
  EXPECT_EQ(whole_epochs(record), 1);
  record.history.epochs = {epoch(true), epoch(true)};
  EXPECT_EQ(whole_epochs(record), 2) << "a stop between two epochs cuts none";
}

TEST(RunRecord, TheEpochsOfOtherRunsAreWhole) {
  RunRecord record{.status = "done"};
  record.history.epochs = {epoch(false), epoch(false)};
  EXPECT_EQ(whole_epochs(record), 2);
}

}  // namespace run_record_test
}  // namespace cornu::inline v0
