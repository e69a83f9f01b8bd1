#include "cornu/cli/data.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/cli/field_words.h"
#include "cornu/cli/table_data.h"
#include "cornu/core/error.h"
#include "cornu/datasets/labels.h"
#include "cornu/datasets/load.h"
#include "cornu/datasets/own_files.h"
#include "cornu/datasets/split.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

// A file or a folder, which need not exist: a mistyped path is no mistyped name.
bool is_path(std::string_view text) {
  constexpr std::array<std::string_view, 15> kEndings = {
      ".csv", ".tsv", ".txt", ".npz", ".npy", ".png",     ".jpg", ".jpeg",
      ".bmp", ".gif", ".gz",  ".zip", ".h5",  ".parquet", ".mat"};
  std::error_code ignored;
  return text.find('/') != std::string_view::npos ||
         std::ranges::any_of(kEndings, [&](auto each) { return text.ends_with(each); }) ||
         std::filesystem::exists(std::filesystem::path(text), ignored);
}

Data of_entry(const datasets::DatasetEntry& entry, const std::string& data_dir) {
  return {.name = entry.name,
          .title = entry.title,
          .input_shape = entry.input_shape,
          .target_shape = {entry.classes()},
          .class_names = entry.class_names,
          .train_size = entry.train_size,
          .test_size = entry.test_size,
          .train_sha256 = entry.train_sha256,
          .read = [&entry, data_dir] {
            return datasets::load(entry, {.data_dir = data_dir,
                                          .progress = &std::cerr,
                                          .live = ::isatty(STDERR_FILENO) == 1});
          }};
}

// "20 % of the samples of each class, drawn by the seed, validate: 0: 40 + 10, 1: 36 + 9"
std::string split_note(const DatasetParts& parts, double fraction) {
  const std::vector<std::string>& names = parts.train.info().class_names;
  std::string text = fmt::format("{:g} % of the samples", 100 * fraction) +
                     (names.empty() ? "" : " of each class") + ", drawn by the seed, validate";
  constexpr size_t kMostCounted = 20;
  if (names.empty() || names.size() > kMostCounted) return text + ".";
  std::vector<std::array<int64_t, 2>> counts(names.size());
  for (const size_t part : {size_t{0}, size_t{1}}) {
    const Dataset& data = part == 0 ? parts.train : parts.test;
    for (int64_t i = 0; i < data.size(); ++i) {
      ++counts[static_cast<size_t>(data.y().at(i))][part];
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    text += fmt::format("{}{} {} + {}", i == 0 ? ": " : ", ", names[i], counts[i][0], counts[i][1]);
  }
  return text + ".";
}

// The remedy for a damaged file, unless there is a better one.
DatasetParts read_files(const std::string& path, const datasets::PictureFolderOptions& pictures) {
  try {
    return datasets::read_own_files(path, pictures);
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    if (parts.kind != ErrorKind::corrupt || !parts.hint.empty()) throw;
    parts.hint = "it is damaged, or is not what its name says: fetch or copy it again";
    throw Error(std::move(parts));
  }
}

// A number for each class, or as the targets are.
Shape target_shape(const Dataset& data) {
  const auto classes = static_cast<int64_t>(data.info().class_names.size());
  if (classes > 0) return {classes};
  const Shape target = data.spec().y[0].shape;
  return target.ndim() == 0 ? Shape{1} : target;
}

Data of_files(const std::string& path, const DataOptions& options) {
  if (is_table(path)) {
    Data data = of_table(path, options);
    const DatasetParts parts = data.read();
    if (parts.test.size() > 0) data.parts_note = split_note(parts, options.test_fraction);
    return data;
  }
  DatasetParts read = read_files(path, options.pictures);
  const bool has_classes = !read.train.info().class_names.empty();
  if (has_classes && !options.class_names.empty()) {
    read.train = datasets::in_classes(read.train, options.class_names);
    if (read.test.size() > 0) read.test = datasets::in_classes(read.test, options.class_names);
  }
  std::string note;
  if (options.test_fraction > 0 && read.test.size() == 0) {
    read = datasets::split(read.train, options.test_fraction, options.seed);
    note = split_note(read, options.test_fraction);
  }
  const auto parts = std::make_shared<const DatasetParts>(std::move(read));
  const Dataset& train = parts->train;
  return {.name = train.info().name,
          .title = path,
          .input_shape = train.spec().x[0].shape,
          .target_shape = target_shape(train),
          .class_names = train.info().class_names,
          .train_size = train.size(),
          .test_size = parts->test.size(),
          .train_sha256 = train.info().sha256,
          .are_files = true,
          .parts_note = std::move(note),
          .read = [parts] { return *parts; }};
}

// For a file whose ending was left out.
std::string ending_hint(const std::string& text) {
  for (const char* const ending : {".csv", ".tsv", ".npz"}) {
    std::error_code ignored;
    if (!std::filesystem::exists(text + ending, ignored)) continue;
    return "a path names your own files, with its ending: ./" + text + ending;
  }
  return {};
}

// The first option that was given and that only tables have.
std::string option_for_tables(const DataOptions& options) {
  if (!options.label.empty()) return "--label";
  if (!options.drop.empty()) return "--drop";
  return given_of(options.table);
}

// Hints for words that are no set of the catalogue.
[[noreturn]] void refuse_name(const std::string& text, ErrorParts parts, bool may_be_path) {
  parts.hint = dataset_hint(text);
  if (!parts.hint.empty()) parts.expected.clear();
  const bool is_word = text.find('/') == std::string::npos;
  if (parts.hint.empty() && may_be_path && is_word) parts.hint = ending_hint(text);
  if (parts.hint.empty() && may_be_path && is_word) {
    parts.hint = text == "-" ? "standard input is not read: write the samples into a file first"
                             : "a path names your own files: ./" + text;
  }
  throw Error(std::move(parts));
}

const datasets::DatasetEntry& entry_named(const std::string& text, bool may_be_path) {
  try {
    return datasets::entry_of(text);
  } catch (const Error& error) {
    refuse_name(text, error.parts(), may_be_path);
  }
}

}  // namespace

bool is_run_or_model(const std::string& path) {
  std::error_code ignored;
  return path.ends_with(".safetensors") || path.ends_with(".keras") ||
         std::filesystem::exists(std::filesystem::path(path) / "run.json", ignored);
}

bool is_dataset_name(std::string_view text) {
  return std::ranges::any_of(datasets::catalogue(),
                             [&](const auto& each) { return each.name == text; });
}

const datasets::DatasetEntry& catalogue_entry(const std::string& text) {
  return entry_named(text, false);
}

DatasetArgument dataset_argument(const std::string& text, bool is_trained) {
  for (const datasets::DatasetEntry& each : datasets::catalogue()) {
    if (each.name == text) return {.text = text, .entry = &each};
  }
  if (is_run_or_model(text)) {
    throw Error({.where = "DATASET",
                 .what = formats::shown(text) + " is a run or a model, not a data set",
                 .hint = is_trained ? option_hint("train", "continue")
                                    : "the model is named first, the data set behind it"});
  }
  if (is_path(text)) return {.text = text};
  return {.text = text, .entry = &entry_named(text, true)};
}

Data described(const DatasetArgument& argument, const DataOptions& options) {
  std::error_code ignored;
  const bool is_missing =
      argument.entry == nullptr && !std::filesystem::exists(argument.text, ignored);
  const bool has_table = argument.entry == nullptr && is_table(argument.text);
  const std::string for_tables = option_for_tables(options);
  if (!for_tables.empty() && !has_table && !is_missing) {
    throw only_for_tables(for_tables, argument.text);
  }
  if (argument.entry == nullptr) return of_files(argument.text, options);
  return of_entry(*argument.entry, options.data_dir);
}

Dataset part_of(const Data& data, Part part) {
  const DatasetParts parts = data.read();
  if (part == Part::train) return parts.train;
  return parts.test.size() > 0 ? parts.test : parts.train;
}

}  // namespace cornu::inline v0::cli
