#include "cornu/datasets/picture_folder.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstring>
#include <exception>
#include <filesystem>
#include <future>
#include <utility>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/core/team.h"
#include "cornu/datasets/name_of_path.h"
#include "cornu/datasets/split.h"
#include "cornu/formats/picture.h"
#include "cornu/formats/sha256.h"
#include "cornu/images/resize.h"

namespace cornu::inline v0::datasets {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLargestPictureFile = uint64_t{256} << 20;
constexpr int64_t kUsualSide = 64;
constexpr uint8_t kWhitePaper = 255;

// A picture of a class, packed as its file has it.
struct PackedPicture {
  std::string path;
  int32_t label = 0;
  std::vector<std::byte> file = {};
  std::string sha256 = {};
  formats::PictureSize size = {};
};
using PackedPictures = std::vector<PackedPicture>;

bool is_picture(const fs::path& path) {
  std::string ending = path.extension().string();
  for (char& each : ending) {
    each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  }
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

// The entries of a folder by name, but for hidden ones, that `is_wanted` accepts.
template <class IsWanted>
std::vector<fs::path> entries_of(const fs::path& folder, IsWanted is_wanted) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& each : fs::directory_iterator(folder)) {
    const bool is_hidden = each.path().filename().string().starts_with('.');
    if (!is_hidden && is_wanted(each)) found.push_back(each.path());
  }
  std::ranges::sort(found);
  return found;
}

std::vector<fs::path> folders_in(const fs::path& folder) {
  return entries_of(folder, [](const fs::directory_entry& each) { return each.is_directory(); });
}

std::vector<fs::path> pictures_in(const fs::path& folder) {
  return entries_of(folder, [](const fs::directory_entry& each) {
    return each.is_regular_file() && is_picture(each.path());
  });
}

// Calls `work` with each of 0 … count - 1, on all cores. The error of the first that has one.
template <class Work>
void for_each_index(size_t count, Work work) {
  const int threads = std::min(default_threads(), 16);
  std::atomic<size_t> next = 0;
  std::vector<std::exception_ptr> errors(count);
  std::atomic<bool> failed = false;
  const auto run = [&] {
    for (size_t i = next++; i < count && !failed; i = next++) {
      try {
        work(i);
      } catch (...) {
        errors[i] = std::current_exception();
        failed = true;
      }
    }
  };
  std::vector<std::future<void>> others;
  for (int i = 1; i < threads; ++i) others.push_back(std::async(std::launch::async, run));
  run();
  for (std::future<void>& each : others) each.wait();
  for (const std::exception_ptr& each : errors) {
    if (each) std::rethrow_exception(each);
  }
}

std::vector<std::string> names_of_folders(const std::vector<fs::path>& folders) {
  std::vector<std::string> names;
  for (const fs::path& each : folders) names.push_back(each.filename().string());
  return names;
}

// The pictures of one part, whose classes are those of `names`.
PackedPictures packed_pictures(const fs::path& folder, const std::vector<std::string>& names) {
  PackedPictures all;
  for (const fs::path& class_folder : folders_in(folder)) {
    const std::string name = class_folder.filename().string();
    const auto place = std::ranges::find(names, name);
    if (place == names.end()) {
      throw Error({.where = class_folder.string(),
                   .what = "is a class that the training part does not have"});
    }
    const auto label = static_cast<int32_t>(place - names.begin());
    for (const fs::path& file : pictures_in(class_folder)) {
      all.push_back({.path = file.string(), .label = label});
    }
  }
  for_each_index(all.size(), [&all](size_t i) {
    all[i].file = read_file(all[i].path, kLargestPictureFile);
    all[i].sha256 = formats::sha256(all[i].file);
    all[i].size = formats::picture_size(all[i].file, all[i].path);
  });
  return all;
}

// The height, width and channels of every sample.
struct SampleSize {
  int64_t height, width, channels;
};

SampleSize sample_size(const PackedPictures& pictures, const PictureFolderOptions& options) {
  const auto are_all = [&pictures](auto is_so) { return std::ranges::all_of(pictures, is_so); };
  const formats::PictureSize& first = pictures[0].size;
  const bool are_alike = are_all([&first](const PackedPicture& each) {
    return each.size.height == first.height && each.size.width == first.width;
  });
  const bool are_grey = are_all([](const PackedPicture& each) { return !each.size.has_colours; });
  SampleSize size = {
      .height = options.height, .width = options.width, .channels = options.channels};
  if (size.height == 0) size.height = are_alike ? first.height : kUsualSide;
  if (size.width == 0) size.width = are_alike ? first.width : kUsualSide;
  if (size.channels == 0) size.channels = are_grey ? 1 : 3;
  return size;
}

Dataset unpacked(PackedPictures& pictures, const SampleSize& size, const DatasetInfo& info) {
  const auto count = static_cast<int64_t>(pictures.size());
  Tensor x = Tensor::unset({count, size.height, size.width, size.channels}, DType::uint8);
  Tensor y(Shape{count}, DType::int32);
  const auto nbytes = static_cast<size_t>(size.height * size.width * size.channels);
  for_each_index(pictures.size(), [&](size_t i) {
    formats::Picture picture = formats::read_picture_file(pictures[i].file, pictures[i].path);
    const bool has_size = picture.height() == size.height && picture.width() == size.width;
    Tensor sample = formats::on_background(std::move(picture), size.channels, kWhitePaper);
    if (!has_size) sample = images::resized(sample.view(), size.height, size.width);
    std::memcpy(x.data() + i * nbytes, sample.data(), nbytes);
    y.span<int32_t>()[i] = pictures[i].label;
    pictures[i].file = {};
  });
  return {std::move(x), std::move(y), info};
}

// Over names and contents, in their order.
std::string sha256_of(const PackedPictures& pictures) {
  std::string digests;
  for (const PackedPicture& each : pictures) {
    digests += each.path.substr(each.path.find_last_of('/') + 1) + each.sha256;
  }
  return formats::sha256(std::as_bytes(std::span(digests)));
}

// Takes the part that validates out of `train`.
PackedPictures validating_part(PackedPictures& train, const PictureFolderOptions& options) {
  std::vector<int64_t> classes;
  for (const PackedPicture& each : train) classes.push_back(each.label);
  const RowSplit rows = split_rows(classes, options.validation_split, options.seed);
  const auto taken = [&train](const std::vector<uint64_t>& chosen) {
    PackedPictures part;
    for (const uint64_t row : chosen) part.push_back(std::move(train[row]));
    return part;
  };
  PackedPictures test = taken(rows.test);
  train = taken(rows.train);
  return test;
}

fs::path test_folder_of(const fs::path& folder) {
  std::error_code error;
  for (const char* const name : {"test", "validation", "valid", "val"}) {
    if (fs::is_directory(folder / name, error)) return folder / name;
  }
  return {};
}

}  // namespace

DatasetParts picture_folder(const std::string& path, const PictureFolderOptions& options) {
  const bool is_split = options.validation_split != 0;
  if (!(options.validation_split >= 0 && options.validation_split < 1)) {
    throw Error({.where = "picture_folder: validation_split",
                 .expected = "a fraction from 0 to below 1",
                 .found = std::to_string(options.validation_split)});
  }
  const fs::path folder = path;
  std::error_code error;
  const bool has_parts = fs::is_directory(folder / "train", error);
  const fs::path train_folder = has_parts ? folder / "train" : folder;
  const std::vector<std::string> names = names_of_folders(folders_in(train_folder));
  PackedPictures train = packed_pictures(train_folder, names);
  if (train.empty()) {
    throw Error({.kind = ErrorKind::not_found,
                 .where = path,
                 .what = "has no pictures",
                 .expected = "a folder for each class with .png, .jpg or .jpeg files in it",
                 .found = names.empty() ? "no folders" : "folders without such files"});
  }
  const fs::path test_folder = has_parts ? test_folder_of(folder) : fs::path();
  PackedPictures test;
  if (!test_folder.empty()) {
    if (is_split) {
      throw Error({.where = test_folder.string(),
                   .what = "is a test part, and validation_split would make another",
                   .hint = "leave validation_split at 0"});
    }
    test = packed_pictures(test_folder, names);
  }
  const SampleSize size = sample_size(train, options);
  const DatasetInfo info{
      .name = name_of_path(path), .class_names = names, .sha256 = sha256_of(train), .origin = path};
  if (is_split) test = validating_part(train, options);
  DatasetParts parts;
  parts.train = unpacked(train, size, info);
  if (!test.empty()) parts.test = unpacked(test, size, info);
  return parts;
}

}  // namespace cornu::inline v0::datasets
