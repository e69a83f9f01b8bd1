#include "cornu/datasets/table_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <utility>

#include "cornu/core/byte_source.h"
#include "cornu/core/error.h"
#include "cornu/core/team.h"
#include "cornu/datasets/block_columns.h"
#include "cornu/datasets/number_memory.h"
#include "cornu/datasets/table_header.h"
#include "cornu/datasets/text_codes.h"
#include "cornu/formats/csv.h"

namespace cornu::inline v0::datasets {
namespace {

using formats::CsvBlock;
using formats::CsvReader;
using formats::CsvRecords;

// The records whose cells tell whether there is a header.
constexpr size_t kHeadRecords = 50;

using Pieces = std::vector<std::vector<ColumnPiece>>;  // of each block, those of each column

size_t rows_of(const Pieces& blocks) {
  size_t rows = 0;
  for (const auto& block : blocks) rows += static_cast<size_t>(block[0].column.size());
  return rows;
}

// Whether the numbers of each block stand behind those of the block before.
bool are_joined(const Pieces& blocks, size_t which) {
  for (size_t i = 1; i < blocks.size(); ++i) {
    const Numbers& next = blocks[i][which].column.numbers;
    if (!blocks[i - 1][which].column.numbers.is_followed_by(next)) return false;
  }
  return true;
}

Numbers joined_numbers(const Pieces& blocks, size_t which, size_t rows) {
  const Numbers& first = blocks[0][which].column.numbers;
  if (are_joined(blocks, which)) return first.and_following(rows - first.size());
  const auto memory = std::make_shared<Block>(rows * sizeof(double));
  memory->prefer_huge_pages();
  auto* const begin = reinterpret_cast<double*>(memory->data());
  double* to = begin;
  for (const auto& block : blocks) to = std::ranges::copy(block[which].column.numbers, to).out;
  return {memory, begin, rows};
}

// Columns one after the other, in the order of their blocks, whose memory is given back.
Column joined(Pieces& blocks, size_t which, size_t rows) {
  Column whole = {.name = blocks[0][which].column.name, .kind = blocks[0][which].column.kind};
  if (whole.kind == ColumnKind::number) {
    whole.numbers = joined_numbers(blocks, which, rows);
    return whole;
  }
  whole.codes.reserve(rows);
  TextCodes texts;
  for (auto& block : blocks) {
    const Column piece = std::exchange(block[which].column, {});
    std::vector<int32_t> codes;  // in the whole, of the piece's texts
    for (const std::string& text : piece.texts) {
      codes.push_back(texts.code_of(text, whole));
    }
    whole.has_more_texts = whole.has_more_texts || piece.has_more_texts;
    for (const int32_t code : piece.codes) {
      whole.codes.push_back(code < 0 ? -1 : codes[static_cast<size_t>(code)]);
    }
  }
  return whole;
}

// Columns that have a text become columns of text. Returns whether there are any.
bool settle_kinds(const Pieces& blocks, std::vector<PlacedColumn>& placed) {
  bool has_changed = false;
  for (size_t i = 0; i < placed.size(); ++i) {
    const bool has_text = std::ranges::any_of(blocks, [i](const auto& b) { return b[i].has_text; });
    if (has_text) placed[i].kind = ColumnKind::text;
    has_changed = has_changed || has_text;
  }
  return has_changed;
}

// Error for the first cell in the order of the file.
void refuse_faults(const std::string& where, const Pieces& blocks) {
  for (const auto& block : blocks) {
    const ColumnPiece* first = nullptr;
    for (const ColumnPiece& each : block) {
      if (each.fault && (first == nullptr || each.fault->line < first->fault->line)) first = &each;
    }
    if (first != nullptr) refuse_cell(where, first->column.name, *first->fault);
  }
}

}  // namespace

struct TableReader::Content {
  std::string path;
  FileBytes file;
  TableFormat format;
  CsvReader csv;
  std::vector<std::string> names = {};
  bool has_header = false;

  HeadRecords head = {};

  Content(const std::string& file_path, TableFormat table_format);
  std::vector<PlacedColumn> place(const std::vector<ColumnChoice>& choices) const;
  size_t most_rows(const CsvBlock& block) const;
  std::vector<ColumnPiece> columns_of(CsvBlock& block, const NumberPlace& place,
                                      const std::vector<PlacedColumn>& placed) const;
  Pieces read_blocks(const std::vector<PlacedColumn>& placed);
};

TableReader::Content::Content(const std::string& file_path, TableFormat table_format)
    : path(file_path),
      file(path, UINT64_MAX),
      format(table_format),
      csv(file, path, format.delimiter == 0 && path.ends_with(".tsv") ? '\t' : format.delimiter) {
  head = csv.head(kHeadRecords);
  if (!head.empty()) {
    has_header = format.has_header.value_or(told_header(head));
    names = column_names(head, has_header, path);
  }
  if (head.size() > (has_header ? 1 : 0)) return;
  throw Error({.kind = ErrorKind::corrupt,
               .where = path,
               .what = "the table has no rows",
               .expected = has_header ? "records below the names of the columns" : "records",
               .found = head.empty() ? "none" : "the first line alone"});
}

std::vector<PlacedColumn> TableReader::Content::place(
    const std::vector<ColumnChoice>& choices) const {
  std::vector<PlacedColumn> placed;
  for (const ColumnChoice& each : choices) {
    const auto found = std::ranges::find(names, each.name);
    if (found == names.end()) throw unknown_name(path, "column", each.name, names);
    const auto field = static_cast<size_t>(found - names.begin());
    placed.push_back({.name = each.name,
                      .field = field,
                      .kind = each.kind.value_or(told_kind(head, has_header, field)),
                      .is_given = each.kind.has_value()});
  }
  return placed;
}

// Each has a line, and a byte for each of its fields.
size_t TableReader::Content::most_rows(const CsvBlock& block) const {
  const size_t header = has_header && block.index == 0 ? 1 : 0;
  return std::min(block.lines - header, block.size / std::max<size_t>(csv.fields(), 1));
}

std::vector<ColumnPiece> TableReader::Content::columns_of(
    CsvBlock& block, const NumberPlace& place, const std::vector<PlacedColumn>& placed) const {
  CsvRecords records(block, csv.delimiter(), csv.fields(), path);
  if (has_header && block.index == 0) records.next();
  return read_columns(records, place, placed, path);
}

// Blocks are cut by one thread at a time and read by all. A block is taken only after those before
// it, so the first one with an error is the same on any number of threads.
Pieces TableReader::Content::read_blocks(const std::vector<PlacedColumn>& placed) {
  CsvReader reader(file, path, csv.delimiter());
  NumberMemory numbers(number_columns(placed), file.size());
  Pieces blocks;
  std::exception_ptr error;
  size_t error_index = SIZE_MAX;
  std::mutex mutex;
  const auto read_next = [&](size_t& index, Block& memory) {
    std::optional<CsvBlock> block;
    NumberPlace place;
    {
      const std::scoped_lock lock(mutex);
      if (error != nullptr) return false;
      index = blocks.size();
      block = reader.next(std::move(memory));
      if (!block) return false;
      place = numbers.take(most_rows(*block), block->size);
      blocks.emplace_back();
    }
    std::vector<ColumnPiece> columns = columns_of(*block, place, placed);
    memory = std::move(block->bytes);
    const std::scoped_lock lock(mutex);
    blocks[index] = std::move(columns);
    return true;
  };
  const std::shared_ptr<Team> team = process_team();
  team->run(team->size(), [&](Team::Member&) {
    size_t index = SIZE_MAX;
    Block memory;
    try {
      while (read_next(index, memory)) {
      }
    } catch (...) {
      const std::scoped_lock lock(mutex);
      if (index >= error_index && error != nullptr) return;
      error = std::current_exception();
      error_index = index;
    }
  });
  if (error != nullptr) std::rethrow_exception(error);
  return blocks;
}

TableReader::TableReader(const std::string& path, TableFormat format)
    : content_(new Content(path, format)) {}

TableReader::~TableReader() = default;

const std::vector<std::string>& TableReader::names() const {
  return content_->names;
}

char TableReader::delimiter() const {
  return content_->csv.delimiter();
}

bool TableReader::has_header() const {
  return content_->has_header;
}

Table TableReader::read(const std::vector<ColumnChoice>& choices) {
  std::vector<PlacedColumn> placed = content_->place(choices);
  Pieces blocks = content_->read_blocks(placed);
  // A text makes a column one of text. Where the first one stands late, the texts of its numbers
  // are gone, so all is read once more.
  if (settle_kinds(blocks, placed)) blocks = content_->read_blocks(placed);
  refuse_faults(content_->path, blocks);
  Table table{.where = content_->path, .columns = std::vector<Column>(placed.size())};
  const size_t rows = placed.empty() ? 0 : rows_of(blocks);
  std::atomic<size_t> next = 0;
  std::vector<std::exception_ptr> errors(placed.size());
  const std::shared_ptr<Team> team = process_team();
  team->run(team->size(), [&](Team::Member&) {
    for (size_t i = next++; i < placed.size(); i = next++) {
      try {
        table.columns[i] = joined(blocks, i, rows);
      } catch (...) {
        errors[i] = std::current_exception();
      }
    }
  });
  for (const std::exception_ptr& each : errors) {
    if (each != nullptr) std::rethrow_exception(each);
  }
  content_->file.require_unchanged();
  return table;
}

std::optional<Table> TableReader::next(const std::vector<ColumnChoice>& choices) {
  const std::vector<PlacedColumn> placed = content_->place(choices);
  std::optional<CsvBlock> block = content_->csv.next();
  if (!block) return std::nullopt;
  NumberMemory numbers(number_columns(placed), block->size);
  const NumberPlace place = numbers.take(content_->most_rows(*block), block->size);
  Pieces blocks = {content_->columns_of(*block, place, placed)};
  refuse_faults(content_->path, blocks);
  Table table{.where = content_->path, .columns = {}};
  for (ColumnPiece& each : blocks[0]) table.columns.push_back(std::move(each.column));
  return table;
}

}  // namespace cornu::inline v0::datasets
