#include "cornu/formats/gzip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/formats/damage_test.h"

namespace cornu::inline v0::formats {
namespace gzip_test {

using testing::AllOf;
using testing::HasSubstr;

constexpr size_t kPlenty = 300000;

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

// The payload of a file, unpacked into memory of just `limit` bytes.
std::vector<std::byte> unpacked(const std::vector<std::byte>& file, size_t limit = kPlenty) {
  std::vector<std::byte> room(limit);
  room.resize(gunzip(file, room, "x.gz"));
  return room;
}

std::string refused(const std::vector<std::byte>& file, size_t limit = kPlenty) {
  return error_of([&] { unpacked(file, limit); });
}

TEST(Gzip, ReadsAFileOfTheGzipProgram) {
  EXPECT_EQ(text_of(unpacked(kHello)), "hello\n");
}

TEST(Gzip, WritesTheSameFileEachTimeWithNoNameAndNoTime) {
  const auto file = gzip(bytes_of("hello\n"));
  EXPECT_EQ(file, gzip(bytes_of("hello\n")));
  const auto header = bytes({0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255});
  ASSERT_GT(file.size(), header.size());
  EXPECT_TRUE(std::equal(header.begin(), header.end(), file.begin()));
}

TEST(Gzip, RoundTripsAnySize) {
  for (size_t size : {0, 1, 2, 255, 32768, 65535, 65536, 300000}) {
    EXPECT_EQ(unpacked(gzip(noise(size)), size), noise(size)) << size;
    const std::vector<std::byte> zeros(size);
    EXPECT_EQ(unpacked(gzip(zeros), size), zeros) << size;
  }
}

TEST(Gzip, JoinsMembers) {
  const auto two = join(gzip(bytes_of("one ")), gzip(bytes_of("two")));
  EXPECT_EQ(text_of(unpacked(two)), "one two");
  const auto long_first = join(gzip(std::vector<std::byte>(100000)), kHello);
  EXPECT_EQ(unpacked(long_first).size(), 100006U);
  const auto empty_last = join(kHello, gzip({}));
  EXPECT_EQ(text_of(unpacked(empty_last, 6)), "hello\n");
}

TEST(Gzip, RefusesBytesAfterTheEnd) {
  for (const char* junk : {"j", "\x1f", "junk"}) {
    EXPECT_THAT(refused(join(kHello, bytes_of(junk))),
                AllOf(HasSubstr("x.gz: "), HasSubstr("not gzip follow its end at byte 26")));
  }
  EXPECT_THAT(refused(join(kHello, bytes({0, 0}))), HasSubstr("2 bytes"));
  // A second member of which only the magic number is right.
  EXPECT_THAT(refused(join(kHello, bytes({0x1f, 0x8b, 9}))),
              HasSubstr("x.gz: unexpected end at byte 29"));
}

TEST(Gzip, RefusesFilesThatAreNotGzip) {
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
  EXPECT_THAT(refused(file), AllOf(HasSubstr("damaged or cut off between bytes 10 and 500"),
                                   HasSubstr("Hint: fetch")));
  // A cut in the header or after the stream can only be reported as an early end.
  file = kHello;
  file.resize(9);
  EXPECT_THAT(refused(file), HasSubstr("unexpected end at byte 9"));
  file = kHello;
  file.resize(25);
  EXPECT_THAT(refused(file), HasSubstr("unexpected end at byte 25"));
}

// A header with every part that RFC 1952 allows: extra field, name, comment, checksum of the
// header.
TEST(Gzip, ReadsEveryHeader) {
  const auto header =
      bytes({0x1f, 0x8b, 8, 0x1f, 1, 2, 3, 4, 0, 3, 2, 0, 7, 7, 'n', 0, 'c', 'c', 0, 0x08, 0xb6});
  const std::vector<std::byte> file =
      join(header, std::vector<std::byte>(kHello.begin() + 10, kHello.end()));
  EXPECT_EQ(text_of(unpacked(file)), "hello\n");
  EXPECT_EQ(each_beginning(file, [](const auto& cut) { unpacked(cut); }), file.size());
  for (size_t size = 2; size < header.size(); ++size) {
    std::vector<std::byte> cut = file;
    cut.resize(size);
    EXPECT_THAT(refused(cut), HasSubstr("unexpected end at byte " + std::to_string(size)));
  }
  std::vector<std::byte> other = file;
  other[14] = std::byte{'m'};
  EXPECT_THAT(refused(other), HasSubstr("damaged before byte 19 (wrong checksum of the header)"));
}

TEST(Gzip, RefusesAnotherMethodAndUnknownFlags) {
  std::vector<std::byte> file = kHello;
  file[2] = std::byte{7};
  EXPECT_THAT(refused(file), HasSubstr("damaged at byte 2 (unknown compression method 7)"));
  file = kHello;
  file[3] = std::byte{0x20};
  EXPECT_THAT(refused(file), HasSubstr("damaged at byte 3 (unknown flags)"));
}

TEST(Gzip, FindsAWrongChecksumAndAWrongSize) {
  std::vector<std::byte> file = kHello;
  file[18] ^= std::byte{1};
  EXPECT_THAT(refused(file),
              AllOf(HasSubstr("damaged before byte 18 (wrong checksum)"), HasSubstr("fetch")));
  file = kHello;
  file[22] = std::byte{7};
  EXPECT_THAT(refused(file), HasSubstr("damaged at byte 22 (wrong length)"));
}

TEST(Gzip, StopsAtTheLimit) {
  // 10 MB of zeros in 10 kB.
  const auto bomb = gzip(std::vector<std::byte>(10'000'000));
  EXPECT_LT(bomb.size(), 11'000U);
  EXPECT_THAT(
      refused(bomb, 9'999'999),
      HasSubstr(
          "x.gz: unpacks to more than it may, or lacks its end; expected at most 9999999 bytes."));
  EXPECT_EQ(unpacked(bomb, 10'000'000).size(), 10'000'000U);
  EXPECT_THAT(refused(kHello, 5), HasSubstr("at most 5 bytes"));
  EXPECT_THAT(refused(kHello, 0), HasSubstr("at most 0 bytes"));
  // Each member is within the limit, their sum is not.
  EXPECT_THAT(refused(join(kHello, kHello), 11), HasSubstr("at most 11 bytes"));
}

TEST(Gzip, FindsEveryCut) {
  const auto unzip = [](const auto& file) { unpacked(file); };
  EXPECT_EQ(each_beginning(kHello, unzip), kHello.size());
  const auto file = gzip(noise(300));
  EXPECT_EQ(each_beginning(file, unzip), file.size());
}

TEST(Gzip, GivesNoOtherPayloadForAnyFlippedBit) {
  // In the stream of the zeros some bits do not matter: a run may be copied from any distance.
  const std::vector<std::byte> zeros(5000);
  for (const auto& payload : {bytes_of("hello\n"), noise(300), zeros}) {
    const auto file = gzip(payload);
    const size_t errors =
        each_flip(file, [&](const auto& flipped) { EXPECT_EQ(unpacked(flipped, 5000), payload); });
    // Time, extra flags and system in the header say nothing of the payload: all else must fail.
    if (payload != zeros) {
      EXPECT_GE(errors, (file.size() - 7) * 8);
    }
  }
}

}  // namespace gzip_test
}  // namespace cornu::inline v0::formats
