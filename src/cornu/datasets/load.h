#pragma once

#include <optional>
#include <string>

#include "cornu/core/export.h"
#include "cornu/datasets/catalogue.h"
#include "cornu/datasets/options.h"
#include "cornu/datasets/search.h"

namespace cornu::inline v0::datasets {

/// A data set by its name in the catalogue: looked for, downloaded where it is nowhere, and
/// verified by SHA-256. Images stay uint8 (n, height, width), labels uint8 (n,). Error for an
/// unknown name, a missing, cut or changed file, or a download that fails.
CORNU_API DatasetParts load(const std::string& name, const DatasetOptions& options = {});
CORNU_API DatasetParts load(const DatasetEntry& entry, const DatasetOptions& options = {});

/// Where a set is, found without reading it.
struct CORNU_API DatasetLocation {
  bool embedded = false;
  /// The place that holds it; none when it is embedded or nowhere.
  std::optional<SearchPlace> place;
  /// Where a download would put it; empty when no cache is known.
  std::string cache;
  /// Paths of the files that are there, in the catalogue's order, and their bytes on disk
  /// (of an embedded set: the bytes it takes in the library).
  std::vector<std::string> files;
  uint64_t nbytes = 0;

  bool found() const { return embedded || place.has_value(); }
  /// "embedded", its folder, or "".
  std::string origin() const;
};

CORNU_API DatasetLocation find(const std::string& name, const DatasetOptions& options = {});
CORNU_API DatasetLocation find(const DatasetEntry& entry, const DatasetOptions& options = {});

/// Reads every file of a set where `find` found it and checks size and SHA-256. Error naming the
/// first that is missing or wrong, and when the set is nowhere.
CORNU_API void verify(const std::string& name, const DatasetOptions& options = {});
CORNU_API void verify(const DatasetEntry& entry, const DatasetOptions& options = {});

/// Downloads a set into the cache, as far as it is not there and right already, wherever else it
/// may be. Returns the folder ("embedded" for a set that is part of the library).
CORNU_API std::string fetch(const std::string& name, const DatasetOptions& options = {});
CORNU_API std::string fetch(const DatasetEntry& entry, const DatasetOptions& options = {});

}  // namespace cornu::inline v0::datasets
