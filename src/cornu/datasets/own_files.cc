#include "cornu/datasets/own_files.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/core/finite.h"
#include "cornu/core/nearest_file.h"
#include "cornu/core/value.h"
#include "cornu/datasets/labels.h"
#include "cornu/datasets/name_of_path.h"
#include "cornu/formats/gzip.h"
#include "cornu/formats/idx.h"
#include "cornu/formats/npz.h"
#include "cornu/formats/sha256.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::datasets {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLargestOwnFile = uint64_t{16} << 30;
constexpr const char* kWhatCanBeRead =
    "a NumPy .npz file with x_train and y_train, a folder with a folder of pictures for each "
    "class, or a folder of IDX files as MNIST has them";

// The arrays of both parts; those of the test part may be missing.
struct OwnArrays {
  std::optional<Tensor> train_x, train_y, test_x, test_y;
  std::string sha256;  ///< over the files of the training part
};

// The first sample with a number that is not finite.
void require_finite_samples(const Tensor& array, const std::string& name, const std::string& path) {
  if (array.dtype() != DType::float32 && array.dtype() != DType::float64) return;
  const TensorView numbers = array.view();
  const int64_t size = numbers.size();
  int64_t at = 0;
  if (array.dtype() == DType::float32) {
    at = static_cast<int64_t>(first_not_finite(array.span<float>()));
  } else {
    while (at < size && std::isfinite(numbers.at(at))) ++at;
  }
  if (at == size) return;
  const int64_t each = size / array.shape()[0];
  throw Error({.where = path + ": " + name,
               .expected = "finite numbers",
               .found = shortest(numbers.at(at)) + " in sample " + std::to_string(at / each) +
                        (each > 1 ? ", element " + std::to_string(at % each) : ""),
               .hint =
                   "in Python, numpy.isfinite finds such samples, and numpy.nan_to_num replaces "
                   "the numbers"});
}

void check_arrays(const OwnArrays& arrays, const std::string& path) {
  if (arrays.train_x->shape().ndim() > 0 && arrays.train_x->shape()[0] == 0) {
    throw Error({.where = path, .what = "has no samples", .expected = "at least one to train on"});
  }
  require_finite_samples(*arrays.train_x, "samples of the training part", path);
  require_finite_samples(*arrays.train_y, "targets of the training part", path);
  if (arrays.test_x) require_finite_samples(*arrays.test_x, "samples of the test part", path);
  if (arrays.test_y) require_finite_samples(*arrays.test_y, "targets of the test part", path);
}

DatasetParts parts_of(OwnArrays arrays, const std::string& path) {
  check_arrays(arrays, path);
  DatasetInfo info{
      .name = name_of_path(path), .class_names = {}, .sha256 = arrays.sha256, .origin = path};
  Tensor train_y = as_labels(std::move(*arrays.train_y));
  Tensor test_y = arrays.test_y ? as_labels(std::move(*arrays.test_y)) : Tensor();
  info.class_names = numbered_classes(train_y, test_y, path);
  DatasetParts parts;
  parts.train = Dataset(std::move(*arrays.train_x), std::move(train_y), info);
  if (arrays.test_x) parts.test = Dataset(std::move(*arrays.test_x), std::move(test_y), info);
  const bool same =
      parts.test.size() == 0 || parts.test.spec().x[0].shape == parts.train.spec().x[0].shape;
  if (same) return parts;
  throw Error({.where = path,
               .what = "the samples of its test part differ from those of its training part",
               .expected = "shape " + parts.train.spec().x[0].shape.str(),
               .found = parts.test.spec().x[0].shape.str()});
}

// The array that has one of these names.
std::optional<Tensor> array_named(const formats::Npz& npz,
                                  std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const Tensor* const array = npz.find(name)) return Tensor(array->view());
  }
  return {};
}

std::string names_in(const formats::Npz& npz) {
  std::string names;
  for (const auto& [name, array] : npz.tensors) names += (names.empty() ? "" : ", ") + name;
  return names;
}

DatasetParts read_own_npz(const std::string& path, std::span<const std::byte> file) {
  const formats::Npz npz = formats::read_npz(file, path, {.unpacked = kLargestOwnFile});
  OwnArrays arrays{.train_x = array_named(npz, {"x_train", "X_train", "train_images", "x", "X"}),
                   .train_y = array_named(npz, {"y_train", "train_labels", "y"}),
                   .test_x = array_named(npz, {"x_test", "X_test", "test_images"}),
                   .test_y = array_named(npz, {"y_test", "test_labels"}),
                   .sha256 = formats::sha256(file)};
  if (arrays.train_x && arrays.train_y && arrays.test_x.has_value() == arrays.test_y.has_value()) {
    return parts_of(std::move(arrays), path);
  }
  throw Error({.where = path,
               .expected = "arrays named x_train, y_train, x_test and y_test, or x and y",
               .found = npz.tensors.empty() ? "none" : names_in(npz),
               .hint = "numpy.savez(\"" + path + "\", x_train=…, y_train=…) names them"});
}

std::vector<std::byte> unpacked(const std::vector<std::byte>& file, const std::string& path) {
  if (!formats::is_gzip(file)) return file;
  // The last four bytes of a gzip file are the size of its payload, modulo 2³².
  uint64_t size = 0;
  for (size_t i = 0; i < 4 && file.size() >= 4; ++i) {
    size |= std::to_integer<uint64_t>(file[file.size() - 4 + i]) << (8 * i);
  }
  constexpr uint64_t kMostPerByte = 1032;  // of deflate
  std::vector<std::byte> payload(std::min<uint64_t>(size, file.size() * kMostPerByte));
  payload.resize(formats::gunzip(file, payload, path));
  return payload;
}

// The one file of the folder whose name has one of `words` and `array` in it; empty if none has.
std::string idx_file(const std::vector<std::string>& names,
                     std::initializer_list<std::string_view> words, std::string_view array,
                     const std::string& folder) {
  std::string found;
  for (const std::string& name : names) {
    const auto has = [&](std::string_view word) { return name.find(word) != std::string::npos; };
    if (!has(array) || std::ranges::none_of(words, has)) continue;
    if (!found.empty()) {
      throw Error({.where = folder,
                   .what = "two files could be the same part of a data set",
                   .expected = "one of them",
                   .found = found + " and " + name});
    }
    found = name;
  }
  return found;
}

DatasetParts read_own_idx(const std::string& folder, const std::vector<std::string>& names) {
  OwnArrays arrays;
  std::string digests;
  const auto read = [&](std::initializer_list<std::string_view> words,
                        std::string_view array) -> std::optional<Tensor> {
    const std::string name = idx_file(names, words, array, folder);
    if (name.empty()) return {};
    const std::string path = (fs::path(folder) / name).string();
    const std::vector<std::byte> payload = unpacked(read_file(path, kLargestOwnFile), path);
    digests += formats::sha256(payload);
    return formats::read_idx(payload, path);
  };
  arrays.train_x = read({"train"}, "images-idx");
  arrays.train_y = read({"train"}, "labels-idx");
  arrays.sha256 = formats::sha256(std::as_bytes(std::span(digests)));
  arrays.test_x = read({"t10k", "test"}, "images-idx");
  arrays.test_y = read({"t10k", "test"}, "labels-idx");
  if (arrays.train_x && arrays.train_y && arrays.test_x.has_value() == arrays.test_y.has_value()) {
    return parts_of(std::move(arrays), folder);
  }
  throw Error({.kind = ErrorKind::not_found,
               .where = folder,
               .what = "a file of the data set is missing",
               .expected = "train-images-idx3-ubyte and train-labels-idx1-ubyte, and for a test "
                           "part t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte",
               .found = "only a part of them"});
}

DatasetParts read_own_folder(const std::string& folder, const PictureFolderOptions& pictures) {
  std::vector<std::string> names;
  for (const fs::directory_entry& each : fs::directory_iterator(folder)) {
    names.push_back(each.path().filename().string());
  }
  std::ranges::sort(names);
  const bool has_idx = std::ranges::any_of(
      names, [](const std::string& name) { return name.find("-idx") != std::string::npos; });
  if (has_idx) return read_own_idx(folder, names);
  const bool has_folders = std::ranges::any_of(
      names, [&](const std::string& name) { return fs::is_directory(fs::path(folder) / name); });
  if (has_folders) return picture_folder(folder, pictures);
  throw Error(
      {.kind = ErrorKind::unsupported,
       .where = folder,
       .what = "is a folder without samples that can be read",
       .expected = kWhatCanBeRead,
       .found = names.empty() ? "an empty folder" : "others, such as " + formats::shown(names[0])});
}

bool begins_as(std::span<const std::byte> file, std::string_view begin) {
  return std::string_view(reinterpret_cast<const char*>(file.data()), file.size())
      .starts_with(begin);
}

}  // namespace

DatasetParts read_own_files(const std::string& path, const PictureFolderOptions& pictures) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    throw Error({.kind = ErrorKind::not_found,
                 .where = path,
                 .what = "there is no such file",
                 .hint = nearest_file_hint(path)});
  }
  if (fs::is_directory(status)) return read_own_folder(path, pictures);
  const Block file = read_block(path, kLargestOwnFile);
  if (begins_as(file.span(), "PK\x03\x04")) return read_own_npz(path, file.span());
  const bool is_npy = begins_as(file.span(), "\x93NUMPY");
  throw Error({.kind = ErrorKind::unsupported,
               .where = path,
               .what = is_npy ? "is one array of NumPy" : "is no file of samples that can be read",
               .expected = kWhatCanBeRead,
               .hint = is_npy ? "numpy.savez(\"my.npz\", x_train=…, y_train=…) keeps samples and "
                                "targets in one file"
                              : ""});
}

}  // namespace cornu::inline v0::datasets
