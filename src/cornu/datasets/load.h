#pragma once

#include <optional>
#include <string>

#include "cornu/core/export.h"
#include "cornu/datasets/catalogue.h"
#include "cornu/datasets/options.h"
#include "cornu/datasets/search.h"

namespace cornu::inline v0::datasets {

/// A data set by its name in the catalogue: searched for, downloaded if it is found nowhere, and
/// verified by SHA-256. Where the variable CORNU_OFFLINE is set, not empty and not 0, nothing is
/// downloaded. Images stay uint8 (n, height, width), labels uint8 (n,). Error for an
/// unknown name, a missing, cut or changed file, or a download that fails.
CORNU_API DatasetParts load(const std::string& name, const DatasetOptions& options = {});
CORNU_API DatasetParts load(const DatasetEntry& entry, const DatasetOptions& options = {});

/// The place of a set, found without reading it.
struct CORNU_API DatasetLocation {
  bool embedded = false;
  /// The place that holds it; none when it is embedded or was not found.
  std::optional<SearchPlace> place;
  /// The folder for a download; empty when no cache is known.
  std::string cache;
  /// Paths of the existing files, in the catalogue's order, and their bytes on disk (of an embedded
  /// set: its bytes in the library).
  std::vector<std::string> files;
  uint64_t nbytes = 0;

  bool found() const { return embedded || place.has_value(); }
  /// "embedded", its folder, or "".
  std::string origin() const;
};

CORNU_API DatasetLocation find(const std::string& name, const DatasetOptions& options = {});
CORNU_API DatasetLocation find(const DatasetEntry& entry, const DatasetOptions& options = {});

/// Reads every file of a set in the place that `find` found and checks size and SHA-256. Error
/// naming the first that is missing or wrong, and when the set was not found.
CORNU_API void verify(const std::string& name, const DatasetOptions& options = {});
CORNU_API void verify(const DatasetEntry& entry, const DatasetOptions& options = {});

/// Downloads the files of a set that are missing or wrong in the cache, even if the set is found
/// elsewhere. Returns the folder ("embedded" for a set that is part of the library). Error if one
/// is missing or wrong and nothing may be downloaded.
CORNU_API std::string fetch(const std::string& name, const DatasetOptions& options = {});
CORNU_API std::string fetch(const DatasetEntry& entry, const DatasetOptions& options = {});

}  // namespace cornu::inline v0::datasets
