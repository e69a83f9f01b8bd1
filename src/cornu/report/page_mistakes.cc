#include <algorithm>
#include <cmath>

#include "cornu/datasets/table_encoding.h"
#include "cornu/images/resize.h"
#include "cornu/report/page_sections_internal.h"

namespace cornu::inline v0 {
namespace {

// A larger picture is made smaller: the page shows it at about this size.
constexpr int64_t kLargestSide = 72;
constexpr size_t kMostColumns = 12;

/// A sample that is to be shown, in words.
struct ShownSample {
  int64_t sample = 0;
  std::string truth = {}, predicted = {}, p_true = {}, p_predicted = {}, score = {};
};

Pixels smaller(Pixels pixels) {
  const int64_t longer = std::max(pixels.height, pixels.width);
  if (longer <= kLargestSide) return pixels;
  const TensorView picture(pixels.values.data(), {pixels.height, pixels.width, pixels.channels},
                           DType::uint8);
  const auto side = [longer](int64_t extent) {
    return std::max<int64_t>(1, extent * kLargestSide / longer);
  };
  const Tensor resized = images::resized(picture, side(pixels.height), side(pixels.width));
  const auto bytes = resized.span<uint8_t>();
  return {side(pixels.height), side(pixels.width), pixels.channels, {bytes.begin(), bytes.end()}};
}

// Bytes as they are; other numbers from their least to their largest, unless they are from 0 to 1.
Pixels shown_pixels(TensorView image) {
  if (image.dtype() == DType::uint8) return smaller(pixels_of(image, "report.html"));
  double low = 0, high = 1;
  for (int64_t i = 0; i < image.size(); ++i) {
    low = std::fmin(low, image.at(i));
    high = std::fmax(high, image.at(i));
  }
  Tensor scaled(image.shape());
  for (int64_t i = 0; i < image.size(); ++i) {
    scaled.span<float>()[static_cast<size_t>(i)] =
        static_cast<float>((image.at(i) - low) / (high - low));
  }
  return smaller(pixels_of(scaled, "report.html"));
}

std::vector<ShownSample> shown_mistakes(const ValidationResults& validation) {
  std::vector<ShownSample> shown;
  const ClassResults& results = *validation.classes;
  const bool sure = results.are_probabilities();
  for (const Mistake& each : results.worst()) {
    const auto output = [sure](double value) {
      return sure ? percent_text(value) : number_text(value);
    };
    shown.push_back({each.sample, class_name(validation, each.true_class),
                     class_name(validation, each.predicted_class), output(each.p_true),
                     output(each.p_predicted), output(each.p_true)});
  }
  return shown;
}

std::string numbers_text(const std::vector<double>& numbers) {
  std::string text;
  for (const double each : numbers) text += (text.empty() ? "" : ", ") + number_text(each);
  return text;
}

// More numbers say less than their error.
constexpr size_t kMostNumbers = 3;

std::vector<ShownSample> shown_misses(const ValidationResults& validation) {
  std::vector<ShownSample> shown;
  for (const Miss& each : validation.numbers->worst()) {
    ShownSample sample{.sample = each.sample, .score = number_text(std::sqrt(each.loss))};
    if (each.target.size() == 1) sample.score = number_text(each.predicted[0] - each.target[0]);
    if (each.target.size() <= kMostNumbers) {
      sample.truth = numbers_text(each.target);
      sample.predicted = numbers_text(each.predicted);
    } else {
      sample.predicted = "error " + sample.score;
    }
    shown.push_back(std::move(sample));
  }
  return shown;
}

Value pictures_of(const std::vector<ShownSample>& shown, const ValidationResults& validation) {
  Value::List items;
  for (const ShownSample& each : shown) {
    const Pixels pixels = shown_pixels(validation.samples.x().row(each.sample));
    items.push_back(Value::Map{
        {"png", png_base64(pixels)},
        {"width", pixels.width},
        {"height", pixels.height},
        {"alt", each.truth.empty() ? each.predicted : each.truth + ", taken for " + each.predicted},
        {"true", each.truth},
        {"predicted", each.predicted},
        {"p_true", each.p_true},
        {"p_predicted", each.p_predicted},
        {"sample", each.sample}});
  }
  return Value::Map{{"items", std::move(items)}};
}

std::string_view kind_of(const datasets::EncodedColumn& column) {
  return column.kind == datasets::ColumnKind::number ? "number" : "word";
}

// The columns of the table that are shown.
std::vector<datasets::EncodedColumn> shown_columns(const ValidationResults& validation) {
  if (validation.rows.empty()) return {};
  auto encoding = datasets::TableEncoding::from_value(validation.samples.info().preprocessing);
  encoding.columns.resize(std::min(encoding.columns.size(), kMostColumns));
  return std::move(encoding.columns);
}

Value table_of(const std::vector<ShownSample>& shown, const RunReport& report,
               const char* measure) {
  const ValidationResults& validation = *report.validation;
  const std::vector<datasets::EncodedColumn> shown_of_table = shown_columns(validation);
  Value::List columns, rows;
  for (const datasets::EncodedColumn& each : shown_of_table) {
    columns.push_back(Value::Map{{"kind", kind_of(each)}, {"name", each.name}});
  }
  for (const ShownSample& each : shown) {
    int64_t place = each.sample;
    Value::List cells;
    if (!validation.rows.empty()) {
      const datasets::TableRow& row = validation.rows.at(each.sample);
      place = static_cast<int64_t>(row.line);
      for (size_t i = 0; i < shown_of_table.size(); ++i) {
        cells.push_back(Value::Map{{"kind", kind_of(shown_of_table[i])}, {"text", row.cells[i]}});
      }
    }
    rows.push_back(Value::Map{{"place", place},
                              {"true", each.truth},
                              {"predicted", each.predicted},
                              {"score", each.score},
                              {"cells", std::move(cells)}});
  }
  return Value::Map{{"places", validation.rows.empty() ? "sample" : "line"},
                    {"measure", measure},
                    {"kind", validation.classes ? "word" : "number"},
                    {"columns", std::move(columns)},
                    {"rows", std::move(rows)}};
}

}  // namespace

std::vector<int64_t> ValidationResults::worst() const {
  std::vector<int64_t> found;
  if (classes) {
    for (const Mistake& each : classes->worst()) found.push_back(each.sample);
  } else if (numbers) {
    for (const Miss& each : numbers->worst()) found.push_back(each.sample);
  }
  return found;
}

Value mistakes_section(const RunReport& report) {
  const ValidationResults& validation = *report.validation;
  const bool has_classes = validation.classes.has_value();
  if (!has_classes && !validation.numbers) return {};
  const std::vector<ShownSample> shown =
      has_classes ? shown_mistakes(validation) : shown_misses(validation);
  if (shown.empty()) return {};
  std::string hint = "The samples of the largest error, largest first.";
  if (has_classes) {
    hint = validation.classes->are_probabilities()
               ? "Wrong, and the true class thought least likely; with the probabilities of both."
               : "Wrong, with the largest distance between the outputs of both classes.";
  }
  const bool pictures = is_picture(report.sample);
  const char* const measure = !has_classes                              ? "error"
                              : validation.classes->are_probabilities() ? "of the true class"
                                                                        : "output of the true";
  if (pictures) return Value::Map{{"hint", hint}, {"pictures", pictures_of(shown, validation)}};
  return Value::Map{{"hint", hint}, {"table", table_of(shown, report, measure)}};
}

}  // namespace cornu::inline v0
