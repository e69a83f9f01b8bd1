#include "cornu/formats/event_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <regex>

#include "cornu/core/error.h"
#include "cornu/formats/event_reader_test.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0::formats {
namespace event_file_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string text_of(const std::string& path) {
  const std::vector<std::byte> bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class EventFile : public testing::Test {
 protected:
  std::vector<ReadEvent> read(const EventFileWriter& writer) const {
    return read_events(text_of(writer.path()));
  }
  const TestFolder home_;
  const std::string folder_ = home_.file("logs");
};

TEST(EventReader, ComputesTheKnownChecksums) {
  EXPECT_EQ(slow_crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(slow_crc32c(std::string(32, '\0')), 0x8a9136aaU);  // RFC 3720, B.4
}

TEST_F(EventFile, HasANewNameEachTimeAndBeginsWithTheVersion) {
  EventFileWriter first(folder_), second(folder_);
  EXPECT_LT(first.path(), second.path());
  const std::regex name(R"(.*/events\.out\.tfevents\.\d{10}\.[\w.-]+\.\d+\.\d+\.v2)");
  EXPECT_TRUE(std::regex_match(first.path(), name)) << first.path();
  const auto events = read(first);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].version, "brain.Event:2");
  EXPECT_EQ(events[0].writer, "cornu");
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  EXPECT_NEAR(events[0].wall_time, std::chrono::duration<double>(now).count(), 600);
}

TEST_F(EventFile, AScalarIsAFloatWithoutAxes) {
  EventFileWriter writer(folder_);
  writer.scalar("epoch_loss", 3, 0.1);
  const auto events = read(writer);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].tag, "epoch_loss");
  EXPECT_EQ(events[1].step, 3);
  EXPECT_EQ(events[1].plugin, "scalars");
  EXPECT_EQ(events[1].plugin_content, "");
  EXPECT_EQ(events[1].dtype, 1);
  EXPECT_TRUE(events[1].shape.empty());
  EXPECT_THAT(events[1].numbers<float>(), ElementsAre(0.1F));
}

TEST_F(EventFile, ANumberPastTheLargestFloatIsInfinite) {
  EventFileWriter writer(folder_);
  writer.scalar("a", 0, 1e300);
  writer.scalar("a", 1, -1e300);
  writer.scalar("a", 2, std::nan(""));
  writer.scalar("a", -1, 0);
  const auto events = read(writer);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(events[1].numbers<float>()[0], kInfinity);
  EXPECT_EQ(events[2].numbers<float>()[0], -kInfinity);
  EXPECT_TRUE(std::isnan(events[3].numbers<float>()[0]));
  EXPECT_EQ(events[4].step, -1);
}

TEST_F(EventFile, TagsAreUtf8) {
  EventFileWriter writer(folder_);
  writer.scalar("größe", 0, 0);
  writer.scalar("a\xff", 0, 0);
  writer.scalar("", 0, 0);
  const auto events = read(writer);
  EXPECT_EQ(events[1].tag, "größe");
  EXPECT_EQ(events[2].tag, "a\xEF\xBF\xBD");
  EXPECT_EQ(events[3].tag, "");
}

TEST_F(EventFile, AHistogramIsThirtyTriples) {
  EventFileWriter writer(folder_);
  std::vector<float> values;
  for (int i = 0; i <= 30; ++i) values.push_back(static_cast<float>(i));
  writer.histogram("w/histogram", 2, values);
  const auto events = read(writer);
  EXPECT_EQ(events[1].plugin, "histograms");
  EXPECT_EQ(events[1].dtype, 2);
  EXPECT_THAT(events[1].shape, ElementsAre(30, 3));
  const auto numbers = events[1].numbers<double>();
  ASSERT_EQ(numbers.size(), 90U);
  EXPECT_THAT(std::vector(numbers.begin(), numbers.begin() + 6), ElementsAre(0, 1, 1, 1, 2, 1));
  EXPECT_THAT(std::vector(numbers.end() - 3, numbers.end()), ElementsAre(29, 30, 2));
}

TEST_F(EventFile, PicturesAreStringsBehindTheirSize) {
  EventFileWriter writer(folder_);
  const std::vector<std::string> pngs = {"one", std::string("t\0o", 3)};
  writer.images("w/image", 1, 5, 4, pngs);
  const auto events = read(writer);
  EXPECT_EQ(events[1].plugin, "images");
  EXPECT_EQ(events[1].dtype, 7);
  EXPECT_THAT(events[1].shape, ElementsAre(4));
  EXPECT_THAT(events[1].strings, ElementsAre("5", "4", "one", std::string("t\0o", 3)));
}

TEST_F(EventFile, TheGraphIsTextUnderATagOfItsOwn) {
  EventFileWriter writer(folder_);
  writer.keras_graph("{}");
  const auto events = read(writer);
  EXPECT_EQ(events[1].tag, "keras");
  EXPECT_EQ(events[1].step, 0);
  EXPECT_EQ(events[1].plugin, "graph_keras_model");
  EXPECT_EQ(events[1].plugin_content, "1");
  EXPECT_TRUE(events[1].shape.empty());
  EXPECT_THAT(events[1].strings, ElementsAre("{}"));
}

/// A disk that is full after some bytes, and writes as many as fit.
class FullDisk final : public FileSystem {
 public:
  explicit FullDisk(size_t room) : room_(room) {}
  void read(const std::string&, uint64_t, const Room&) override {}
  int create(const std::string& path, uint32_t mode) override {
    return system_files().create(path, mode);
  }
  void write(int file, std::span<const std::byte> bytes, const std::string& path) override {
    ++writes_;
    const size_t fits = std::min(bytes.size(), room_);
    room_ -= fits;
    system_files().write(file, bytes.first(fits), path);
    if (fits < bytes.size()) throw Error({.where = path, .what = "the disk is full"});
  }
  void sync(int, const std::string&) override {}
  void close(int file, const std::string& path) override { system_files().close(file, path); }
  void rename(const std::string&, const std::string&) override {}
  void sync_folder(const std::string&) override {}
  void remove(const std::string&) override {}

  int writes_ = 0;

 private:
  size_t room_;
};

TEST_F(EventFile, EachRecordIsOneWrite) {
  FullDisk disk(1 << 20);
  EventFileWriter writer(folder_, disk);
  EXPECT_EQ(disk.writes_, 1);
  writer.scalar("a", 0, 1);
  EXPECT_EQ(disk.writes_, 2);
}

TEST_F(EventFile, AfterAFullDiskTheRecordsBeforeAreThereAndNoneComeBehind) {
  FullDisk disk(150);
  EventFileWriter writer(folder_, disk);
  const auto write_until_full = [&] {
    for (int step = 0; step < 10; ++step) writer.scalar("a", step, step);
  };
  EXPECT_THROW(write_until_full(), Error);
  const size_t size = text_of(writer.path()).size();
  EXPECT_EQ(size, 150U);
  EXPECT_EQ(read(writer).size(), 2U);
  try {
    writer.scalar("a", 10, 10);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot be written: it was closed"));
  }
  EXPECT_EQ(text_of(writer.path()).size(), size);
}

TEST_F(EventFile, AFolderThatCannotBeMadeIsAnError) {
  replace_file(folder_, "a file");
  try {
    EventFileWriter writer(folder_ + "/train");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("logs/train: cannot make the folder: Not a directory"));
  }
}

TEST_F(EventFile, FilesOfOtherWritersReadTheSameWay) {
  const char* fixtures = std::getenv("CORNU_FIXTURES");
  if (fixtures == nullptr) GTEST_SKIP() << "fixtures not found";
  const auto events = read_events(text_of(std::string(fixtures) + "/tf2_scalars.tfevents"));
  ASSERT_GT(events.size(), 1U);
  EXPECT_EQ(events[0].version, "brain.Event:2");
  EXPECT_EQ(events[1].plugin, "scalars");
  EXPECT_EQ(events[1].dtype, 1);
  EXPECT_EQ(events[1].content.size(), 4U);
}

}  // namespace event_file_test
}  // namespace cornu::inline v0::formats
