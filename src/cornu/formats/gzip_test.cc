#include "cornu/formats/gzip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "cornu/formats/damage_test.h"

namespace cornu::inline v0::formats {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr uint64_t kPlenty = uint64_t{1} << 30;

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> result;
  for (int value : values) result.push_back(static_cast<std::byte>(value));
  return result;
}

// "hello\n", as gzip -n wrote it.
const std::vector<std::byte> kHello =
    bytes({0x1f, 0x8b, 0x08, 0,    0,    0,    0,    0,    0,    0x03, 0xcb, 0x48, 0xcd,
           0xc9, 0xc9, 0xe7, 0x02, 0x00, 0x20, 0x30, 0x3a, 0x36, 6,    0,    0,    0});

std::vector<std::byte> noise(size_t size) {
  std::vector<std::byte> result(size);
  uint32_t state = 1;
  for (std::byte& each : result) {
    state = state * 1664525 + 1013904223;
    each = static_cast<std::byte>(state >> 24);
  }
  return result;
}

std::vector<std::byte> join(std::vector<std::byte> a, const std::vector<std::byte>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::string refused(const std::vector<std::byte>& file, uint64_t limit = kPlenty) {
  return error_of([&] { gunzip(file, limit, "x.gz"); });
}

TEST(Gzip, ReadsAFileOfTheGzipProgram) {
  EXPECT_EQ(text_of(gunzip(kHello, kPlenty, "x.gz")), "hello\n");
}

TEST(Gzip, WritesTheSameFileEachTimeWithNoNameAndNoTime) {
  const auto file = gzip(bytes_of("hello\n"));
  EXPECT_EQ(file, gzip(bytes_of("hello\n")));
  const auto header = bytes({0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3});
  ASSERT_GT(file.size(), header.size());
  EXPECT_TRUE(std::equal(header.begin(), header.end(), file.begin()));
}

TEST(Gzip, RoundTripsAnySize) {
  for (size_t size : {0, 1, 2, 255, 32768, 65535, 65536, 300000}) {
    EXPECT_EQ(gunzip(gzip(noise(size)), size, "x.gz"), noise(size)) << size;
    const std::vector<std::byte> zeros(size);
    EXPECT_EQ(gunzip(gzip(zeros), size, "x.gz"), zeros) << size;
  }
}

TEST(Gzip, JoinsMembers) {
  const auto two = join(gzip(bytes_of("one ")), gzip(bytes_of("two")));
  EXPECT_EQ(text_of(gunzip(two, kPlenty, "x.gz")), "one two");
  const auto long_first = join(gzip(std::vector<std::byte>(100000)), kHello);
  EXPECT_EQ(gunzip(long_first, kPlenty, "x.gz").size(), 100006U);
  const auto empty_last = join(kHello, gzip({}));
  EXPECT_EQ(text_of(gunzip(empty_last, 6, "x.gz")), "hello\n");
}

TEST(Gzip, RefusesWhatFollowsTheEnd) {
  for (const char* junk : {"j", "\x1f", "junk"}) {
    EXPECT_THAT(refused(join(kHello, bytes_of(junk))),
                AllOf(HasSubstr("x.gz: "), HasSubstr("not gzip follow its end at byte 26")));
  }
  EXPECT_THAT(refused(join(kHello, bytes({0, 0}))), HasSubstr("2 bytes"));
  // A second member that is not one after its magic number.
  EXPECT_THAT(refused(join(kHello, bytes({0x1f, 0x8b, 9}))), HasSubstr("x.gz"));
}

TEST(Gzip, RefusesWhatIsNotGzip) {
  EXPECT_THAT(refused({}), HasSubstr("x.gz: not a gzip file; expected 0x1f 0x8b at its start, "
                                     "got 0 bytes."));
  EXPECT_THAT(refused(bytes_of("PK")), HasSubstr("got 0x50 0x4b"));
  EXPECT_FALSE(is_gzip(bytes({0x1f})));
  EXPECT_FALSE(is_gzip(bytes({0x1f, 0x8a})));
  EXPECT_TRUE(is_gzip(kHello));
}

TEST(Gzip, SaysWhereACutStreamEnds) {
  std::vector<std::byte> file = gzip(noise(1000));
  file.resize(500);
  EXPECT_THAT(refused(file), AllOf(HasSubstr("unexpected end at byte 500"), HasSubstr("Hint")));
}

TEST(Gzip, FindsAWrongChecksumAndAWrongSize) {
  std::vector<std::byte> file = kHello;
  file[18] ^= std::byte{1};
  EXPECT_THAT(refused(file), AllOf(HasSubstr("incorrect data check"), HasSubstr("fetch")));
  file = kHello;
  file[22] = std::byte{7};
  EXPECT_THAT(refused(file), HasSubstr("incorrect length check"));
}

TEST(Gzip, StopsAtTheLimit) {
  // 10 MB of zeros in 10 kB.
  const auto bomb = gzip(std::vector<std::byte>(10'000'000));
  EXPECT_LT(bomb.size(), 11'000U);
  EXPECT_THAT(refused(bomb, 9'999'999),
              HasSubstr("x.gz: unpacks to more than it may; expected at most 9999999 bytes."));
  EXPECT_EQ(gunzip(bomb, 10'000'000, "x.gz").size(), 10'000'000U);
  EXPECT_THAT(refused(kHello, 5), HasSubstr("at most 5 bytes"));
  EXPECT_THAT(refused(kHello, 0), HasSubstr("at most 0 bytes"));
  EXPECT_EQ(gunzip(kHello, std::numeric_limits<uint64_t>::max(), "x.gz").size(), 6U);
  // Each member is within the limit, their sum is not.
  EXPECT_THAT(refused(join(kHello, kHello), 11), HasSubstr("at most 11 bytes"));
}

TEST(Gzip, AllocatesNoMoreThanAFileOfItsSizeCanHold) {
  // ISIZE claims 4 GiB; 26 bytes can hold 26832 at most.
  std::vector<std::byte> file = kHello;
  for (size_t i = 22; i < 26; ++i) file[i] = std::byte{0xFF};
  EXPECT_THAT(refused(file), HasSubstr("incorrect length check"));
}

TEST(Gzip, FindsEveryCut) {
  const auto unzip = [](const auto& file) { gunzip(file, kPlenty, "cut"); };
  EXPECT_EQ(each_beginning(kHello, unzip), kHello.size());
  const auto file = gzip(noise(300));
  EXPECT_EQ(each_beginning(file, unzip), file.size());
}

TEST(Gzip, GivesNoOtherPayloadForAnyFlippedBit) {
  // In the stream of the zeros some bits do not matter: a run may be copied from any distance.
  const std::vector<std::byte> zeros(5000);
  for (const auto& payload : {bytes_of("hello\n"), noise(300), zeros}) {
    const auto file = gzip(payload);
    const size_t errors = each_flip(
        file, [&](const auto& flipped) { EXPECT_EQ(gunzip(flipped, kPlenty, "x.gz"), payload); });
    // Time, extra flags and system in the header say nothing of the payload: all else must fail.
    if (payload != zeros) {
      EXPECT_GE(errors, (file.size() - 7) * 8);
    }
  }
}

}  // namespace
}  // namespace cornu::inline v0::formats
