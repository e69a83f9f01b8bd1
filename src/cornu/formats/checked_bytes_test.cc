#include "cornu/formats/checked_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/formats/archive_test.h"
#include "cornu/formats/crc32.h"

namespace cornu::inline v0::formats {
namespace checked_bytes_test {

using testing::HasSubstr;

std::vector<std::byte> numbers(size_t size) {
  std::vector<std::byte> bytes(size);
  uint64_t x = 1;
  for (std::byte& each : bytes) {
    x = x * 6364136223846793005 + 1442695040888963407;
    each = static_cast<std::byte>(x >> 56);
  }
  return bytes;
}

uint32_t true_crc(std::span<const std::byte> bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

void refuse(uint32_t found) {
  throw Error({.where = "checksum", .found = std::to_string(found)});
}

TEST(Crc32, IsThatOfZip) {
  const auto check = std::as_bytes(std::span("123456789", 9));
  EXPECT_EQ(crc32(0, check), 0xCBF43926U);
  EXPECT_EQ(crc32(0, {}), 0U);
  const auto bytes = numbers(100'000);
  for (size_t size : {1U, 15U, 63U, 64U, 1000U, 100'000U}) {
    const auto part = std::span(bytes).first(size);
    EXPECT_EQ(crc32(0, part), true_crc(part));
  }
}

TEST(Crc32, OfPartsIsJoined) {
  const auto bytes = numbers(100'000);
  for (size_t cut : {0U, 1U, 7U, 4096U, 99'999U, 100'000U}) {
    const auto first = std::span(bytes).first(cut);
    const auto second = std::span(bytes).subspan(cut);
    EXPECT_EQ(crc32(crc32(0, first), second), true_crc(bytes));
    EXPECT_EQ(Crc32Join(second.size())(crc32(0, first), crc32(0, second)), true_crc(bytes));
  }
}

// A part of a file, 100 bytes from its beginning and 50 before its end.
struct Part {
  explicit Part(size_t size) : file(numbers(size + 150)) {}
  std::span<const std::byte> bytes() const {
    return std::span(file).subspan(100, file.size() - 150);
  }
  CheckedBytes checked(uint32_t crc) { return {source, 100, file.size() - 150, crc, refuse}; }
  std::vector<std::byte> file;
  MemoryBytes source{file};
};

TEST(CheckedBytes, AreThoseOfTheSourceWhateverIsReadFirst) {
  for (size_t size : {0U, 1U, 65'536U, 400'001U}) {
    Part part(size);
    CheckedBytes checked = part.checked(true_crc(part.bytes()));
    uint64_t x = 7;
    for (int i = 0; i < 30 && size > 0; ++i) {
      x = x * 6364136223846793005 + 1442695040888963407;
      const size_t offset = (x >> 33) % size;
      const size_t length = (x >> 13) % (size - offset + 1);
      const auto expected = part.bytes().subspan(offset, length);
      if (i % 3 == 0) {
        EXPECT_EQ(text_of(checked.view(offset, length)), text_of(expected));
        continue;
      }
      std::vector<std::byte> to(length);
      size_t arrived = 0;
      checked.read(offset, to, [&arrived](size_t done) { arrived = done; });
      EXPECT_EQ(arrived, length);
      EXPECT_TRUE(text_of(to) == text_of(expected));
    }
    checked.verify();
    checked.verify();
    EXPECT_THAT(error_of([&] { checked.view(size, 1); }), HasSubstr("a part of"));
  }
}

// Neighbours share a unit, whose checksum both need.
TEST(CheckedBytes, AreReadByTwoThreadsAtOnce) {
  Part part(3'000'000);
  for (int round = 0; round < 20; ++round) {
    CheckedBytes checked = part.checked(true_crc(part.bytes()));
    std::vector<std::byte> to(part.bytes().size());
    const auto read = [&](size_t first) {
      for (size_t at = first * 100'000; at < to.size(); at += 200'000) {
        checked.read(at, std::span(to).subspan(at, 100'000));
      }
    };
    std::jthread other(read, 1);
    read(0);
    other.join();
    checked.verify();
    EXPECT_TRUE(text_of(to) == text_of(part.bytes()));
  }
}

TEST(CheckedBytes, RefuseAnyFlippedBitWhateverWasRead) {
  Part part(200'000);
  const uint32_t crc = true_crc(part.bytes());
  for (size_t at : {0U, 65'535U, 65'536U, 131'072U, 199'999U}) {
    part.file[100 + at] ^= std::byte{4};
    for (const auto& [offset, length] : std::initializer_list<std::pair<size_t, size_t>>{
             {0, 0}, {0, 200'000}, {65'000, 70'000}, {199'000, 1000}}) {
      CheckedBytes checked = part.checked(crc);
      std::vector<std::byte> to(length);
      checked.read(offset, to);
      EXPECT_THAT(error_of([&] { checked.verify(); }),
                  HasSubstr(std::to_string(true_crc(part.bytes()))));
    }
    part.file[100 + at] ^= std::byte{4};
  }
}

// Bytes that arrive in pieces which end anywhere.
class InPieces final : public ByteSource {
 public:
  InPieces(ByteSource& source, size_t piece) : source_(source), piece_(piece) {}
  using ByteSource::read;
  uint64_t size() const override { return source_.size(); }
  std::span<const std::byte> view(uint64_t offset, uint64_t length) override {
    return source_.view(offset, length);
  }
  void read(uint64_t offset, std::span<std::byte> to, const Arrived& arrived) override {
    for (size_t done = 0; done < to.size();) {
      const size_t count = std::min(piece_, to.size() - done);
      source_.read(offset + done, to.subspan(done, count));
      arrived(done += count);
    }
  }

 private:
  ByteSource& source_;
  size_t piece_;
};

TEST(CheckedBytes, ArriveInThePiecesOfTheSource) {
  Part part(400'001);
  const uint32_t crc = true_crc(part.bytes());
  for (const size_t piece : {50'000U, 65'536U, 100'000U, 1'000'000U}) {
    InPieces source(part.source, piece);
    CheckedBytes checked(source, 100, part.bytes().size(), crc, refuse);
    std::vector<std::byte> to(part.bytes().size());
    std::vector<size_t> ends;
    checked.read(0, to, [&](size_t done) { ends.push_back(done); });
    EXPECT_EQ(ends.size(), (to.size() + piece - 1) / piece);
    EXPECT_EQ(ends.back(), to.size());
    EXPECT_TRUE(text_of(to) == text_of(part.bytes()));
    part.file[100] ^= std::byte{1};  // every unit is known: none is read again
    checked.verify();
    part.file[100] ^= std::byte{1};
  }
}

TEST(CheckedBytes, FindTheSourceChangedBetweenTwoReads) {
  Part part(200'000);
  CheckedBytes checked = part.checked(true_crc(part.bytes()));
  std::vector<std::byte> to(200'000);
  checked.read(0, to);
  part.file[70'000] ^= std::byte{1};
  EXPECT_THAT(error_of([&] { checked.read(0, to); }),
              HasSubstr("was written to while it was read"));
}

}  // namespace checked_bytes_test
}  // namespace cornu::inline v0::formats
