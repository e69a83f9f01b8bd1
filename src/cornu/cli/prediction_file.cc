#include "cornu/cli/prediction_file.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/formats/csv.h"
#include "cornu/formats/json.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

constexpr size_t kWritten = 1 << 16;  // bytes at a time
constexpr std::array<const char*, 4> kBox = {"left", "top", "width", "height"};

std::string field_of(const Value& value) {
  if (value.is_string()) return value.as_string();
  // Predictions are floats.
  if (value.is_number() && !value.is_int())
    return fmt::format("{}", static_cast<float>(value.as_double()));
  return formats::write_json(value);
}

std::string column_of(const std::string& key, const std::string& name) {
  return (key == "probabilities" ? "p" : key) + "(" + name + ")";
}

std::string column_of(const std::string& key, size_t index) {
  return key == "box" ? kBox.at(index) : key + "_" + std::to_string(index);
}

// The columns' names, or the values.
std::vector<std::string> record(const Value::Map& document, bool names) {
  std::vector<std::string> fields;
  for (const auto& [key, value] : document) {
    if (value.is_map()) {
      for (const auto& [name, each] : value.as_map()) {
        fields.push_back(names ? column_of(key, name) : field_of(each));
      }
    } else if (value.is_list()) {
      const Value::List& list = value.as_list();
      for (size_t i = 0; i < list.size(); ++i) {
        fields.push_back(names ? column_of(key, i) : field_of(list[i]));
      }
    } else {
      fields.push_back(names ? key : field_of(value));
    }
  }
  return fields;
}

}  // namespace

PredictionFormat prediction_format(const std::string& out) {
  if (out.ends_with(".json")) return {.is_json = true};
  if (out.ends_with(".csv")) return {};
  if (out.ends_with(".tsv")) return {.delimiter = '\t'};
  throw Error(
      {.where = "--out", .expected = "NAME.csv, .tsv or .json", .found = formats::shown(out)});
}

void PredictionWriter::add(const Value::Map& document) {
  if (format_.is_json) {
    text_ += (is_empty_ ? "[\n" : ",\n") + formats::write_json(document);
  } else {
    if (is_empty_) write_line(record(document, true));
    write_line(record(document, false));
  }
  is_empty_ = false;
  if (text_.size() >= kWritten) flush();
}

void PredictionWriter::end() {
  if (format_.is_json) text_ += is_empty_ ? "[]\n" : "\n]\n";
  flush();
}

void PredictionWriter::write_line(const std::vector<std::string>& fields) {
  const std::vector<std::string_view> views(fields.begin(), fields.end());
  formats::write_csv_record(text_, views, format_.delimiter);
}

void PredictionWriter::flush() {
  write_(std::as_bytes(std::span(text_)));
  text_.clear();
}

}  // namespace cornu::inline v0::cli
