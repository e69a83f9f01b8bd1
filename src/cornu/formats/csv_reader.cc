#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/csv.h"
#include "cornu/formats/file_kind.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace {

// About half of a second-level cache, and room for the largest record with its end of line.
constexpr size_t kCsvBlock = kLargestCsvRecord + 4096;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
// "sep=;" and its end.
constexpr size_t kLongestSepLine = 7;
// The records that tell the delimiter.
constexpr size_t kTellingRecords = 20;

std::string_view csv_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

uint64_t lines_in(std::string_view text) {
  uint64_t lines = 0;
  for (size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) ++lines;
  return lines;
}

/// The records that are whole at the beginning of a text.
struct WholeRecords {
  size_t size = 0;                             // their bytes
  size_t open_quote = std::string_view::npos;  // where a field begins whose quote is not closed
  bool has_quotes = false;                     // in the text, of fields or others
};

// The end of a quoted field that begins there; npos if there is none.
size_t closing_quote(std::string_view text, size_t begin) {
  size_t at = text.find('"', begin + 1);
  while (at != text.npos && text.substr(at + 1).starts_with('"')) at = text.find('"', at + 2);
  return at;
}

// A quote opens a field only where one begins; elsewhere it is a character as any other.
WholeRecords whole_records(std::string_view text, char delimiter) {
  WholeRecords whole;
  for (size_t at = 0; at < text.size();) {
    size_t quote = text.find('"', at);
    whole.has_quotes = whole.has_quotes || quote != text.npos;
    while (quote != text.npos && quote > 0 && text[quote - 1] != delimiter &&
           text[quote - 1] != '\n') {
      quote = text.find('"', quote + 1);
    }
    const std::string_view outside = text.substr(at, std::min(quote, text.size()) - at);
    const size_t feed = outside.rfind('\n');
    if (feed != outside.npos) whole.size = at + feed + 1;
    if (quote == text.npos) break;
    const size_t closing = closing_quote(text, quote);
    if (closing == text.npos) {
      whole.open_quote = quote;
      break;
    }
    at = closing + 1;
  }
  return whole;
}

CsvBlock block_of(std::string_view text) {
  CsvBlock block;
  block.size = text.size();
  block.bytes = Block(block.size + kCsvPadding);
  std::memset(block.bytes.data() + text.size(), '\n', block.bytes.size() - text.size());
  if (!text.empty()) std::memcpy(block.bytes.data(), text.data(), text.size());
  return block;
}

std::vector<std::vector<std::string>> first_records(std::string_view text, char delimiter,
                                                    size_t fields, size_t most,
                                                    const std::string& where) {
  CsvBlock copy = block_of(text);
  CsvRecords records(copy, delimiter, fields, where);
  std::vector<std::vector<std::string>> first;
  while (first.size() < most && records.next()) {
    first.emplace_back(records.fields().begin(), records.fields().end());
  }
  return first;
}

// The fields of each of the first records; none if they are not divided by this delimiter.
std::vector<size_t> counts_of(std::string_view text, char delimiter) {
  std::vector<size_t> counts;
  try {
    const size_t size = whole_records(text, delimiter).size;
    for (const auto& each :
         first_records(text.substr(0, size), delimiter, 0, kTellingRecords, "")) {
      counts.push_back(each.size());
    }
  } catch (const Error&) {
    return {};
  }
  return counts;
}

// A comma is the last that is tried, since decimal commas stand in tables with other delimiters.
char told_delimiter(std::string_view text) {
  char most_frequent = ',';
  size_t most = 1;
  for (const char delimiter : {'\t', ';', '|', ','}) {
    const std::vector<size_t> counts = counts_of(text, delimiter);
    if (counts.empty() || counts[0] < 2) continue;
    if (std::ranges::count(counts, counts[0]) == std::ssize(counts)) return delimiter;
    if (counts[0] > most) most_frequent = delimiter;
    most = std::max(most, counts[0]);
  }
  return most_frequent;
}

// The path in a line that is pasted into a shell.
std::string pasted(const std::string& path) {
  const bool is_plain = std::ranges::all_of(path, [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           (each >= '0' && each <= '9') ||
           std::string_view("/._-+").find(each) != std::string_view::npos;
  });
  return is_plain ? path : "FILE";
}

std::string by_pandas(const std::string& reader, const std::string& path) {
  return fmt::format(
      "python3 -c \"import pandas; pandas.{}('{}').to_csv('table.csv', index=False)\"", reader,
      pasted(path));
}

void refuse_foreign(std::span<const std::byte> bytes, const std::string& where) {
  const std::string_view text = csv_text(bytes);
  FileKind kind = foreign_kind(bytes);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    kind = {.name = "text in UTF-16",
            .hint = fmt::format("iconv -f UTF-16 -t UTF-8 '{}' > table.csv", pasted(where))};
  } else if (kind.name == kParquetFile) {
    kind.hint = by_pandas("read_parquet", where);
  } else if (kind.name == kExcelFile) {
    kind.hint = by_pandas("read_excel", where);
  } else if (kind.name == kJsonText) {
    kind.hint = by_pandas("read_json", where);
  } else if (kind.name == kPicture) {
    kind.hint = "pictures lie in a folder for each class, photos/cats/1.png, and `photos` is named";
  } else if (text.starts_with("\x1F\x8B")) {
    kind.hint = fmt::format("gunzip -c '{}' > table.csv", pasted(where));
  } else if (text.find('\r') < text.size() && text.find('\n') == text.npos) {
    kind = {.name = "text whose lines end with a carriage return alone",
            .hint = fmt::format("tr '\\r' '\\n' < '{}' > table.csv", pasted(where))};
    if (text.find('\r') == text.size() - 1) return;  // of a line feed that was cut off
  }
  if (kind.name.empty()) return;
  throw Error({.kind = ErrorKind::unsupported,
               .where = where,
               .what = "this is no table of text",
               .expected = "CSV or TSV in UTF-8",
               .found = kind.name,
               .hint = kind.hint});
}

// A text that goes on after its whole records, where it must not.
[[noreturn]] void refuse_unended(const std::string& where, uint64_t line, std::string_view text,
                                 const WholeRecords& whole, bool is_last) {
  const bool is_open = whole.open_quote != text.npos;
  const size_t begin = is_open ? whole.open_quote : whole.size;
  const std::string limit = fmt::format("{} bytes", kLargestCsvRecord);
  throw Error(
      {.kind = ErrorKind::corrupt,
       .where = csv_place(where, line + lines_in(text.substr(0, begin))),
       .what = is_open ? "the quote that begins here is not closed" : "the record is too long",
       .expected =
           is_open ? "a quote before the next delimiter or end of line" : "at most " + limit,
       .found = is_last ? "the end of the file" : "none within " + limit,
       .hint = is_open ? "a quote within a quoted field is doubled: \"say \"\"yes\"\"\"" : ""});
}

}  // namespace

CsvReader::CsvReader(ByteSource& source, std::string where, char delimiter)
    : source_(source), where_(std::move(where)), delimiter_(delimiter) {
  if (delimiter == '"' || delimiter == '\n' || delimiter == '\r' ||
      static_cast<unsigned char>(delimiter) >= 0x80) {
    throw Error({.where = where_,
                 .what = "the delimiter cannot be this character",
                 .expected = "one character of ASCII such as , ; | or a tab",
                 .found = shown({&delimiter, 1})});
  }
  Block begin(static_cast<size_t>(std::min<uint64_t>(source.size(), kCsvBlock)));
  source.read(0, begin.span());
  refuse_foreign(begin.span(), where_);
  std::string_view text = csv_text(begin.span());
  if (text.starts_with(kByteOrderMark)) {
    offset_ = kByteOrderMark.size();
    text.remove_prefix(kByteOrderMark.size());
  }
  // A line by which Excel alone learns the delimiter.
  if (text.starts_with("sep=") && text.find('\n') <= kLongestSepLine) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = csv_place(where_, 1),
                 .what = "it is for Excel alone",
                 .expected = "the names of the columns, or a row",
                 .found = shown(text.substr(0, text.find_first_of("\r\n"))),
                 .hint = fmt::format("tail -n +2 '{}' > table.csv", pasted(where_))});
  }
  if (delimiter_ == 0) {
    const std::string ended = std::string(text) + (source.size() > kCsvBlock ? "" : "\n");
    delimiter_ = told_delimiter(ended);
  }
  first_ = cut({});
  const std::vector<std::vector<std::string>> records = head(1);
  if (!records.empty()) fields_ = records[0].size();
}

std::vector<std::vector<std::string>> CsvReader::head(size_t records) const {
  if (!first_) return {};
  const std::string_view text = csv_text(first_->bytes.span()).substr(0, first_->size);
  return first_records(text, delimiter_, fields_, records, where_);
}

std::optional<CsvBlock> CsvReader::next(Block memory) {
  return first_ ? std::exchange(first_, std::nullopt) : cut(std::move(memory));
}

std::optional<CsvBlock> CsvReader::cut(Block memory) {
  const auto read = static_cast<size_t>(std::min<uint64_t>(source_.size() - offset_, kCsvBlock));
  const bool is_last = offset_ + read == source_.size();
  const size_t size = rest_.size() + read;
  if (size == 0) return std::nullopt;
  CsvBlock block;
  const size_t needed = size + 1 + kCsvPadding;
  // What a record leaves to the next block is mostly little.
  block.bytes = memory.size() >= needed ? std::move(memory) : Block(needed + kCsvBlock / 16);
  std::memcpy(block.bytes.data(), rest_.data(), rest_.size());
  source_.read(offset_, block.bytes.span().subspan(rest_.size(), read));
  std::memset(block.bytes.data() + size, '\n', 1 + kCsvPadding);
  const std::string_view text = csv_text(block.bytes.span()).substr(0, size);
  // A line feed after the last line may be missing.
  const bool needs_feed = is_last && !text.ends_with('\n');
  const std::string_view ended =
      csv_text(block.bytes.span()).substr(0, size + (needs_feed ? 1 : 0));
  const WholeRecords whole = whole_records(ended, delimiter_);
  const std::string_view records = ended.substr(0, whole.size);
  if (const size_t zero = records.find('\0'); zero != records.npos) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = csv_place(where_, line_ + lines_in(records.substr(0, zero))),
                 .what = "a byte of 0",
                 .expected = "text in UTF-8",
                 .hint = fmt::format("if it is UTF-16: iconv -f UTF-16 -t UTF-8 '{}' > table.csv",
                                     pasted(where_))});
  }
  if (is_last ? whole.size < ended.size() : whole.size == 0) {
    refuse_unended(where_, line_, ended, whole, is_last);
  }
  block.size = whole.size;
  block.index = index_++;
  block.line = line_;
  rest_.assign(text.substr(std::min(whole.size, size)));
  offset_ += read;
  block.lines = static_cast<size_t>(lines_in(records));
  block.has_quotes = whole.has_quotes;
  line_ += block.lines;
  return block;
}

}  // namespace cornu::inline v0::formats
