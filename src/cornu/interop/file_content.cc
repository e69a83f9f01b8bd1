#include "cornu/interop/file_content.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <utility>

#include "cornu/core/dtype.h"
#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/formats/file_kind.h"
#include "cornu/formats/json.h"
#include "cornu/formats/npy.h"
#include "cornu/formats/npz.h"
#include "cornu/formats/safetensors.h"
#include "cornu/formats/sha256.h"
#include "cornu/interop/keras_file.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace {

/// Adds numbers up, one after the other.
class Statistics {
 public:
  void add(double x) {
    if (!std::isfinite(x)) {
      ++all_.not_finite;
      return;
    }
    // Welford 1962.
    ++count_;
    const double before = x - all_.mean;
    all_.mean += before / static_cast<double>(count_);
    squares_ += before * (x - all_.mean);
    all_.least = count_ == 1 ? x : std::min(all_.least, x);
    all_.most = count_ == 1 ? x : std::max(all_.most, x);
  }
  TensorStatistics result() const {
    TensorStatistics result = all_;
    if (count_ > 0) result.deviation = std::sqrt(squares_ / static_cast<double>(count_));
    return result;
  }

 private:
  TensorStatistics all_;
  int64_t count_ = 0;
  double squares_ = 0;
};

template <class Number>
TensorStatistics statistics_of(std::span<const std::byte> bytes) {
  Statistics statistics;
  for (size_t at = 0; at + sizeof(Number) <= bytes.size(); at += sizeof(Number)) {
    Number number;
    std::memcpy(&number, bytes.data() + at, sizeof number);
    statistics.add(static_cast<double>(number));
  }
  return statistics.result();
}

std::optional<TensorStatistics> statistics_of(const std::string& dtype,
                                              std::span<const std::byte> bytes) {
  if (bytes.empty()) return {};
  if (dtype == "float32") return statistics_of<float>(bytes);
  if (dtype == "float64") return statistics_of<double>(bytes);
  if (dtype == "int64") return statistics_of<int64_t>(bytes);
  if (dtype == "int32") return statistics_of<int32_t>(bytes);
  if (dtype == "uint8") return statistics_of<uint8_t>(bytes);
  return {};
}

ArrayContent array_content(std::string name, const std::string& dtype, const Shape& shape,
                           std::span<const std::byte> bytes) {
  formats::Sha256 sha;
  sha.add(bytes);
  return {.name = std::move(name),
          .dtype = dtype,
          .shape = shape,
          .bytes = bytes.size(),
          .sha256 = sha.hex(),
          .statistics = statistics_of(dtype, bytes)};
}

// The numbered variables of a layer or an optimizer come in order of their numbers: 2 before 10.
bool comes_before(const std::string& a, const std::string& b) {
  const auto is_number = [](const std::string& name) {
    return name.find_first_not_of("0123456789") == std::string::npos;
  };
  if (!is_number(a) || !is_number(b) || a.size() == b.size()) return a < b;
  return a.size() < b.size();
}

void add_arrays(const formats::Hdf5Group& group, const std::string& around,
                std::vector<ArrayContent>& all) {
  std::vector<const formats::Hdf5Dataset*> datasets;
  for (const formats::Hdf5Dataset& each : group.datasets) datasets.push_back(&each);
  std::ranges::sort(datasets, comes_before, &formats::Hdf5Dataset::name);
  for (const formats::Hdf5Dataset* each : datasets) {
    if (each->problem) {
      all.push_back(
          {.name = around + each->name, .dtype = each->type, .shape = each->shape, .sha256 = ""});
    } else {
      all.push_back(array_content(around + each->name, each->type, each->shape, each->bytes()));
    }
  }
  for (const formats::Hdf5Group& each : group.groups) {
    add_arrays(each, around + each.name + "/", all);
  }
}

FileContent content_of_keras(const std::string& path) {
  KerasFile file = read_keras_file(path);
  FileContent content;
  const bool is_archive = !file.members.empty();
  if (file.network.is_null()) {
    content.format = file.is_by_layer ? "Keras weights (.h5)" : "Keras 3 weights (.weights.h5)";
  } else {
    content.format = is_archive ? "Keras model (.keras)" : "Keras model (.h5)";
  }
  if (!file.version.empty()) content.facts.emplace_back("keras_version", file.version);
  if (!file.own.is_null()) content.facts.emplace_back("cornu", file.own);
  content.network = file.network;
  content.compile = file.compile;
  content.arrays = file.verified([&] {
    std::vector<ArrayContent> all;
    add_arrays(file.weights, "", all);
    add_arrays(file.optimizer, "optimizer_weights/", all);
    return all;
  });
  return content;
}

FileContent content_of_safetensors(const std::string& path) {
  const std::vector<std::byte> bytes = read_file(path);
  const formats::FileKind kind = formats::foreign_kind(bytes);
  if (!kind.name.empty() || !path.ends_with(".safetensors")) {
    throw Error(
        {.kind = ErrorKind::unsupported,
         .where = path,
         .what = kind.name.empty() ? "" : "is " + kind.name,
         .expected = "a .keras, .h5, .weights.h5, .safetensors, .npz or .npy file",
         .hint =
             kind.name.empty()
                 ? "a .safetensors or .npy file must be called so; `cornu show FILE` shows a table"
                 : kind.hint});
  }
  const formats::Safetensors file = formats::read_safetensors(bytes, path);
  FileContent content{.format = "tensors (.safetensors)", .facts = {}};
  for (const auto& [key, text] : file.metadata) {
    if (key != "cornu") {
      content.facts.emplace_back(key, text);
      continue;
    }
    content.format = "Cornu model (.safetensors)";
    const Value config = formats::read_json(text, path + ": metadata \"cornu\"");
    for (const auto& [field, value] : config.as_map()) {
      if (field == "compile") {
        content.compile = value;
      } else if (field == "layers" || field == "network") {
        content.network = value;
      } else {
        content.facts.emplace_back(field, value);
      }
    }
  }
  for (const auto& [name, tensor] : file.tensors) {
    content.arrays.push_back(array_content(name, std::string(cornu::name(tensor.dtype())),
                                           tensor.shape(), {tensor.data(), tensor.nbytes()}));
  }
  return content;
}

FileContent content_of_npz(const std::string& path) {
  const Block file = read_block(path, kLargestFile);
  FileContent content{.format = "NumPy arrays (.npz)", .facts = {}};
  for (const auto& [name, tensor] : formats::read_npz(file.span(), path).tensors) {
    content.arrays.push_back(array_content(name, std::string(cornu::name(tensor.dtype())),
                                           tensor.shape(), {tensor.data(), tensor.nbytes()}));
  }
  return content;
}

FileContent content_of_npy(const std::string& path) {
  const Tensor tensor = formats::read_npy(read_block(path, kLargestFile), path);
  FileContent content{.format = "NumPy array (.npy)", .facts = {}};
  content.arrays.push_back(array_content("array", std::string(cornu::name(tensor.dtype())),
                                         tensor.shape(), {tensor.data(), tensor.nbytes()}));
  return content;
}

}  // namespace

FileContent file_content(const std::string& path) {
  if (is_npz_file(path)) return content_of_npz(path);
  if (is_keras_file(path)) return content_of_keras(path);
  return path.ends_with(".npy") ? content_of_npy(path) : content_of_safetensors(path);
}

}  // namespace cornu::inline v0
