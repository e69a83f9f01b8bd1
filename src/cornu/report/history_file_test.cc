#include "cornu/report/history_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "cornu/core/error.h"
#include "cornu/core/error_of_test.h"
#include "cornu/core/file.h"
#include "cornu/formats/json.h"
#include "cornu/report/run_record.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0 {
namespace history_file_test {

using testing::ElementsAre;
using testing::HasSubstr;

History two_epochs() {
  History history;
  for (const double loss : {0.5, 0.25}) {
    EpochRecord epoch{.epoch = static_cast<int64_t>(history.epochs.size()), .logs = {}};
    epoch.logs.set("loss", loss);
    if (loss < 0.3) epoch.logs.set("val_loss", 0.375);
    history.epochs.push_back(epoch);
  }
  return history;
}

class HistoryFile : public testing::Test {
 protected:
  History read(const std::string& name, const std::string& text) const {
    replace_file(folder_.file(name), text);
    return read_history(folder_.file(name));
  }
  void expect_two_epochs(const History& history) const {
    ASSERT_EQ(history.epochs.size(), 2U);
    EXPECT_THAT(history["loss"], ElementsAre(0.5, 0.25));
    EXPECT_EQ(history.last()["val_loss"], 0.375);
    EXPECT_EQ(history.epochs[0].logs.find("val_loss"), nullptr);
    EXPECT_EQ(history.epochs[1].epoch, 1);
  }

  TestFolder folder_;
};

TEST_F(HistoryFile, ThatOursAreIsReadBack) {
  RunRecord record{.status = "done", .dataset = "digits", .history = two_epochs()};
  expect_two_epochs(read("run.json", formats::write_json(run_document(record))));
  expect_two_epochs(read("history.csv", history_csv(two_epochs())));
  const History whole = read("history.json", formats::write_json(history_document(two_epochs())));
  EXPECT_THAT(whole["loss"], ElementsAre(0.5, 0.25));
}

TEST_F(HistoryFile, ThatKerasUsersKeepIsRead) {
  const History dumped = read("h.json", R"({"loss": [0.5, null, 0.125], "mae": [1, 2, 3]})");
  ASSERT_EQ(dumped.epochs.size(), 3U);
  EXPECT_TRUE(std::isnan(dumped["loss"][1]));
  EXPECT_THAT(dumped["mae"], ElementsAre(1, 2, 3));
  expect_two_epochs(read("log.csv", "epoch;loss;val_loss;note\n0;0.5;NA;a\n1;0.25;0.375;b\n"));
}

TEST_F(HistoryFile, OtherFilesAreNamed) {
  const auto error = [&](const std::string& text) { return error_of([&] { read("x", text); }); };
  EXPECT_THAT(error("{\"class_name\": \"Sequential\"}"), HasSubstr("got JSON of other content"));
  EXPECT_THAT(error("{\"loss\": [\"low\"]}"), HasSubstr("got JSON of other content"));
  EXPECT_THAT(error("{\"epoch\": [0, 1]}"), HasSubstr("got no epoch with a number"));
  EXPECT_THAT(error("id,price\n1,10.5\n"), HasSubstr("got a table without a column loss or epoch"));
  EXPECT_THAT(error("epoch,loss\n"), HasSubstr("got no epoch with a number"));
  EXPECT_THAT(error(""), HasSubstr("expected the epochs of a run"));
  EXPECT_THAT(error(std::string("\x89HDF\r\n\x1a\n", 8)), HasSubstr("got an HDF5 file"));
  EXPECT_THAT(error("{\"loss\": [0.5}"), HasSubstr("line 1, column"));
}

}  // namespace history_file_test
}  // namespace cornu::inline v0
