#include "cornu/cli/predict_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <numeric>
#include <optional>
#include <utility>

#include "cornu/cli/output.h"
#include "cornu/cli/output_values.h"
#include "cornu/cli/prediction_file.h"
#include "cornu/cli/table_data.h"
#include "cornu/core/array.h"
#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/core/names.h"
#include "cornu/datasets/cell.h"
#include "cornu/formats/csv.h"
#include "cornu/formats/json.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

// A cell as JSON has it.
Value cell_value(std::string_view text) {
  const datasets::Cell cell = datasets::read_cell(datasets::trimmed(text));
  if (cell.kind == datasets::CellKind::missing) return {};
  if (cell.kind == datasets::CellKind::number) return cell.number;
  return text;
}

/// Writes the rows of a table with what a model predicts for them.
class PredictedRows {
 public:
  PredictedRows(const PredictOptions& options, const Model& model)
      : options_(options),
        model_(model),
        encoding_(encoding_of(model.card().preprocessing, options.dataset, options.table)),
        format_(options.out.empty() ? PredictionFormat{.is_json = options.json}
                                    : prediction_format(options.out)),
        table_(options.dataset, encoding_.format) {}

  /// Calls `write` with pieces of the text, of at most so many rows.
  void write(int64_t rows, const std::function<void(std::string_view)>& write) {
    std::string text = format_.is_json ? "[" : header();
    // Both readers cut the same blocks.
    FileBytes file(options_.dataset, UINT64_MAX);
    formats::CsvReader cells(file, options_.dataset, table_.delimiter());
    const std::vector<datasets::ColumnChoice> choices = inputs();
    while (!has_more_) {
      std::optional<datasets::Table> table = table_.next(choices);
      if (!table) break;
      has_more_ = table->rows() > rows - written_;
      formats::CsvBlock block = std::move(*cells.next());
      formats::CsvRecords records(block, cells.delimiter(), cells.fields(), options_.dataset);
      if (block.index == 0 && table_.has_header()) records.next();
      add_block(*table, records, rows, text);
      write(std::exchange(text, {}));
    }
    write(format_.is_json ? "\n]\n" : "");
  }

  int64_t written() const { return written_; }
  bool has_more() const { return has_more_; }
  const std::vector<datasets::UnknownTexts>& unknown() const { return unknown_; }

 private:
  // The label is not asked for.
  std::vector<datasets::ColumnChoice> inputs() const {
    auto choices = encoding_.choices(table_.names(), options_.dataset);
    std::erase_if(choices, [&](const auto& each) { return each.name == encoding_.label.name; });
    return choices;
  }

  std::string header() const {
    std::vector<std::string> names = table_.names();
    names.emplace_back("prediction");
    for (const std::string& each : encoding_.label.classes) names.push_back("p(" + each + ")");
    std::string line;
    const std::vector<std::string_view> fields(names.begin(), names.end());
    formats::write_csv_record(line, fields, format_.delimiter);
    return line;
  }

  void add_block(const datasets::Table& table, formats::CsvRecords& records, int64_t rows,
                 std::string& text) {
    std::vector<uint64_t> all(static_cast<size_t>(std::min(table.rows(), rows - written_)));
    if (all.empty()) return;
    std::iota(all.begin(), all.end(), 0);
    datasets::EncodedRows encoded = encoding_.encode(table, all);
    for (datasets::UnknownTexts& each : encoded.unknown) add_unknown(std::move(each));
    const Tensor outputs = probabilities(model_.predict(encoded.x));
    const int64_t width = outputs.size() / static_cast<int64_t>(all.size());
    for (size_t row = 0; row < all.size() && records.next(); ++row) {
      const std::span<const float> predicted = outputs.span<float>().subspan(
          row * static_cast<size_t>(width), static_cast<size_t>(width));
      format_.is_json ? add_json(records.fields(), predicted, text)
                      : add_line(records.fields(), predicted, text);
      ++written_;
    }
  }

  Tensor probabilities(Tensor outputs) const {
    const auto expected =
        encoding_.label.has_classes() ? static_cast<int64_t>(encoding_.label.classes.size()) : 1;
    if (outputs.shape() != Shape{outputs.shape()[0], expected}) {
      throw Error({.where = options_.model,
                   .what = "does not predict the label of its table",
                   .expected = std::to_string(expected) + " numbers for a row",
                   .found = "outputs of shape " + outputs.shape().str()});
    }
    if (!encoding_.label.has_classes()) return outputs;
    std::optional<Tensor> found = class_probabilities(model_, outputs);
    if (found) return std::move(*found);
    throw Error({.where = options_.model,
                 .what = "gives scores and no probabilities",
                 .hint = "end the network with dense(N, activation=softmax)"});
  }

  // The name of the class of the largest probability, or the number.
  std::string prediction(std::span<const float> predicted) const {
    if (!encoding_.label.has_classes()) return fmt::format("{}", predicted[0]);
    const auto largest = std::ranges::max_element(predicted);
    return encoding_.label.classes[static_cast<size_t>(largest - predicted.begin())];
  }

  void add_line(std::span<const std::string_view> cells, std::span<const float> predicted,
                std::string& text) const {
    std::vector<std::string> added = {prediction(predicted)};
    if (encoding_.label.has_classes()) {
      for (const float each : predicted) added.push_back(fmt::format("{}", each));
    }
    std::vector<std::string_view> fields(cells.begin(), cells.end());
    fields.insert(fields.end(), added.begin(), added.end());
    formats::write_csv_record(text, fields, format_.delimiter);
  }

  void add_json(std::span<const std::string_view> cells, std::span<const float> predicted,
                std::string& text) const {
    Value::Map row;
    for (size_t i = 0; i < cells.size(); ++i)
      row.emplace_back(table_.names()[i], cell_value(cells[i]));
    Value::Map document = {{"row", written_ + 1}, {"input", std::move(row)}};
    const bool has_classes = encoding_.label.has_classes();
    document.emplace_back("prediction",
                          has_classes ? Value(prediction(predicted)) : Value(double{predicted[0]}));
    if (has_classes) {
      Value::Map probabilities;
      for (size_t i = 0; i < predicted.size(); ++i) {
        probabilities.emplace_back(encoding_.label.classes[i], double{predicted[i]});
      }
      document.emplace_back("probabilities", std::move(probabilities));
    }
    text += (written_ == 0 ? "\n" : ",\n") + formats::write_json(document);
  }

  void add_unknown(datasets::UnknownTexts each) {
    for (datasets::UnknownTexts& known : unknown_) {
      if (known.column != each.column) continue;
      known.rows += each.rows;
      return;
    }
    unknown_.push_back(std::move(each));
  }

  const PredictOptions& options_;
  const Model& model_;
  const datasets::TableEncoding encoding_;
  const PredictionFormat format_;
  datasets::TableReader table_;
  int64_t written_ = 0;
  bool has_more_ = false;  ///< the table, behind the rows that were asked for
  std::vector<datasets::UnknownTexts> unknown_;
};

}  // namespace

void predict_table(const PredictOptions& options, const Model& model) {
  PredictedRows predicted(options, model);
  if (options.out.empty()) {
    predicted.write(options.first, [](std::string_view text) { print(text); });
    if (predicted.has_more() && !options.json) {
      std::cerr << fmt::format("The first {} rows; --first N shows more, -o FILE writes all.\n",
                               with_commas(predicted.written()));
    }
    return;
  }
  replace_file(options.out, [&](const WriteBytes& write) {
    predicted.write(std::numeric_limits<int64_t>::max(),
                    [&](std::string_view text) { write(std::as_bytes(std::span(text))); });
  });
  print(unknown_note(predicted.unknown()));
  print(fmt::format("{} rows of {} with their predictions are in {}.\n",
                    with_commas(predicted.written()), options.dataset, options.out));
}

}  // namespace cornu::inline v0::cli
