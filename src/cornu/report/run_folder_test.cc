#include "cornu/report/run_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>

#include "cornu/formats/json.h"
#include "cornu/models/load_model.h"
#include "cornu/report/test_folder_test.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace run_folder_test {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

// Each test runs in its own folder.
class RunFolderTest : public testing::Test {
 protected:
  RunFolderTest() : before_(fs::current_path()) { fs::current_path(folder_.file("")); }
  ~RunFolderTest() override { fs::current_path(before_); }

  std::string text(const std::string& file) const { return folder_.text(file); }
  Value json(const std::string& file) const { return formats::read_json(text(file), file); }
  static void put(const std::string& file) { std::ofstream(file) << "kept"; }

  TestFolder folder_;
  fs::path before_;
};

std::string complaint(const RunFolderOptions& options) {
  RunRecord record;
  try {
    RunFolder(options, record);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

History two_epochs() {
  History history;
  EpochRecord first{.epoch = 0, .logs = {}, .seconds = 0.5};
  first.logs.set("loss", 0.1);
  first.logs.set("accuracy", 0.5);
  first.logs.set("val_loss", 1e-7);
  EpochRecord second{.epoch = 1, .logs = {}, .seconds = 0.25};
  second.logs.set("loss", std::numeric_limits<double>::quiet_NaN());
  second.logs.set("accuracy", 1);
  history.epochs = {first, second};
  history.params = {.verbose = 1, .epochs = 2, .steps = 3};
  history.seconds = 0.75;
  return history;
}

TEST_F(RunFolderTest, TakesTheNextNumber) {
  RunRecord record{.dataset = "digits"};
  EXPECT_EQ(RunFolder({.dataset = "digits"}, record).path(), "runs/digits-001");
  EXPECT_EQ(record.run_dir, "runs/digits-001");
  EXPECT_EQ(RunFolder({.dataset = "digits"}, record).path(), "runs/digits-002");
  EXPECT_EQ(RunFolder({.dataset = "mnist"}, record).path(), "runs/mnist-001");
  fs::create_directory("runs/digits-1041");
  EXPECT_EQ(RunFolder({.dataset = "digits"}, record).path(), "runs/digits-1042");
}

TEST_F(RunFolderTest, TellsAtOnceThatItIsRunning) {
  RunRecord record{.dataset = "digits", .train_samples = 4000, .target = "portable"};
  const RunFolder folder({.path = "a/b/"}, record);
  EXPECT_EQ(folder.path(), "a/b");
  const Value document = json("a/b/run.json");
  EXPECT_EQ(document["status"].as_string(), "running");
  EXPECT_EQ(document["run_dir"].as_string(), "a/b");
  EXPECT_EQ(document["samples"]["train"].as_int(), 4000);
  EXPECT_EQ(document["target"].as_string(), "portable");
  EXPECT_EQ(document.find("weights_sha256"), nullptr);
  EXPECT_FALSE(fs::exists("runs"));
}

TEST_F(RunFolderTest, RefusesAFolderThatIsTaken) {
  fs::create_directory("taken");
  put("taken/thesis.tex");
  EXPECT_THAT(
      complaint({.path = "taken"}),
      HasSubstr("taken: is not empty; expected a new or an empty folder. Hint: --overwrite"));
  put("file");
  EXPECT_THAT(complaint({.path = "file"}), HasSubstr("file: expected a folder, got a file"));
  EXPECT_THAT(complaint({.path = "file/below"}), HasSubstr("cannot make the folder"));
}

TEST_F(RunFolderTest, OverwriteRemovesTheFilesOfARunAndNoOthers) {
  fs::create_directory("taken");
  put("taken/thesis.tex");
  put("taken/model.safetensors");
  put("taken/history.csv");
  put("taken/run.json.tmp.123.456");
  RunRecord record;
  RunFolder({.path = "taken", .overwrite = true}, record);
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator("taken")) {
    left.push_back(entry.path().filename().string());
  }
  EXPECT_THAT(left, UnorderedElementsAre("thesis.tex", "run.json", ".lock"));
}

TEST_F(RunFolderTest, LatestIsTheRunWhoseModelWasSavedLast) {
  Sequential model({Dense({.units = 2})}, {.seed = 7});
  model.build({3});
  RunRecord first{.dataset = "digits"};
  const RunFolder slow({.dataset = "digits"}, first);
  EXPECT_FALSE(fs::is_symlink("runs/latest"));
  RunRecord second{.dataset = "digits"};
  RunFolder({.dataset = "digits"}, second).finish(model, second);
  EXPECT_EQ(fs::read_symlink("runs/latest"), "digits-002");
  // One that fails has no model and does not take it.
  RunRecord third{.status = "failed", .dataset = "digits"};
  RunFolder({.dataset = "digits"}, third).write(third);
  EXPECT_EQ(fs::read_symlink("runs/latest"), "digits-002");
  slow.finish(model, first);
  EXPECT_EQ(fs::read_symlink("runs/latest"), "digits-001");
  RunRecord elsewhere{.dataset = "digits"};
  RunFolder({.path = "mine"}, elsewhere).finish(model, elsewhere);
  EXPECT_EQ(fs::read_symlink("runs/latest"), "digits-001");
}

TEST_F(RunFolderTest, LatestNeverPointsToItself) {
  Sequential model({Dense({.units = 2})}, {.seed = 7});
  model.build({3});
  RunRecord first{.dataset = "digits"};
  RunFolder({.dataset = "digits"}, first).finish(model, first);
  RunRecord again{.dataset = "digits"};
  RunFolder({.path = "runs/latest", .overwrite = true}, again).finish(model, again);
  EXPECT_EQ(fs::read_symlink("runs/latest"), "digits-001");
}

TEST_F(RunFolderTest, NeverReplacesAFolderNamedLatest) {
  fs::create_directories("runs/latest/mine");
  EXPECT_THAT(complaint({.dataset = "digits"}),
              HasSubstr("runs/latest: expected a link to the newest run, got a folder"));
  EXPECT_THAT(complaint({.path = "runs/mine"}), HasSubstr("runs/latest: expected a link"));
  EXPECT_TRUE(fs::exists("runs/latest/mine"));
  EXPECT_FALSE(fs::exists("runs/digits-001"));
}

TEST_F(RunFolderTest, IsUpToDateAfterEachEpoch) {
  RunRecord record{.dataset = "digits"};
  const RunFolder folder({.path = "run"}, record);
  RunFolderCallback callback(folder, record);
  History history = two_epochs();
  EpochRecord second = history.epochs[1];
  history.epochs.pop_back();
  callback.on_epoch_end(history.epochs[0], history);
  EXPECT_EQ(json("run/run.json")["epochs"].as_list().size(), 1U);
  history.epochs.push_back(second);
  callback.on_epoch_end(second, history);
  EXPECT_EQ(record.history.epochs.size(), 2U);
  callback.on_train_end(history);
  const Value document = json("run/run.json");
  EXPECT_EQ(document["status"].as_string(), "running");
  ASSERT_EQ(document["epochs"].as_list().size(), 2U);
  EXPECT_EQ(document["epochs"].as_list()[0]["val_loss"].as_double(), 1e-7);
  EXPECT_EQ(document["epochs"].as_list()[0]["seconds"].as_double(), 0.5);
  EXPECT_EQ(document["epochs"].as_list()[1].find("val_loss"), nullptr);
  EXPECT_EQ(document["seconds"].as_double(), 0.75);
}

TEST_F(RunFolderTest, TakesFewWritesForManyEpochs) {
  RunRecord record{.dataset = "digits"};
  const RunFolder folder({.path = "run"}, record);
  RunFolderCallback callback(folder, record, std::chrono::hours(1));
  History history;
  const auto begin = std::chrono::steady_clock::now();
  for (int64_t epoch = 0; epoch < 2'000; ++epoch) {
    history.epochs.push_back({.epoch = epoch, .logs = {}, .seconds = 0});
    history.epochs.back().logs.set("loss", 0.1 * static_cast<double>(epoch));
    callback.on_epoch_end(history.epochs.back(), history);
    history.epochs.back().logs.set("added_later", 1);
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(seconds.count(), 1);  // milliseconds; a write for each takes seconds
  EXPECT_EQ(json("run/run.json")["epochs"].as_list().size(), 1U);
  callback.on_train_end(history);
  const Value document = json("run/run.json");
  const Value::List& epochs = document["epochs"].as_list();
  ASSERT_EQ(epochs.size(), 2'000U);
  for (const size_t epoch : {0U, 1'000U, 1'999U}) {
    EXPECT_EQ(epochs[epoch]["added_later"].as_double(), 1) << epoch;
  }
}

TEST_F(RunFolderTest, IsWrittenAgainWhenTheIntervalHasPassed) {
  RunRecord record{.dataset = "digits"};
  const RunFolder folder({.path = "run"}, record);
  RunFolderCallback callback(folder, record, std::chrono::milliseconds(1));
  History history = two_epochs();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  callback.on_epoch_end(history.epochs[0], history);
  history.epochs.push_back(history.epochs[1]);
  while (json("run/run.json")["epochs"].as_list().size() < 3 &&
         std::chrono::steady_clock::now() < deadline) {
    callback.on_epoch_end(history.epochs[2], history);
  }
  EXPECT_EQ(json("run/run.json")["epochs"].as_list().size(), 3U);
}

TEST_F(RunFolderTest, HistoryIsWrittenAsKerasWritesIt) {
  EXPECT_EQ(history_csv(two_epochs()),
            "epoch,accuracy,loss,val_loss\r\n0,0.5,0.1,1e-07\r\n1,1,nan,NA\r\n");
  EXPECT_EQ(formats::write_json(history_document(two_epochs())),
            "{\"epoch\":[0,1],\"history\":{\"loss\":[0.1,null],\"accuracy\":[0.5,1.0],"
            "\"val_loss\":[1e-07]},\"params\":{\"verbose\":1,\"epochs\":2,\"steps\":3}}");
}

TEST_F(RunFolderTest, FinishesWithAModelThatLoadsAndItsDigest) {
  RunRecord record{.dataset = "digits"};
  const RunFolder folder({.path = "run"}, record);
  Sequential model({Dense({.units = 2})}, {.seed = 7});
  model.build({3});
  record.history = two_epochs();
  record.status = "done";
  folder.finish(model, record);
  const Model loaded = load_model(folder.file(run_model_file()));
  const Value document = json("run/run.json");
  EXPECT_EQ(document["status"].as_string(), "done");
  EXPECT_EQ(document["weights_sha256"].as_string(), weights_sha256(loaded.weights()));
  EXPECT_EQ(document["weights_sha256"].as_string().size(), 64U);
  EXPECT_THAT(text("run/curves.svg"), HasSubstr("<svg"));
  EXPECT_EQ(text("run/curves.png").substr(1, 3), "PNG");
  EXPECT_EQ(text("run/history.csv"), history_csv(record.history));
}

}  // namespace run_folder_test
}  // namespace cornu::inline v0
