#include "cornu/datasets/cifar.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "cornu/core/block.h"
#include "cornu/core/error.h"
#include "cornu/datasets/payload.h"
#include "cornu/formats/tar.h"

namespace cornu::inline v0::datasets {
namespace {

constexpr int64_t kTrainingFiles = 5;

// The records of a set as images and labels.
class CifarReader {
 public:
  CifarReader(const DatasetEntry& entry, std::string where, std::string hint)
      : entry_(entry),
        where_(std::move(where)),
        hint_(std::move(hint)),
        pixels_(entry.input_shape[0] * entry.input_shape[1]),
        planes_(entry.input_shape[2]) {}

  // Reads file after file into x and y.
  std::pair<Tensor, Tensor> read(const std::vector<formats::TarFile>& archive,
                                 const std::vector<std::string>& names, int64_t samples) {
    Tensor x = Tensor::unset(entry_.input_shape.with_rows().with_rows(samples), DType::uint8);
    Tensor y = Tensor::unset(Shape{samples}, DType::uint8);
    const int64_t each = samples / static_cast<int64_t>(names.size());
    for (size_t i = 0; i < names.size(); ++i) {
      const int64_t first = static_cast<int64_t>(i) * each;
      const auto records = records_of(archive, names[i], each);
      for (int64_t n = 0; n < each; ++n) {
        const uint8_t* const record = records.data() + n * record_size();
        y.span<uint8_t>()[static_cast<size_t>(first + n)] = label(record[0], names[i], n);
        interleave(record + 1, x.span<uint8_t>().data() + (first + n) * pixels_ * planes_);
      }
    }
    return {std::move(x), std::move(y)};
  }

 private:
  int64_t record_size() const { return 1 + pixels_ * planes_; }

  std::span<const uint8_t> records_of(const std::vector<formats::TarFile>& archive,
                                      const std::string& name, int64_t samples) const {
    const auto file = std::ranges::find_if(archive, [&](const formats::TarFile& each) {
      return each.name == name || each.name.ends_with("/" + name);
    });
    if (file == archive.end()) refuse("a file " + name, "none");
    const auto size = static_cast<size_t>(samples * record_size());
    if (file->bytes.size() != size) {
      refuse(name + " of " + std::to_string(size) + " bytes", std::to_string(file->bytes.size()));
    }
    return {reinterpret_cast<const uint8_t*>(file->bytes.data()), size};
  }

  uint8_t label(uint8_t stored, const std::string& name, int64_t sample) const {
    if (stored < entry_.classes()) return stored;
    refuse("labels from 0 to " + std::to_string(entry_.classes() - 1) + " in " + name,
           std::to_string(stored) + " at sample " + std::to_string(sample));
  }

  void interleave(const uint8_t* planes, uint8_t* image) const {
    for (int64_t p = 0; p < pixels_; ++p) {
      for (int64_t c = 0; c < planes_; ++c) image[p * planes_ + c] = planes[c * pixels_ + p];
    }
  }

  [[noreturn]] void refuse(const std::string& expected, const std::string& found) const {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where_,
                 .what = "not the archive of " + entry_.name,
                 .expected = expected,
                 .found = found,
                 .hint = hint_});
  }

  const DatasetEntry& entry_;
  std::string where_, hint_;
  int64_t pixels_, planes_;
};

std::vector<std::string> training_files() {
  std::vector<std::string> names;
  for (int64_t i = 1; i <= kTrainingFiles; ++i) {
    names.push_back("data_batch_" + std::to_string(i) + ".bin");
  }
  return names;
}

}  // namespace

StoredArrays read_cifar(const DatasetEntry& entry, const std::string& path,
                        const std::string& hint) {
  const Block tar = read_payload(path, entry.files[0], hint);
  const std::vector<formats::TarFile> archive = formats::read_tar(tar.span(), path);
  CifarReader reader(entry, path, hint);
  auto [train_x, train_y] = reader.read(archive, training_files(), entry.train_size);
  auto [test_x, test_y] = reader.read(archive, {"test_batch.bin"}, entry.test_size);
  return {std::move(train_x), std::move(train_y), std::move(test_x), std::move(test_y)};
}

}  // namespace cornu::inline v0::datasets
