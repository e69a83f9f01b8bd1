#include "cornu/cli/show_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "cornu/cli/class_balance.h"
#include "cornu/cli/output.h"
#include "cornu/cli/table_data.h"
#include "cornu/cli/text_table.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/core/names.h"
#include "cornu/datasets/array_statistics.h"
#include "cornu/datasets/duplicates.h"
#include "cornu/formats/display_width.h"
#include "cornu/formats/json.h"
#include "cornu/formats/utf8.h"
#include "cornu/report/image_grid.h"

namespace cornu::inline v0::cli {
namespace {

using datasets::array_statistics;
using datasets::ArrayStatistics;
using datasets::Duplicates;

constexpr int64_t kFirstPictures = 10, kFirstRows = 5, kGridColumns = 10;

/// The samples of one part, and what they are like.
struct ShownPart {
  std::string name;
  Dataset data;
  std::vector<ArrayStatistics> x = {}, y = {};  ///< of each channel, and of targets
};

/// What is to be told of samples.
struct ShownData {
  Data source;
  std::vector<ShownPart> parts = {};
  std::vector<ClassCount> classes = {};
  std::optional<Duplicates> duplicates = {};

  bool has_test() const { return parts.size() > 1; }
};

// (n, h, w), or with a last axis for one or three colours.
bool holds_pictures(const Dataset& data) {
  const Shape x = data.x().shape();
  return x.ndim() == 3 || (x.ndim() == 4 && (x[3] == 1 || x[3] == 3));
}

int64_t channels_of(const Dataset& data) {
  const Shape x = data.x().shape();
  return x.ndim() == 4 && holds_pictures(data) ? x[3] : 1;
}

ShownData shown_data(const ShowDataOptions& options) {
  const DatasetArgument argument = on_command_line([&] { return dataset_argument(options.data); });
  ShownData shown{.source = described(argument, {.data_dir = options.data_dir,
                                                 .label = options.label,
                                                 .drop = options.drop,
                                                 .table = options.table})};
  const DatasetParts parts = shown.source.read();
  shown.parts.push_back({.name = "train", .data = parts.train});
  if (parts.test.size() > 0) shown.parts.push_back({.name = "test", .data = parts.test});
  for (const std::string& name : shown.source.class_names) shown.classes.push_back({.name = name});
  if (!shown.classes.empty()) {
    for (const ShownPart& part : shown.parts) {
      for (int64_t i = 0; i < part.data.size(); ++i) {
        ClassCount& each = shown.classes.at(static_cast<size_t>(part.data.y().at(i)));
        ++(part.name == "train" ? each.train : each.test);
      }
    }
  }
  if (!options.stats) return shown;
  for (ShownPart& part : shown.parts) {
    part.x = array_statistics(part.data.x(), channels_of(part.data));
    if (shown.classes.empty()) part.y = array_statistics(part.data.y());
  }
  shown.duplicates = datasets::duplicates_in(parts);
  return shown;
}

const Dataset& part_to_show(const ShownData& shown, Part part) {
  return (part == Part::test ? shown.parts.back() : shown.parts.front()).data;
}

/// The samples that are shown themselves, and their numbers in their part.
struct FirstSamples {
  Dataset data;
  std::vector<int64_t> numbers;

  int64_t size() const { return data.size(); }
  TensorView x() const { return data.x(); }
  TensorView y() const { return data.y(); }
};

// The numbers of the first sample of each class, then of the second ones, …
std::vector<int64_t> in_turn(const Dataset& part, size_t classes, size_t count) {
  std::vector<std::vector<int64_t>> of_class(classes);
  for (int64_t i = 0; i < part.size(); ++i) {
    std::vector<int64_t>& own = of_class.at(static_cast<size_t>(part.y().at(i)));
    if (own.size() < count) own.push_back(i);
  }
  std::vector<int64_t> numbers;
  for (size_t round = 0; numbers.size() < count && round < count; ++round) {
    for (const std::vector<int64_t>& own : of_class) {
      if (round < own.size() && numbers.size() < count) numbers.push_back(own[round]);
    }
  }
  return numbers;
}

Tensor rows_of(TensorView array, const std::vector<int64_t>& numbers) {
  const Shape sample = array.shape().without_rows();
  Tensor rows(sample.with_rows().with_rows(static_cast<int64_t>(numbers.size())), array.dtype());
  const size_t nbytes = static_cast<size_t>(sample.size()) * itemsize(array.dtype());
  for (size_t i = 0; i < numbers.size(); ++i) {
    std::memcpy(rows.data() + i * nbytes, array.row(numbers[i]).data(), nbytes);
  }
  return rows;
}

// Pictures of a folder come class by class, and those of one class would say little.
FirstSamples first_of(const ShownData& shown, const ShowDataOptions& options) {
  const Dataset& part = part_to_show(shown, options.part);
  const int64_t few = holds_pictures(part) ? kFirstPictures : kFirstRows;
  const int64_t count = std::min(options.first > 0 ? options.first : few, part.size());
  std::vector<int64_t> numbers(static_cast<size_t>(count));
  std::iota(numbers.begin(), numbers.end(), int64_t{0});
  if (holds_pictures(part) && shown.classes.size() > 1) {
    const bool are_alike =
        std::ranges::all_of(numbers, [&](int64_t i) { return part.y().at(i) == part.y().at(0); });
    if (are_alike) numbers = in_turn(part, shown.classes.size(), numbers.size());
  }
  return {.data = Dataset(rows_of(part.x(), numbers), rows_of(part.y(), numbers)),
          .numbers = std::move(numbers)};
}

// The class of a sample, or its number.
std::string target_text(const ShownData& shown, const FirstSamples& first, int64_t i) {
  const TensorView y = first.y().row(i);
  if (!shown.classes.empty()) return shown.classes.at(static_cast<size_t>(y.at(0))).name;
  return significant(y.at(0), 4) + (y.size() > 1 ? " …" : "");
}

Value::Map document_of(const ArrayStatistics& each) {
  const auto number = [&](double value) { return each.count > 0 ? Value(value) : Value(); };
  return {{"min", number(each.min)},
          {"max", number(each.max)},
          {"mean", number(each.mean)},
          {"standard_deviation", number(each.standard_deviation)},
          {"not_finite", each.not_finite}};
}

Value::Map document_of(TensorView array, const std::vector<ArrayStatistics>& statistics) {
  Value::List shape, all;
  const Shape sample = array.shape().without_rows();
  for (const int64_t extent : sample.extents()) shape.emplace_back(extent);
  for (const ArrayStatistics& each : statistics) all.emplace_back(document_of(each));
  Value::Map document = {{"shape", std::move(shape)}, {"dtype", name(array.dtype())}};
  if (!statistics.empty()) document.emplace_back("statistics", std::move(all));
  return document;
}

Value::Map document_of(const ShownData& shown, const FirstSamples& first) {
  Value::List parts, classes, samples;
  for (const ShownPart& each : shown.parts) {
    parts.emplace_back(Value::Map{{"part", each.name},
                                  {"samples", each.data.size()},
                                  {"x", document_of(each.data.x(), each.x)},
                                  {"y", document_of(each.data.y(), each.y)}});
  }
  for (const ClassCount& each : shown.classes) {
    classes.emplace_back(
        Value::Map{{"name", each.name}, {"train", each.train}, {"test", each.test}});
  }
  for (int64_t i = 0; i < first.size(); ++i) {
    const bool has_classes = !shown.classes.empty();
    samples.emplace_back(Value::Map{
        {"sample", first.numbers[static_cast<size_t>(i)]},
        {has_classes ? "label" : "target",
         has_classes ? Value(target_text(shown, first, i)) : Value(first.y().row(i).at(0))}});
  }
  Value::Map document = {{"name", shown.source.name},
                         {"title", shown.source.title},
                         {"parts", std::move(parts)},
                         {"classes", std::move(classes)}};
  if (shown.duplicates) {
    document.emplace_back("duplicates",
                          Value::Map{{"train", shown.duplicates->train},
                                     {"test", shown.duplicates->test},
                                     {"test_in_train", shown.duplicates->test_in_train},
                                     {"two_labels", shown.duplicates->two_labels}});
  }
  document.emplace_back("first", std::move(samples));
  return document;
}

std::string begin_text(const ShownData& shown, const ShowDataOptions& options,
                       const TerminalOptions& terminal) {
  std::string text = fmt::format("{}: {}\n", shown.source.name, shown.source.title);
  for (const ShownPart& each : shown.parts) {
    const TensorView x = each.data.x(), y = each.data.y();
    text +=
        fmt::format("{}: {}, x {} {}, y {} {}\n", each.name, counted(each.data.size(), "sample"),
                    x.shape().str(), name(x.dtype()), y.shape().str(), name(y.dtype()));
  }
  if (shown.classes.empty()) return text + "Its targets are numbers.\n";
  text += counted(static_cast<int64_t>(shown.classes.size()), "class", "es");
  if (options.stats) return text + ".\n";
  return text + fmt::format("{}: {}\n", shown.has_test() ? ", train + test" : "",
                            counts_text(shown.classes, shown.has_test(), terminal));
}

// A line of a table for each channel of each part.
std::string ranges_text(const ShownData& shown, const TerminalOptions& terminal) {
  TextTable table{.columns = {{"values"},
                              {"min", true},
                              {"max", true},
                              {"mean", true},
                              {"sd", true},
                              {"not finite", true}},
                  .rows = {}};
  const auto add = [&](const std::string& name, const ArrayStatistics& each) {
    constexpr int kDigits = 5;
    std::vector<std::string> row = {name};
    for (const double value : {each.min, each.max, each.mean, each.standard_deviation}) {
      row.push_back(each.count > 0 ? significant(value, kDigits) : "");
    }
    row.push_back(with_commas(each.not_finite));
    table.rows.push_back(std::move(row));
  };
  for (const ShownPart& part : shown.parts) {
    constexpr const char* kColours[] = {" red", " green", " blue"};
    for (size_t c = 0; c < part.x.size(); ++c) {
      add(part.name + (part.x.size() > 1 ? kColours[c] : ""), part.x[c]);
    }
    for (const ArrayStatistics& each : part.y) add(part.name + " targets", each);
  }
  return table_text(table, terminal);
}

std::string duplicates_text(const ShownData& shown) {
  const Duplicates& found = *shown.duplicates;
  std::string text =
      fmt::format("Samples that an earlier one equals: {}", with_commas(found.train));
  if (shown.has_test()) {
    text += fmt::format(" of train, {} of test\nSamples of test that are in train too: {}",
                        with_commas(found.test), with_commas(found.test_in_train));
  }
  return text +
         fmt::format("\nEqual samples with different labels: {}\n", with_commas(found.two_labels));
}

std::vector<std::string> captions_of(const ShownData& shown, const FirstSamples& first,
                                     const TerminalOptions& terminal = {}) {
  std::vector<std::string> captions;
  for (int64_t i = 0; i < first.size(); ++i) {
    constexpr size_t kLongestCaption = 24;
    captions.push_back(cell_text(target_text(shown, first, i), kLongestCaption, terminal));
  }
  return captions;
}

// Float pictures may have any range; they are drawn from the least number, black, to the largest.
Tensor drawn(const FirstSamples& first) {
  if (first.x().dtype() == DType::uint8) return Tensor(first.x());
  const ArrayStatistics range = array_statistics(first.x())[0];
  const double span = range.max > range.min ? range.max - range.min : 1;
  const bool is_unit = range.min >= 0 && range.max <= 1;
  Tensor picture(first.x().shape());
  for (int64_t i = 0; i < picture.size(); ++i) {
    const double value = first.x().at(i);
    picture.span<float>()[static_cast<size_t>(i)] =
        static_cast<float>(is_unit ? value : (value - range.min) / span);
  }
  return picture;
}

std::string pictures_text(const ShownData& shown, const FirstSamples& first,
                          const ShowDataOptions& options) {
  TerminalOptions terminal = terminal_options();
  const std::vector<std::string> captions = captions_of(shown, first, terminal);
  size_t widest = 0;
  for (const std::string& each : captions) {
    widest = std::max(widest, formats::display_width(each));
  }
  constexpr int64_t kLeastPictureWidth = 14, kMostColumns = 10;
  const int64_t room = std::max(kLeastPictureWidth, static_cast<int64_t>(widest)) + 2;
  const int64_t fitting = std::clamp<int64_t>(terminal.width / room, 1, kMostColumns);
  // Two lines look better than one and a rest.
  const int64_t halves =
      fitting < first.size() ? std::min(fitting, (first.size() + 1) / 2) : fitting;
  terminal.columns = options.columns > 0 ? options.columns : halves;
  return terminal_images(drawn(first), captions, terminal);
}

// The first numbers of the first samples.
std::string rows_text(const ShownData& shown, const FirstSamples& first,
                      const TerminalOptions& terminal) {
  constexpr int64_t kMostColumns = 100;
  const int64_t width = first.size() == 0 ? 0 : first.x().row(0).size();
  TextTable table{.columns = {{"sample", true}, {shown.classes.empty() ? "target" : "label", true}},
                  .rows = {}};
  for (int64_t c = 0; c < std::min(width, kMostColumns); ++c) {
    table.columns.push_back({fmt::format("x{}", c), true});
  }
  for (int64_t i = 0; i < first.size(); ++i) {
    std::vector<std::string> row = {std::to_string(first.numbers[static_cast<size_t>(i)]),
                                    target_text(shown, first, i)};
    for (size_t c = 0; c + 2 < table.columns.size(); ++c) {
      row.push_back(significant(first.x().row(i).at(static_cast<int64_t>(c)), 5));
    }
    table.rows.push_back(std::move(row));
  }
  return table_text(table, terminal);
}

std::string whole_text(const ShownData& shown, const FirstSamples& first,
                       const ShowDataOptions& options) {
  const TerminalOptions terminal = terminal_options();
  std::string text = begin_text(shown, options, terminal);
  if (options.out.empty()) {
    text += "\n" + (holds_pictures(first.data) ? pictures_text(shown, first, options)
                                               : rows_text(shown, first, terminal));
  }
  if (!options.stats) return text;
  text += "\n" + ranges_text(shown, terminal) + "\n";
  if (!shown.classes.empty()) {
    text += balance_text(shown.classes, shown.has_test(), terminal) + "\n";
  }
  return text + duplicates_text(shown);
}

// Pictures into .png or .svg, the document into .json.
void write_out(const ShownData& shown, const FirstSamples& first, const ShowDataOptions& options) {
  if (options.out.ends_with(".json")) {
    replace_file(options.out, formats::write_json(document_of(shown, first), 2) + "\n");
    return;
  }
  if (!holds_pictures(first.data)) {
    throw Error({.where = "--out",
                 .what = "samples that are no pictures are not drawn",
                 .expected = "NAME.json",
                 .found = formats::shown(options.out)});
  }
  const std::vector<std::string> captions = captions_of(shown, first);
  save_image_grid(drawn(first), captions, options.columns > 0 ? options.columns : kGridColumns,
                  options.out);
}

}  // namespace

std::string written_line(const std::string& out) {
  return (out.ends_with(".json") ? "document: "
          : out.ends_with("sv")  ? "table: "
                                 : "picture: ") +
         out + "\n";
}

int show_data(const ShowDataOptions& options) {
  if (is_table(options.data)) return show_table(options);
  const ShownData shown = shown_data(options);
  const FirstSamples first = first_of(shown, options);
  if (!options.out.empty()) write_out(shown, first, options);
  if (options.json) {
    print_json(document_of(shown, first));
    return 0;
  }
  print(whole_text(shown, first, options));
  if (!options.out.empty()) print(written_line(options.out));
  return 0;
}

}  // namespace cornu::inline v0::cli
