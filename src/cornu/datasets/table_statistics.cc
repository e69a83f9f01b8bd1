#include "cornu/datasets/table_statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "cornu/core/byte_source.h"
#include "cornu/core/error.h"
#include "cornu/core/value.h"
#include "cornu/datasets/block_columns.h"
#include "cornu/datasets/cell.h"
#include "cornu/datasets/table_reader.h"
#include "cornu/formats/csv.h"

namespace cornu::inline v0::datasets {
namespace {

constexpr size_t kMostFrequent = 20;

// What is kept of the cells of a column.
struct CellsOfColumn {
  std::string name;
  size_t field = 0;
  ColumnKind kind = ColumnKind::number;
  std::vector<uint64_t> values = {};  ///< bits of the numbers, or hashes of the texts
  int64_t missing = 0;
};

uint64_t hash_of(std::string_view text) {
  return std::hash<std::string_view>()(text);
}

/// Goes over the rows of a table as often as its statistics need.
class TableCells {
 public:
  TableCells(const std::string& path, const TableStatisticsOptions& options)
      : path_(path), file_(path, UINT64_MAX), head_(path, options.format), kept_(options.first) {
    const std::vector<std::string>& names = head_.names();
    for (const std::string& each : options.drop) {
      if (std::ranges::find(names, each) == names.end()) {
        throw unknown_name(path, "column", each, names);
      }
    }
    for (size_t i = 0; i < names.size(); ++i) {
      if (std::ranges::find(options.drop, names[i]) != options.drop.end()) continue;
      columns_.push_back({.name = names[i], .field = i});
    }
    if (columns_.empty()) throw Error({.where = path, .what = "no column is left"});
    set_label(options.label);
  }

  TableStatistics statistics() {
    // A text makes a column one of text, and its earlier cells are read again.
    while (!read_cells()) {
    }
    TableStatistics all{.rows = static_cast<int64_t>(rows_.size()), .label = label_};
    for (const CellsOfColumn& each : columns_) all.columns.push_back(statistics_of(each));
    find_texts_and_twins(all);
    all.first = std::move(first_);
    return all;
  }

 private:
  void set_label(const std::string& name) {
    const auto called = [&](std::string_view wanted) {
      return std::ranges::find(columns_, wanted, &CellsOfColumn::name);
    };
    const auto found = called(name.empty() ? "label" : std::string_view(name));
    if (found == columns_.end() && !name.empty()) {
      throw unknown_name(path_, "column", name, head_.names());
    }
    label_ = found == columns_.end() ? columns_.size() - 1
                                     : static_cast<size_t>(found - columns_.begin());
  }

  // Calls f with the records, and then `ends_at` with the number of their block, until it is true.
  template <class F, class EndsAt>
  void for_each_record(F f, EndsAt ends_at) {
    formats::CsvReader reader(file_, path_, head_.delimiter());
    if (reader.fields() != head_.names().size()) {
      throw Error({.kind = ErrorKind::io, .where = path_, .what = "changed while it was read"});
    }
    while (std::optional<formats::CsvBlock> block = reader.next()) {
      formats::CsvRecords records(*block, reader.delimiter(), reader.fields(), path_);
      if (head_.has_header() && block->index == 0) records.next();
      while (records.next()) f(records);
      if (ends_at(block->index)) return;
    }
  }

  // The content of a cell, equal for equal ones alone: pandas's 1 and 1.0, NaN and nothing are so.
  static void append_content(const CellsOfColumn& column, std::string_view text, std::string& to) {
    const Cell cell = read_cell(text);
    if (cell.kind == CellKind::missing) {
      to += '?';
    } else if (column.kind == ColumnKind::number) {
      append_bits(std::bit_cast<uint64_t>(cell.number == 0 ? 0.0 : cell.number), to);
    } else {
      append_bits(text.size(), to);
      to += text;
    }
  }
  static void append_bits(uint64_t bits, std::string& to) {
    char bytes[sizeof bits];
    std::memcpy(bytes, &bits, sizeof bits);
    to += '=';
    to.append(bytes, sizeof bytes);
  }
  // Of all columns but the label.
  void set_content(const formats::CsvRecords& records) {
    content_.clear();
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i == label_ && columns_.size() > 1) continue;
      append_content(columns_[i], trimmed(records.fields()[columns_[i].field]), content_);
    }
  }

  void keep(const formats::CsvRecords& records) {
    std::vector<std::string>& cells = first_.emplace_back();
    for (const CellsOfColumn& each : columns_) {
      cells.emplace_back(trimmed(records.fields()[each.field]));
    }
  }

  // False if a column of numbers turned out to have texts.
  bool read_cells() {
    rows_.clear();
    labels_.clear();
    first_.clear();
    for (CellsOfColumn& each : columns_) {
      each.values.clear();
      each.missing = 0;
    }
    std::vector<bool> has_text(columns_.size());
    bool has_any = false;
    for_each_record(
        [&](const formats::CsvRecords& records) {
          for (size_t i = 0; i < columns_.size(); ++i) {
            const std::string_view text = trimmed(records.fields()[columns_[i].field]);
            if (!add_cell(columns_[i], text, records.line())) has_text[i] = has_any = true;
          }
          if (static_cast<int64_t>(first_.size()) < kept_) keep(records);
          set_content(records);
          rows_.push_back(hash_of(content_));
          content_.clear();
          append_content(columns_[label_], trimmed(records.fields()[columns_[label_].field]),
                         content_);
          labels_.push_back(hash_of(content_));
        },
        [&](size_t block) { return has_any && block == 0; });
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (has_text[i]) columns_[i].kind = ColumnKind::text;
    }
    return !has_any;
  }

  // False for a text among numbers.
  bool add_cell(CellsOfColumn& column, std::string_view text, uint64_t line) const {
    const Cell cell = read_cell(text);
    if (cell.kind == CellKind::missing) {
      ++column.missing;
      return true;
    }
    if (column.kind == ColumnKind::text) {
      column.values.push_back(hash_of(text));
      return true;
    }
    if (cell.kind == CellKind::text) return false;
    if (cell.kind != CellKind::number) {
      refuse_cell(path_, column.name,
                  {.line = line, .text = std::string(text.substr(0, 100)), .kind = cell.kind});
    }
    column.values.push_back(std::bit_cast<uint64_t>(cell.number == 0 ? 0.0 : cell.number));
    return true;
  }

  // But for the texts of its most frequent ones, of which the hashes are kept.
  ColumnStatistics statistics_of(const CellsOfColumn& column) {
    ColumnStatistics all{.name = column.name, .kind = column.kind, .missing = column.missing};
    const bool is_number = column.kind == ColumnKind::number;
    std::vector<uint64_t> values = column.values;
    const auto number = [](uint64_t bits) { return std::bit_cast<double>(bits); };
    if (is_number) {
      std::ranges::sort(values, {}, number);
      add_moments(values, all);
    } else {
      std::ranges::sort(values);
    }
    std::vector<std::pair<uint64_t, int64_t>> counts;  // the most frequent ones so far
    const auto is_before = [](const auto& a, const auto& b) { return a.second > b.second; };
    for (size_t begin = 0; begin < values.size();) {
      size_t end = begin + 1;
      while (end < values.size() && values[end] == values[begin]) ++end;
      const std::pair<uint64_t, int64_t> count(values[begin], static_cast<int64_t>(end - begin));
      counts.insert(std::upper_bound(counts.begin(), counts.end(), count, is_before), count);
      if (counts.size() > kMostFrequent) counts.pop_back();
      ++all.distinct;
      begin = end;
    }
    // Of names that occur once each none is frequent.
    if (all.distinct > int64_t{kMostFrequent} && counts[0].second == 1) return all;
    for (const auto& [value, count] : counts) {
      all.most_frequent.emplace_back(is_number ? shortest(number(value)) : std::string(), count);
      if (!is_number) wanted_[&column - columns_.data()].push_back(value);
    }
    return all;
  }

  static void add_moments(const std::vector<uint64_t>& sorted, ColumnStatistics& all) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    all.min = all.mean = all.standard_deviation = all.median = all.max = kNone;
    if (sorted.empty()) return;
    const auto number = [&](size_t i) { return std::bit_cast<double>(sorted[i]); };
    const size_t count = sorted.size();
    const auto mean_of = [&](auto term) {
      double sum = 0;
      for (size_t i = 0; i < count; ++i) sum += term(number(i));
      return sum / static_cast<double>(count);
    };
    all.min = number(0);
    all.max = number(count - 1);
    all.median =
        count % 2 == 1 ? number(count / 2) : number(count / 2 - 1) / 2 + number(count / 2) / 2;
    all.mean = mean_of([](double each) { return each; });
    if (count < 2) return;
    const double square =
        mean_of([&](double each) { return (each - all.mean) * (each - all.mean); });
    all.standard_deviation =
        std::sqrt(square * (static_cast<double>(count) / static_cast<double>(count - 1)));
  }

  // A second pass: the texts of the most frequent hashes, and the rows whose hashes are equal,
  // compared by their contents.
  void find_texts_and_twins(TableStatistics& all) {
    std::vector<uint64_t> repeated = rows_;
    std::ranges::sort(repeated);
    std::vector<uint64_t> twins;
    for (size_t i = 1; i < repeated.size(); ++i) {
      const bool is_new = twins.empty() || twins.back() != repeated[i];
      if (repeated[i] == repeated[i - 1] && is_new) twins.push_back(repeated[i]);
    }
    std::vector<uint64_t>().swap(repeated);
    std::unordered_map<uint64_t, std::vector<std::string>> contents;  // by hash
    std::unordered_map<int64_t, size_t> which;  // of the contents of its hash, by row
    int64_t row = 0;
    for_each_record(
        [&](const formats::CsvRecords& records) {
          for (auto& [column, hashes] : wanted_) {
            const auto i = static_cast<size_t>(column);
            add_text(trimmed(records.fields()[columns_[i].field]), hashes, all.columns[i]);
          }
          // Only a table that has changed meanwhile has more rows, which is an error below.
          if (row == all.rows) return;
          const uint64_t hash = rows_[static_cast<size_t>(row)];
          if (std::ranges::binary_search(twins, hash)) {
            set_content(records);
            std::vector<std::string>& known = contents[hash];
            const auto found = std::ranges::find(known, content_);
            which[row] = static_cast<size_t>(found - known.begin());
            if (found == known.end()) known.push_back(content_);
          }
          ++row;
        },
        [&](size_t) { return wanted_.empty() && twins.empty(); });
    file_.require_unchanged();
    for (ColumnStatistics& each : all.columns) {
      std::ranges::stable_sort(each.most_frequent, [&](const auto& a, const auto& b) {
        if (a.second != b.second) return a.second > b.second;
        return each.kind == ColumnKind::text && a.first < b.first;
      });
    }
    all.duplicates = count_duplicates(
        {.hashes = rows_,
         .train_size = static_cast<int64_t>(rows_.size()),
         .are_equal = [&](int64_t a, int64_t b) { return which.at(a) == which.at(b); },
         .label = [&](int64_t i) { return labels_[static_cast<size_t>(i)]; }});
  }

  static void add_text(std::string_view text, const std::vector<uint64_t>& hashes,
                       ColumnStatistics& all) {
    const auto found = std::ranges::find(hashes, hash_of(text));
    if (found == hashes.end()) return;
    std::string& name = all.most_frequent[static_cast<size_t>(found - hashes.begin())].first;
    if (name.empty() && read_cell(text).kind != CellKind::missing) name = text;
  }

  std::string path_;
  FileBytes file_;
  TableReader head_;
  std::vector<CellsOfColumn> columns_;
  size_t label_ = 0;
  std::vector<uint64_t> rows_, labels_;  ///< hashes of the contents and of the labels
  std::string content_;
  int64_t kept_;  ///< of the rows as they are
  std::vector<std::vector<std::string>> first_;
  /// Hashes whose texts are to be found, by column.
  std::unordered_map<std::ptrdiff_t, std::vector<uint64_t>> wanted_;
};

}  // namespace

TableStatistics table_statistics(const std::string& path, const TableStatisticsOptions& options) {
  return TableCells(path, options).statistics();
}

}  // namespace cornu::inline v0::datasets
