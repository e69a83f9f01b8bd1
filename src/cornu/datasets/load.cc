#include "cornu/datasets/load.h"

#include <filesystem>
#include <future>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/datasets/download.h"
#include "cornu/datasets/payload.h"
#include "cornu/formats/idx.h"

namespace cornu::inline v0::datasets {
namespace {

// The hint for a file of this place that is missing or wrong.
std::string mend(const DatasetEntry& entry, const SearchPlace& place) {
  if (place.kind == SearchPlace::Kind::cache) {
    return "`cornu fetch " + entry.name + "` downloads it again";
  }
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

// The files are read at the same time: the training images take longer than all others together.
// Errors are still reported in the files' order, since their results are awaited in it.
DatasetParts read_parts(const DatasetEntry& entry, const SearchPlace& place) {
  const auto later = [&](size_t index) {
    return std::async([&entry, &place, index] { return read_tensor(entry, index, place); });
  };
  std::future<Tensor> train_labels = later(1);
  std::future<Tensor> test_images = later(2);
  std::future<Tensor> test_labels = later(3);
  const auto part = [&](Tensor x, Tensor y, const std::string& sha256) {
    return Dataset(std::move(x), std::move(y),
                   {.name = entry.name,
                    .class_names = entry.class_names,
                    .sha256 = sha256,
                    .origin = place.folder});
  };
  Tensor train_images = read_tensor(entry, 0, place);
  Dataset train = part(std::move(train_images), train_labels.get(), entry.train_sha256);
  Tensor images = test_images.get();
  return {.train = std::move(train),
          .test = part(std::move(images), test_labels.get(), entry.test_sha256)};
}

Error nowhere(const DatasetEntry& entry, const DatasetOptions& options) {
  std::string folders;
  for (const SearchPlace& place : search_places(entry, options)) {
    folders += (folders.empty() ? "" : ", ") + place.folder;
  }
  return Error(
      {.kind = ErrorKind::not_found,
       .where = entry.name,
       .what = "not found",
       .expected = entry.files[0].name + " or " + entry.files[0].name + ".gz in one of " + folders,
       .found = "none",
       .hint = "`cornu fetch " + entry.name + "` downloads it; or name a folder that holds " +
               entry.name + "/ by --data-dir or CORNU_DATASETS"});
}

}  // namespace

DatasetParts load(const std::string& name, const DatasetOptions& options) {
  return load(entry_of(name), options);
}

DatasetParts load(const DatasetEntry& entry, const DatasetOptions& options) {
  if (entry.embedded != nullptr) return entry.embedded();
  if (const auto place = search(entry, options)) return read_parts(entry, *place);
  if (!options.download) throw nowhere(entry, options);
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
  for (const DatasetFile& file : entry.files) {
    const std::string path = path_in(location.place->folder, file);
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
  download(entry, folder, download_plan(entry, options));
  return folder;
}

}  // namespace cornu::inline v0::datasets
