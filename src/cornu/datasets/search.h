#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/datasets/catalogue.h"
#include "cornu/datasets/options.h"

namespace cornu::inline v0::datasets {

/// A folder that may hold a set, and the reason for searching it.
struct SearchPlace {
  enum class Kind { data_dir, environment, cache, system };
  Kind kind = Kind::data_dir;
  /// The set's own folder: "/home/ada/.cache/cornu/mnist".
  std::string folder;
};

/// "data_dir", "CORNU_DATASETS", "cache", "system".
CORNU_API std::string name(SearchPlace::Kind kind);

/// Cornu's cache: $XDG_CACHE_HOME/cornu, or ~/.cache/cornu; empty when neither is known.
CORNU_API std::string cache_folder();

/// The places in which a set is searched for, in order: data_dir, each entry of CORNU_DATASETS
/// (colons between), the cache, /usr/share/datasets.
CORNU_API std::vector<SearchPlace> search_places(const DatasetEntry& entry,
                                                 const DatasetOptions& options);

/// The first place that holds the set's first file.
CORNU_API std::optional<SearchPlace> search(const DatasetEntry& entry,
                                            const DatasetOptions& options);

/// The path of a set's file in `folder`, plain or gzipped; empty when there is none.
CORNU_API std::string path_in(const std::string& folder, const DatasetFile& file);

}  // namespace cornu::inline v0::datasets
