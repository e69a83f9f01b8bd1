#include <algorithm>
#include <cmath>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/datasets/table_encoding.h"
#include "cornu/formats/csv.h"

namespace cornu::inline v0::datasets {
namespace {

constexpr const char* kTableKind = "table";

Error damaged_encoding(const std::string& what, const std::string& expected,
                       const std::string& found) {
  return Error({.kind = ErrorKind::corrupt,
                .where = "preprocessing",
                .what = what,
                .expected = expected,
                .found = found});
}

Value kind_value(ColumnKind kind) {
  return kind == ColumnKind::number ? "number" : "text";
}

ColumnKind kind_from(const Value& value) {
  const std::string& name = value.as_string();
  if (name == "number") return ColumnKind::number;
  if (name == "text") return ColumnKind::text;
  throw damaged_encoding("the kind of a column", "number or text", name);
}

// Names that differ. A list is sorted unless it is of numbers, which have an order of their own.
std::vector<std::string> names_from(const Value& value, bool is_sorted) {
  std::vector<std::string> names;
  for (const Value& each : value.as_list()) names.push_back(each.as_string());
  std::vector<std::string> sorted = names;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end() || (is_sorted && sorted != names)) {
    throw damaged_encoding("the names of categories", "different names in their order",
                           value.str().substr(0, 100));
  }
  return names;
}

Value moments_value(double mean, double scale) {
  return Value::List{mean, scale};
}

void moments_from(const Value& value, double& mean, double& scale) {
  const Value::List& list = value.as_list();
  if (list.size() == 2) {
    mean = list[0].as_double();
    scale = list[1].as_double();
    if (std::isfinite(mean) && std::isfinite(scale) && scale > 0) return;
  }
  throw damaged_encoding("mean and scale of a column", "two finite numbers, the second above 0",
                         value.str().substr(0, 100));
}

}  // namespace

Value::Map TableEncoding::to_value() const {
  Value::List list;
  for (const EncodedColumn& each : columns) {
    Value::Map column = {{"name", each.name}, {"kind", kind_value(each.kind)}};
    if (each.kind == ColumnKind::number) {
      column.emplace_back("mean_and_scale", moments_value(each.mean, each.scale));
    } else {
      column.emplace_back("categories",
                          Value::List(each.categories.begin(), each.categories.end()));
    }
    list.emplace_back(std::move(column));
  }
  Value::Map predicted = {{"name", label.name}, {"kind", kind_value(label.kind)}};
  if (label.has_classes()) {
    predicted.emplace_back("classes", Value::List(label.classes.begin(), label.classes.end()));
  } else {
    predicted.emplace_back("mean_and_scale", moments_value(label.mean, label.scale));
  }
  Value::Map all = {
      {"kind", kTableKind}, {"columns", std::move(list)}, {"label", std::move(predicted)}};
  if (format.delimiter != 0) all.emplace_back("delimiter", std::string(1, format.delimiter));
  if (format.has_header) all.emplace_back("header", *format.has_header);
  return all;
}

TableEncoding TableEncoding::from_value(const Value& value) {
  if (value["kind"].as_string() != kTableKind) {
    throw damaged_encoding("the kind", kTableKind, value["kind"].as_string());
  }
  TableEncoding encoding;
  std::vector<std::string> names;
  for (const Value& each : value["columns"].as_list()) {
    EncodedColumn column = {.name = each["name"].as_string(), .kind = kind_from(each["kind"])};
    if (column.kind == ColumnKind::number) {
      moments_from(each["mean_and_scale"], column.mean, column.scale);
    } else {
      column.categories = names_from(each["categories"], true);
    }
    names.push_back(column.name);
    encoding.columns.push_back(std::move(column));
  }
  const Value& label = value["label"];
  encoding.label = {.name = label["name"].as_string(), .kind = kind_from(label["kind"])};
  if (const Value* const classes = label.find("classes")) {
    encoding.label.classes = names_from(*classes, encoding.label.kind == ColumnKind::text);
    if (encoding.label.classes.size() < 2) {
      throw damaged_encoding("the classes", "at least two", classes->str());
    }
  } else {
    moments_from(label["mean_and_scale"], encoding.label.mean, encoding.label.scale);
    if (encoding.label.kind == ColumnKind::text) {
      throw damaged_encoding("a label that is a number", "the kind number", "text");
    }
  }
  if (const Value* const delimiter = value.find("delimiter")) {
    encoding.format.delimiter = delimiter_from_text(delimiter->as_string());
  }
  if (const Value* const header = value.find("header")) {
    encoding.format.has_header = header->as_bool();
  }
  names.push_back(encoding.label.name);
  std::ranges::sort(names);
  if (names.size() < 2 || names.size() > formats::kMostCsvFields ||
      std::ranges::adjacent_find(names) != names.end()) {
    throw damaged_encoding("the names of columns", "different names",
                           std::to_string(names.size()) + " of which some are equal, or none");
  }
  return encoding;
}

}  // namespace cornu::inline v0::datasets
