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
  enum class Kind { data_dir, environment, cache, keras, system };
  Kind kind = Kind::data_dir;
  /// The set's own folder: "/home/ada/.cache/cornu/mnist"; of Keras the one that has the npz file.
  std::string folder;
};

/// "data_dir", "CORNU_DATASETS", "cache", "Keras", "system".
CORNU_API std::string name(SearchPlace::Kind kind);

/// Cornu's cache: $XDG_CACHE_HOME/cornu, or ~/.cache/cornu; empty when neither is known.
CORNU_API std::string cache_folder();

/// The places in which a set is searched for, in order: data_dir, each entry of CORNU_DATASETS
/// (colons between), the cache, Keras's cache ($KERAS_HOME/datasets or ~/.keras/datasets),
/// /usr/share/datasets.
CORNU_API std::vector<SearchPlace> search_places(const DatasetEntry& entry,
                                                 const DatasetOptions& options);

/// The first place that holds the set's first file, or of Keras the npz file.
CORNU_API std::optional<SearchPlace> search(const DatasetEntry& entry,
                                            const DatasetOptions& options);

/// The path of a set's file in `folder`, plain or gzipped; empty when there is none.
CORNU_API std::string path_in(const std::string& folder, const DatasetFile& file);

/// The path of the npz file with the whole set; empty when `place` holds single files.
CORNU_API std::string npz_in(const SearchPlace& place, const DatasetEntry& entry);

}  // namespace cornu::inline v0::datasets
