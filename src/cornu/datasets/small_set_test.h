#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/datasets/catalogue.h"
#include "cornu/formats/gzip.h"
#include "cornu/formats/idx.h"
#include "cornu/formats/sha256.h"

// Shared by the tests of this folder: a published set of a few samples, a temporary folder and an
// environment.

namespace cornu::inline v0::datasets {

/// A small set like MNIST: 3 training and 2 test images of 2 × 2, and the bytes of its files.
struct SmallSet {
  DatasetEntry entry;
  /// By file name, ungzipped and gzipped.
  std::map<std::string, std::vector<std::byte>> files;

  SmallSet() {
    entry.name = "small_set";
    entry.class_names = {"a", "b", "c"};
    entry.input_shape = {2, 2};
    entry.train_size = 3;
    entry.test_size = 2;
    entry.train_sha256 = add("train-images-idx3-ubyte", {3, 2, 2}, "train-labels-idx1-ubyte");
    entry.test_sha256 = add("t10k-images-idx3-ubyte", {2, 2, 2}, "t10k-labels-idx1-ubyte");
  }

  /// Writes every file except `without` into folder/small_set, gzipped or not.
  std::string write(const std::string& folder, const std::string& suffix = ".gz",
                    const std::string& without = "") const {
    const std::string own = folder + "/" + entry.name;
    std::filesystem::create_directories(own);
    for (const DatasetFile& file : entry.files) {
      if (file.name != without) {
        replace_file(own + "/" + file.name + suffix, files.at(file.name + suffix));
      }
    }
    return own;
  }

 private:
  std::string add(const std::string& images, Shape shape, const std::string& labels) {
    formats::Sha256 both;
    for (const auto& [name, array] :
         {std::pair(images, counting(shape)), std::pair(labels, counting(Shape{shape[0]}))}) {
      const std::vector<std::byte> payload = formats::write_idx(array);
      const std::vector<std::byte> gz = formats::gzip(payload);
      both.add(payload);
      entry.files.push_back({.name = name,
                             .size = payload.size(),
                             .sha256 = formats::sha256(payload),
                             .gz_size = gz.size(),
                             .gz_sha256 = formats::sha256(gz)});
      files[name] = payload;
      files[name + ".gz"] = gz;
    }
    return both.hex();
  }

  static Tensor counting(Shape shape) {
    Tensor tensor(shape, DType::uint8);
    const auto elements = tensor.span<uint8_t>();
    std::iota(elements.begin(), elements.end(), uint8_t{0});
    return tensor;
  }
};

/// A new folder, removed at the end.
class TestFolder {
 public:
  TestFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cornu.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::string& path() const { return path_; }
  /// Paths of every file in it, from its root, sorted.
  std::vector<std::string> files() const {
    std::vector<std::string> found;
    for (const auto& each : std::filesystem::recursive_directory_iterator(path_)) {
      if (each.is_regular_file()) {
        found.push_back(std::filesystem::relative(each.path(), path_).string());
      }
    }
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  std::string path_;
};

/// Sets a variable of the environment (none: removes it) and restores it at the end.
class TestVariable {
 public:
  TestVariable(const char* name, const std::optional<std::string>& value) : name_(name) {
    if (const char* now = std::getenv(name)) before_ = now;
    put(value);
  }
  ~TestVariable() { put(before_); }
  TestVariable(const TestVariable&) = delete;
  TestVariable& operator=(const TestVariable&) = delete;

 private:
  void put(const std::optional<std::string>& value) {
    if (value) {
      setenv(name_, value->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }

  const char* name_;
  std::optional<std::string> before_;
};

/// An environment in which data sets are found only in `folder`, which is its home; without
/// proxies.
struct TestHome {
  TestFolder folder;
  TestVariable home{"HOME", folder.path()};
  TestVariable caches{"XDG_CACHE_HOME", std::nullopt};
  TestVariable datasets{"CORNU_DATASETS", std::nullopt};
  TestVariable keras{"KERAS_HOME", std::nullopt};
  TestVariable mirror{"CORNU_MIRROR", std::nullopt};
  TestVariable offline{"CORNU_OFFLINE", std::nullopt};
  TestVariable http_proxy{"http_proxy", std::nullopt};
  TestVariable https_proxy{"https_proxy", std::nullopt};
  TestVariable all_proxy{"all_proxy", std::nullopt};
  TestVariable no_proxy{"no_proxy", std::nullopt};
};

/// The text of the Error that a call throws.
inline std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace cornu::inline v0::datasets
