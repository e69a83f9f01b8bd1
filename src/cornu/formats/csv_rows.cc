#include "cornu/formats/csv_rows.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <exception>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/csv.h"
#include "cornu/formats/eight_digits.h"

namespace cornu::inline v0::formats {
namespace {

// Records are told together until they have so many bytes, which stay in the second-level cache
// while their columns are read.
constexpr ptrdiff_t kBytesOfRows = 64 << 10;
// Characters that are looked at together.
constexpr size_t kCsvChunk = 64;

using Sixteen = uint8_t __attribute__((vector_size(16)));
using TwoWords = uint64_t __attribute__((vector_size(16)));

// A bit for each of sixteen bytes, which are all ones or 0.
uint64_t bits_of(Sixteen bytes) {
  const TwoWords weighed = reinterpret_cast<TwoWords>(bytes) & 0x8040201008040201;
  return weighed[0] * kEachOfEight >> 56 | weighed[1] * kEachOfEight >> 56 << 8;
}

// How many of sixteen counts there are together, of at most 255.
size_t sum_of(Sixteen counts) {
  const auto words = reinterpret_cast<TwoWords>(counts);
  return (words[0] + words[1]) * kEachOfEight >> 56;
}

// Where fields end among 64 characters, a bit for each; how many, and how many are line feeds.
struct FieldEnds {
  uint64_t bits;
  size_t count, feeds;
};

// Of text without quotes.
FieldEnds field_ends(const char* at, Sixteen delimiter, Sixteen feed) {
  uint64_t bits = 0;
  Sixteen ends{};
  Sixteen feeds{};
  for (size_t i = 0; i < kCsvChunk; i += sizeof(Sixteen)) {
    Sixteen bytes;
    std::memcpy(&bytes, at + i, sizeof bytes);
    const auto is_feed = reinterpret_cast<Sixteen>(bytes == feed);
    const auto is_end = is_feed | reinterpret_cast<Sixteen>(bytes == delimiter);
    bits |= bits_of(is_end) << i;
    ends -= is_end;  // all ones are -1
    feeds -= is_feed;
  }
  return {.bits = bits, .count = sum_of(ends), .feeds = sum_of(feeds)};
}

// Fields that are written at a time, some more than there are, so that mostly the same number of
// rounds is made.
constexpr size_t kPlacesAtOnce = 4;

// Writes the places of the fields that end at these bits, counted from `chunk` on.
void write_places(uint64_t bits, uint32_t chunk, uint32_t begin, CsvPlace* to) {
  while (bits != 0) {
    for (size_t i = 0; i < kPlacesAtOnce; ++i) {
      const uint32_t end = chunk + static_cast<uint32_t>(std::countr_zero(bits));
      *to++ = {.begin = begin, .size = end - begin};
      begin = end + 1;
      bits &= bits - 1;
    }
  }
}

// Room for more places; what is behind those that are used has no meaning.
void make_room(std::vector<CsvPlace>& places, size_t needed) {
  if (places.size() < needed) places.resize(2 * needed);
}

}  // namespace

bool CsvRecords::next(CsvRows& rows) {
  if (error_ != nullptr) std::rethrow_exception(std::exchange(error_, nullptr));
  rows.text = begin_;
  rows.fields = expected_;
  rows.lines.clear();
  if (!has_quotes_ && expected_ > 0 && find_rows(rows)) return true;
  const char* const begin = at_;
  try {
    while (at_ - begin < kBytesOfRows && next()) add_record(rows);
  } catch (const Error&) {
    if (rows.size() == 0) throw;
    error_ = std::current_exception();
  }
  return rows.size() > 0;
}

void CsvRecords::add_record(CsvRows& rows) const {
  const size_t used = rows.size() * expected_;
  make_room(rows.places, used + expected_);
  for (size_t i = 0; i < expected_; ++i) {
    rows.places[used + i] = {.begin = static_cast<uint32_t>(fields_[i].data() - begin_),
                             .size = static_cast<uint32_t>(fields_[i].size())};
  }
  rows.lines.push_back(record_line_);
}

// Finds the fields of records without looking at one after the other; false where they are not all
// of the expected number of fields, at the end, and for whatever else next() is to look at.
bool CsvRecords::find_rows(CsvRows& rows) {
  const auto delimiter = Sixteen{} + static_cast<uint8_t>(delimiter_);
  const auto feed = Sixteen{} + static_cast<uint8_t>('\n');
  size_t count = 0;
  size_t feeds = 0;
  uint32_t begin = static_cast<uint32_t>(at_ - begin_);
  for (const char* at = at_; at < end_ && (at - at_ < kBytesOfRows || count < expected_);
       at += kCsvChunk) {
    std::array<char, kCsvChunk> last{};
    const bool is_last = end_ - at < static_cast<ptrdiff_t>(kCsvChunk);
    if (is_last) std::memcpy(last.data(), at, static_cast<size_t>(end_ - at));
    const FieldEnds ends = field_ends(is_last ? last.data() : at, delimiter, feed);
    make_room(rows.places, count + kCsvChunk + kPlacesAtOnce);
    write_places(ends.bits, static_cast<uint32_t>(at - begin_), begin, rows.places.data() + count);
    count += ends.count;
    feeds += ends.feeds;
    if (count > 0) begin = rows.places[count - 1].begin + rows.places[count - 1].size + 1;
  }
  const size_t found = count / expected_;
  // Of lines with too many fields and with too few, there may be as many.
  if (found == 0 || feeds != found) return false;
  char* at = at_;
  for (size_t row = 0; row < found; ++row) {
    CsvPlace& last = rows.places[(row + 1) * expected_ - 1];
    char* const end = begin_ + last.begin + last.size;
    const bool has_return = last.size > 0 && end[-1] == '\r';
    last.size -= has_return ? 1 : 0;
    const bool is_empty = expected_ == 1 && last.size == 0;
    if (*end != '\n' || is_empty || end - at > static_cast<ptrdiff_t>(kLargestCsvRecord))
      return false;
    at = end + 1;
  }
  for (size_t row = 0; row < found; ++row) rows.lines.push_back(line_++);
  at_ = at;
  return true;
}

}  // namespace cornu::inline v0::formats
