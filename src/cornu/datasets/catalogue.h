#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/shape.h"
#include "cornu/datasets/dataset.h"

namespace cornu::inline v0::datasets {

/// One published file. It is stored plain or gzipped (then ".gz" is added to its name);
/// `size` and `sha256` are its payload's, `gz_size` and `gz_sha256` those of the file that the
/// mirrors serve. Without a `sha256` only the file that the mirrors serve is taken, and `size` is
/// the most that its payload has.
struct DatasetFile {
  std::string name;
  uint64_t size = 0;
  std::string sha256 = {};
  uint64_t gz_size = 0;
  std::string gz_sha256 = {};
  /// The array of the entry's npz file that has its elements: "x_train".
  std::string array = {};
};

/// How the files of a data set hold it.
enum class DatasetForm {
  idx,   ///< training images, training labels, test images and test labels, each an IDX file
  cifar  ///< one archive of binary records: datasets/cifar.h
};

/// A known data set; the first of its files says whether a folder holds it.
struct DatasetEntry {
  std::string name;
  std::string title;
  DatasetForm form = DatasetForm::idx;
  std::vector<DatasetFile> files;
  /// The file that Keras keeps the whole set in: "mnist.npz"; empty: none.
  std::string npz = {};
  /// SHA-256 over the payloads that each part is read from, in the order of `files`.
  std::string train_sha256, test_sha256;
  /// Addresses to which a file's name and ".gz" are added.
  std::vector<std::string> mirrors = {};
  int64_t train_size = 0, test_size = 0;
  /// One sample's shape, as stored.
  Shape input_shape = {};
  std::vector<std::string> class_names = {};
  std::string citation = {};
  std::string licence = {};
  /// Makes a set that is part of the library itself; null for one that is read from files.
  DatasetParts (*embedded)() = nullptr;

  int64_t classes() const { return static_cast<int64_t>(class_names.size()); }
};

/// Every data set that Cornu knows by name.
CORNU_API std::span<const DatasetEntry> catalogue();

/// The entry of that name, whose capitals, underscores and dashes do not count: MNIST,
/// fashion-mnist. Error listing the known names, nearest first.
CORNU_API const DatasetEntry& entry_of(std::string_view name);

}  // namespace cornu::inline v0::datasets
