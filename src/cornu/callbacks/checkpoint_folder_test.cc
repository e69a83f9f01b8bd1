#include "cornu/callbacks/checkpoint_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cornu/callbacks/checkpoint_file.h"
#include "cornu/callbacks/learning_rate_scheduler.h"
#include "cornu/callbacks/resumed_fits_test.h"
#include "cornu/core/error_of_test.h"
#include "cornu/models/load_model.h"

namespace cornu::inline v0 {
namespace checkpoint_folder_test {

using namespace resumed_fits_test;
namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::SizeIs;

using CheckpointFolderTest = CheckpointsTest;

TEST_F(CheckpointFolderTest, TheLastThreeAndTheBestAreKept) {
  FitOptions fitting = options(path());
  // Steps that become far too large.
  fitting.callbacks = {
      LearningRateScheduler([](int64_t epoch, double) { return epoch < 8 ? 0.02 : 2.0; })};
  fitting.epochs = 14;
  Sequential model = compiled();
  const History history = model.fit(points(), fitting);
  const std::vector<double> losses = history["val_loss"];
  const auto best = std::ranges::min_element(losses) - losses.begin();
  ASSERT_LT(best, 10);
  char name[24];
  std::snprintf(name, sizeof name, "epoch-%04d-step-000000-", static_cast<int>(best + 1));
  ASSERT_THAT(files(), SizeIs(4));
  EXPECT_THAT(files()[0], testing::StartsWith(name));
  EXPECT_THAT(files()[1], testing::StartsWith("epoch-0012-step-000000-"));
  EXPECT_THAT(files()[3], testing::StartsWith("epoch-0014-step-000000-"));
  // Each opens as the model at that epoch.
  const Model opened = load_model(path() + "/" + files()[3]);
  EXPECT_EQ(weights_sha256(opened.weights()), weights_sha256(model.weights()));
  EXPECT_TRUE(opened.compiled());
}

// At most once in a second or so, and that one stays: it is what a power cut leaves.
TEST_F(CheckpointFolderTest, TheLastOneThatWasForcedToTheDiskIsKept) {
  CheckpointFolder folder(path());
  const auto write = [&](int64_t epoch) {
    FitState state;
    state.epoch = epoch;
    folder.write(std::move(state));
  };
  write(1);
  std::this_thread::sleep_for(std::chrono::milliseconds(1050));
  for (int64_t epoch = 2; epoch < 8; ++epoch) write(epoch);
  ASSERT_THAT(files(), SizeIs(4));
  EXPECT_THAT(files()[0], ::testing::StartsWith("epoch-0002-"));
  EXPECT_THAT(files()[1], ::testing::StartsWith("epoch-0005-"));
}

Sequential small() {
  Sequential model({Input({3}), Dense({.units = 1, .activation = "sigmoid"})});
  model.compile({.optimizer = "sgd", .loss = "binary_crossentropy"});
  return model;
}

FitOptions two_epochs(const std::string& folder) {
  FitOptions fitting = options(folder);
  fitting.epochs = 2;
  fitting.callbacks = {};
  return fitting;
}

TEST_F(CheckpointFolderTest, EveryBitAndEveryLengthIsChecked) {
  small().fit(points(), two_epochs(path()));
  const std::string newest = path() + "/" + files().back();
  fs::remove(path() + "/" + files().front());
  std::ifstream in(newest, std::ios::binary);
  const std::string content(std::istreambuf_iterator<char>(in), {});
  const CheckpointFolder folder(path());
  const auto is_taken = [&] {
    std::ostringstream warnings;
    return folder.newest(warnings).has_value();
  };
  EXPECT_TRUE(is_taken());
  // In place: a file that is written anew goes to the disk each time.
  std::fstream file(newest, std::ios::binary | std::ios::in | std::ios::out);
  const auto write = [&](size_t at, int byte) {
    file.seekp(static_cast<std::streamoff>(at)).put(static_cast<char>(byte)).flush();
  };
  for (size_t bit = 0; bit < content.size() * 8; ++bit) {
    write(bit / 8, content[bit / 8] ^ 1 << bit % 8);
    ASSERT_FALSE(is_taken()) << "bit " << bit;
    write(bit / 8, content[bit / 8]);
  }
  EXPECT_TRUE(is_taken());
  fs::resize_file(newest, content.size() + 1);
  EXPECT_FALSE(is_taken());
  for (size_t size = content.size(); size-- > 0;) {
    fs::resize_file(newest, size);
    ASSERT_FALSE(is_taken()) << size << " bytes";
  }
}

TEST_F(CheckpointFolderTest, AfterDamageTheOneBeforeIsTaken) {
  Sequential model = small();
  const Result expected = result_of(model, model.fit(points(), two_epochs(path())));
  std::ofstream(path() + "/" + files().back(), std::ios::app) << " ";
  std::ostringstream warnings;
  EXPECT_EQ(CheckpointFolder(path()).newest(warnings)->epoch, 1);
  EXPECT_THAT(warnings.str(), HasSubstr("is not what its name says; the checkpoint before it"));
  Sequential resumed = small();
  testing::internal::CaptureStderr();
  EXPECT_EQ(result_of(resumed, resumed.fit(points(), two_epochs(path()))), expected);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("is not what its name says"));
}

TEST_F(CheckpointFolderTest, ASecondWriterIsRefusedWithTheFirstsNumber) {
  const CheckpointFolder first(path());
  Sequential model = compiled();
  EXPECT_THAT(error_of([&] { model.fit(points(), options(path())); }),
              HasSubstr(path() + ": is being written by process " + std::to_string(::getpid())));
}

TEST_F(CheckpointFolderTest, LeftTemporaryFilesAreRemovedAndOthersAreNot) {
  fs::create_directories(path());
  const std::string left = path() + "/epoch-0001-step-000000-00.safetensors.tmp.123.4";
  const std::string others = path() + "/notes.tmp.123";
  std::ofstream(left) << "half";
  std::ofstream(others) << "mine";
  { const CheckpointFolder folder(path()); }
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(others));
}

// Reading them would take minutes.
TEST(CheckpointFile, AnEpochWithTooManyLogsIsRefused) {
  constexpr int kLogs = 4097;
  FitState state;
  state.history.epochs.push_back({.epoch = 0, .logs = {}, .seconds = 0});
  for (int i = 0; i < kLogs; ++i) state.history.epochs[0].logs.set("log" + std::to_string(i), i);
  const CheckpointBytes file = checkpoint_bytes(state);
  std::vector<std::byte> bytes;
  for (const auto part : file.parts.spans()) bytes.insert(bytes.end(), part.begin(), part.end());
  try {
    read_checkpoint(bytes, "here");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("at most 4096 logs of an epoch, got 4097"));
  }
}

}  // namespace checkpoint_folder_test
}  // namespace cornu::inline v0
