#include "cornu/datasets/search.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "cornu/formats/zip.h"

namespace cornu::inline v0::datasets {
namespace {

std::string environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

std::string joined(const std::string& folder, const std::string& name) {
  return (std::filesystem::path(folder) / name).string();
}

// Debian's packages write fashion-mnist.
std::string with_dashes(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

// Keras keeps its data sets in a folder each, with dashes, or as one file.
std::string keras_folder(const DatasetEntry& entry) {
  const std::string own = environment("KERAS_HOME");
  const std::string home = environment("HOME");
  if (own.empty() && home.empty()) return "";
  const std::string all = joined(own.empty() ? joined(home, ".keras") : own, "datasets");
  return entry.npz.empty() ? joined(all, with_dashes(entry.name)) : all;
}

bool holds(const SearchPlace& place, const DatasetEntry& entry) {
  if (!npz_in(place, entry).empty()) {
    std::error_code ignored;
    return formats::reads_zip() && std::filesystem::exists(npz_in(place, entry), ignored);
  }
  return !path_in(place.folder, entry.files[0]).empty();
}

}  // namespace

std::string name(SearchPlace::Kind kind) {
  switch (kind) {
    case SearchPlace::Kind::data_dir:
      return "data_dir";
    case SearchPlace::Kind::environment:
      return "CORNU_DATASETS";
    case SearchPlace::Kind::cache:
      return "cache";
    case SearchPlace::Kind::keras:
      return "Keras";
    case SearchPlace::Kind::system:
      return "system";
  }
  return "";
}

std::string cache_folder() {
  // The XDG specification says to ignore a path that is not absolute.
  const std::string caches = environment("XDG_CACHE_HOME");
  if (caches.starts_with('/')) return joined(caches, "cornu");
  const std::string home = environment("HOME");
  return home.empty() ? "" : joined(home, ".cache/cornu");
}

std::vector<SearchPlace> search_places(const DatasetEntry& entry, const DatasetOptions& options) {
  using Kind = SearchPlace::Kind;
  std::vector<SearchPlace> places;
  if (!options.data_dir.empty()) {
    places.push_back({Kind::data_dir, joined(options.data_dir, entry.name)});
  }
  std::istringstream folders(environment("CORNU_DATASETS"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (!folder.empty()) places.push_back({Kind::environment, joined(folder, entry.name)});
  }
  if (const std::string cache = cache_folder(); !cache.empty()) {
    places.push_back({Kind::cache, joined(cache, entry.name)});
  }
  if (const std::string keras = keras_folder(entry); !keras.empty()) {
    places.push_back({Kind::keras, keras});
  }
  places.push_back({Kind::system, joined("/usr/share/datasets", with_dashes(entry.name))});
  return places;
}

std::optional<SearchPlace> search(const DatasetEntry& entry, const DatasetOptions& options) {
  for (SearchPlace& place : search_places(entry, options)) {
    if (holds(place, entry)) return std::move(place);
  }
  return std::nullopt;
}

std::string path_in(const std::string& folder, const DatasetFile& file) {
  for (const char* suffix : {"", ".gz"}) {
    std::string path = joined(folder, file.name + suffix);
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return path;
  }
  return "";
}

std::string npz_in(const SearchPlace& place, const DatasetEntry& entry) {
  const bool is_npz = place.kind == SearchPlace::Kind::keras && !entry.npz.empty();
  return is_npz ? joined(place.folder, entry.npz) : "";
}

}  // namespace cornu::inline v0::datasets
