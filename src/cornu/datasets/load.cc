#include "cornu/datasets/load.h"

#include <cstdlib>
#include <filesystem>
#include <future>
#include <string_view>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/datasets/cifar.h"
#include "cornu/datasets/download.h"
#include "cornu/datasets/payload.h"
#include "cornu/formats/idx.h"
#include "cornu/formats/npz.h"

namespace cornu::inline v0::datasets {
namespace {

// The hint for a file of this place that is missing or wrong.
std::string mend(const DatasetEntry& entry, const SearchPlace& place) {
  if (place.kind == SearchPlace::Kind::cache) {
    return "`cornu fetch " + entry.name + "` downloads it again";
  }
  const std::string npz = npz_in(place, entry);
  if (!npz.empty()) return "move it away so that the search continues";
  return "put the published file there, or move " + place.folder +
         " away so that the search continues";
}

Block payload_in(const DatasetEntry& entry, const DatasetFile& file, const SearchPlace& place) {
  const std::string hint = mend(entry, place);
  const std::string path = path_in(place.folder, file);
  if (path.empty()) {
    throw Error({.kind = ErrorKind::not_found,
                 .where = place.folder,
                 .what = "a file of " + entry.name + " is missing",
                 .expected = file.name + " or " + file.name + ".gz",
                 .found = "neither, beside " + entry.files[0].name,
                 .hint = hint});
  }
  return read_payload(path, file, hint);
}

Tensor read_tensor(const DatasetEntry& entry, size_t index, const SearchPlace& place) {
  const DatasetFile& file = entry.files[index];
  return formats::read_idx(payload_in(entry, file, place), path_in(place.folder, file));
}

DatasetParts parts_of(const DatasetEntry& entry, const SearchPlace& place, Tensor train_x,
                      Tensor train_y, Tensor test_x, Tensor test_y) {
  const auto part = [&](Tensor x, Tensor y, const std::string& sha256) {
    return Dataset(std::move(x), std::move(y),
                   {.name = entry.name,
                    .class_names = entry.class_names,
                    .sha256 = sha256,
                    .origin = place.folder});
  };
  return {.train = part(std::move(train_x), std::move(train_y), entry.train_sha256),
          .test = part(std::move(test_x), std::move(test_y), entry.test_sha256)};
}

// The elements of one of the set's files, from an npz file. They are verified as those of the file
// are, so it may be packed in any way.
Tensor array_of(const formats::Npz& npz, const DatasetEntry& entry, size_t index,
                const SearchPlace& place) {
  const DatasetFile& file = entry.files[index];
  const std::string path = npz_in(place, entry);
  const Tensor& array = npz.at(file.array, path);
  const std::string where = path + ": " + file.array;
  const Shape sample = index % 2 == 0 ? entry.input_shape : Shape();
  const Shape shape = sample.with_rows().with_rows(index < 2 ? entry.train_size : entry.test_size);
  if (array.dtype() != DType::uint8 || array.shape() != shape) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .what = "not the array of " + entry.name,
                 .expected = "uint8 " + shape.str(),
                 .found = std::string(name(array.dtype())) + " " + array.shape().str()});
  }
  const std::vector<std::byte> payload = formats::write_idx(array);
  return formats::read_idx(verified_payload(payload, file, where, {}), where);
}

DatasetParts read_npz_parts(const DatasetEntry& entry, const SearchPlace& place) {
  const std::string path = npz_in(place, entry);
  uint64_t most = 1 << 20;  // for headers
  for (const DatasetFile& file : entry.files) most += file.size;
  try {
    const Block file = read_block(path, most);
    const formats::Npz npz = formats::read_npz(file.span(), path, {.unpacked = most});
    const auto array = [&](size_t index) { return array_of(npz, entry, index, place); };
    return parts_of(entry, place, array(0), array(1), array(2), array(3));
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    parts.hint = mend(entry, place);
    throw Error(std::move(parts));
  }
}

// The files are read at the same time: the training images take longer than all others together.
// Errors are still reported in the files' order, since their results are awaited in it.
DatasetParts read_parts(const DatasetEntry& entry, const SearchPlace& place) {
  if (!npz_in(place, entry).empty()) return read_npz_parts(entry, place);
  if (entry.form == DatasetForm::cifar) {
    StoredArrays stored =
        read_cifar(entry, path_in(place.folder, entry.files[0]), mend(entry, place));
    return parts_of(entry, place, std::move(stored.train_x), std::move(stored.train_y),
                    std::move(stored.test_x), std::move(stored.test_y));
  }
  const auto later = [&](size_t index) {
    return std::async([&entry, &place, index] { return read_tensor(entry, index, place); });
  };
  std::future<Tensor> train_labels = later(1);
  std::future<Tensor> test_images = later(2);
  std::future<Tensor> test_labels = later(3);
  Tensor train_images = read_tensor(entry, 0, place);
  Tensor labels = train_labels.get();
  Tensor images = test_images.get();
  return parts_of(entry, place, std::move(train_images), std::move(labels), std::move(images),
                  test_labels.get());
}

bool is_told_to_stay_offline() {
  const char* const value = std::getenv("CORNU_OFFLINE");
  const std::string_view text = value == nullptr ? "" : value;
  return !text.empty() && text != "0";
}

bool is_offline(const DatasetOptions& options) {
  return !options.download || is_told_to_stay_offline();
}

Error nowhere(const DatasetEntry& entry, const DatasetOptions& options) {
  std::string folders;
  for (const SearchPlace& place : search_places(entry, options)) {
    const std::string npz = npz_in(place, entry);
    folders += (folders.empty() ? "" : ", ") + (npz.empty() ? place.folder : npz);
  }
  return Error(
      {.kind = ErrorKind::not_found,
       .where = entry.name,
       .what = "not found",
       .expected = entry.files[0].name + " or " + entry.files[0].name + ".gz in one of " + folders,
       .found = "none",
       .hint = (is_told_to_stay_offline() ? "without --offline and CORNU_OFFLINE " : "") +
               ("`cornu fetch " + entry.name) + "` downloads it; or name a folder that holds " +
               entry.name + "/ by --data-dir or CORNU_DATASETS"});
}

}  // namespace

DatasetParts load(const std::string& name, const DatasetOptions& options) {
  return load(entry_of(name), options);
}

DatasetParts load(const DatasetEntry& entry, const DatasetOptions& options) {
  if (entry.embedded != nullptr) return entry.embedded();
  if (const auto place = search(entry, options)) return read_parts(entry, *place);
  if (is_offline(options)) throw nowhere(entry, options);
  return read_parts(entry, {SearchPlace::Kind::cache, fetch(entry, options)});
}

std::string DatasetLocation::origin() const {
  if (embedded) return "embedded";
  return place ? place->folder : "";
}

DatasetLocation find(const std::string& name, const DatasetOptions& options) {
  return find(entry_of(name), options);
}

DatasetLocation find(const DatasetEntry& entry, const DatasetOptions& options) {
  DatasetLocation location;
  if (entry.embedded != nullptr) {
    location.embedded = true;
    for (const DatasetFile& file : entry.files) location.nbytes += file.gz_size;
    return location;
  }
  if (const std::string cache = cache_folder(); !cache.empty()) {
    location.cache = (std::filesystem::path(cache) / entry.name).string();
  }
  location.place = search(entry, options);
  if (!location.place) return location;
  std::vector<std::string> paths = {npz_in(*location.place, entry)};
  if (paths[0].empty()) {
    for (const DatasetFile& file : entry.files) {
      paths.push_back(path_in(location.place->folder, file));
    }
  }
  for (const std::string& path : paths) {
    if (path.empty()) continue;
    std::error_code error;
    const uintmax_t size = std::filesystem::file_size(path, error);
    location.nbytes += error ? 0 : size;
    location.files.push_back(path);
  }
  return location;
}

void verify(const std::string& name, const DatasetOptions& options) {
  verify(entry_of(name), options);
}

void verify(const DatasetEntry& entry, const DatasetOptions& options) {
  if (entry.embedded != nullptr) {
    entry.embedded();
    return;
  }
  const auto place = search(entry, options);
  if (!place) throw nowhere(entry, options);
  if (!npz_in(*place, entry).empty()) {
    read_npz_parts(entry, *place);
    return;
  }
  for (const DatasetFile& file : entry.files) payload_in(entry, file, *place);
}

std::string fetch(const std::string& name, const DatasetOptions& options) {
  return fetch(entry_of(name), options);
}

std::string fetch(const DatasetEntry& entry, const DatasetOptions& options) {
  if (entry.embedded != nullptr) return "embedded";
  const std::string cache = cache_folder();
  if (cache.empty()) {
    throw Error({.kind = ErrorKind::not_found,
                 .where = entry.name,
                 .what = "there is no folder to download into: neither XDG_CACHE_HOME nor HOME "
                         "is set",
                 .hint = "set XDG_CACHE_HOME to a folder that can be written"});
  }
  std::string folder = (std::filesystem::path(cache) / entry.name).string();
  if (is_offline(options)) {
    const SearchPlace place{SearchPlace::Kind::cache, folder};
    if (path_in(folder, entry.files[0]).empty()) throw nowhere(entry, options);
    for (const DatasetFile& file : entry.files) payload_in(entry, file, place);
    return folder;
  }
  download(entry, folder, download_plan(entry, options));
  return folder;
}

}  // namespace cornu::inline v0::datasets
