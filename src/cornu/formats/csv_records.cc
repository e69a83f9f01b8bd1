#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/formats/csv.h"
#include "cornu/formats/eight_digits.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace {

// The highest bit of a byte that is 0. Bytes above the lowest such byte may have it wrongly.
uint64_t zero_bytes(uint64_t word) {
  return (word - kEachOfEight) & ~word & (kEachOfEight << 7);
}

// The first byte that is one of two, given as eight of each. It reads eight bytes at a time, the
// lowest address in the lowest bits.
char* find_either(char* at, uint64_t a, uint64_t b) {
  for (;; at += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, at, sizeof word);
    const uint64_t found = zero_bytes(word ^ a) | zero_bytes(word ^ b);
    if (found != 0) return at + std::countr_zero(found) / 8;
  }
}

uint64_t eight_of(char byte) {
  return kEachOfEight * static_cast<unsigned char>(byte);
}

}  // namespace

CsvRecords::CsvRecords(CsvBlock& block, char delimiter, size_t fields, std::string where)
    : begin_(reinterpret_cast<char*>(block.bytes.data())),
      at_(begin_),
      end_(at_ + block.size),
      delimiter_(delimiter),
      expected_(fields),
      where_(std::move(where)),
      line_(block.line),
      record_line_(block.line),
      has_quotes_(block.has_quotes) {
  fields_.reserve(fields);
}

bool CsvRecords::next() {
  while (at_ < end_ && (*at_ == '\n' || (*at_ == '\r' && at_[1] == '\n'))) {
    at_ += *at_ == '\r' ? 2 : 1;
    ++line_;
  }
  if (at_ >= end_) return false;
  record_line_ = line_;
  fields_.clear();
  const char* const begin = at_;
  while (*at_ == '"' ? read_quoted_field() : read_plain_field()) {
  }
  if (static_cast<size_t>(at_ - begin) > kLargestCsvRecord + 1) {
    refuse("the record is too long", fmt::format("at most {} bytes", kLargestCsvRecord),
           std::to_string(at_ - begin - 1), {});
  }
  if (expected_ != 0 && fields_.size() != expected_) {
    const std::string shown_delimiter =
        delimiter_ == '\t' ? "a tab" : fmt::format("{}", delimiter_);
    refuse("the record has another number of fields than the first one", std::to_string(expected_),
           std::to_string(fields_.size()),
           "a field that contains " + shown_delimiter + " stands between quotes: \"…\"" +
               (expected_ == 1 ? "; a title above the names of the columns is to go" : ""));
  }
  if (fields_.size() > kMostCsvFields) {
    refuse("the record has too many fields", fmt::format("at most {}", kMostCsvFields),
           std::to_string(fields_.size()), {});
  }
  return true;
}

// Both return whether another field follows in the record.
bool CsvRecords::read_plain_field() {
  char* const begin = at_;
  char* const end = find_either(at_, eight_of(delimiter_), eight_of('\n'));
  const bool is_last = *end == '\n';
  at_ = end + 1;
  const bool has_return = is_last && end > begin && end[-1] == '\r';
  fields_.emplace_back(begin, end - has_return);
  line_ += is_last ? 1 : 0;
  return !is_last;
}

bool CsvRecords::read_quoted_field() {
  char* const begin = ++at_;
  char* to = begin;
  for (;;) {
    auto* const quote = static_cast<char*>(std::memchr(at_, '"', static_cast<size_t>(end_ - at_)));
    if (quote == nullptr) refuse("a quote is not closed", "\" after it", "none", {});
    line_ += static_cast<uint64_t>(std::count(at_, quote, '\n'));
    const auto size = static_cast<size_t>(quote - at_);
    std::memmove(to, at_, size);
    to += size;
    at_ = quote + 1;
    if (*at_ != '"') break;
    *to++ = '"';
    ++at_;
  }
  fields_.emplace_back(begin, to);
  if (*at_ == delimiter_) {
    ++at_;
    return true;
  }
  if (*at_ == '\r' && at_[1] == '\n') ++at_;
  if (*at_ != '\n') {
    refuse(fmt::format("field {} goes on after its closing quote", fields_.size()),
           "a delimiter or the end of the line", shown({at_, 1}),
           "a quote within a quoted field is doubled: \"say \"\"yes\"\"\"");
  }
  ++at_;
  ++line_;
  return false;
}

void CsvRecords::refuse(const std::string& what, const std::string& expected,
                        const std::string& found, const std::string& hint) const {
  throw Error({.kind = ErrorKind::corrupt,
               .where = csv_place(where_, record_line_),
               .what = what,
               .expected = expected,
               .found = found,
               .hint = hint});
}

std::string csv_place(const std::string& where, uint64_t line) {
  return where + ", line " + with_commas(static_cast<int64_t>(line));
}

void write_csv_record(std::string& to, std::span<const std::string_view> fields, char delimiter) {
  const std::string special = {delimiter, '"', '\n', '\r'};
  bool is_first = true;
  for (const std::string_view field : fields) {
    if (!std::exchange(is_first, false)) to += delimiter;
    // A record of one empty field would be an empty line, which is none.
    const bool is_bare = field.find_first_of(special) == std::string_view::npos &&
                         !(field.empty() && fields.size() == 1);
    if (is_bare) {
      to += field;
      continue;
    }
    to += '"';
    for (const char each : field) to.append(each == '"' ? 2 : 1, each);
    to += '"';
  }
  to += '\n';
}

}  // namespace cornu::inline v0::formats
