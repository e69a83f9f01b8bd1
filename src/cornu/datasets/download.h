#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/datasets/catalogue.h"
#include "cornu/datasets/options.h"
#include "cornu/datasets/transfer.h"

namespace cornu::inline v0::datasets {

/// Called with a file's name, the number of its bytes received so far, and its size.
using DownloadProgress =
    std::function<void(const std::string& file, uint64_t bytes, uint64_t total)>;

struct DownloadPlan {
  /// Addresses to which a file's name and ".gz" are added, tried in order.
  std::vector<std::string> mirrors = {};
  /// Whether the mirrors serve exactly the files of the catalogue, so that their gzipped bytes are
  /// known too. A user's mirror may have compressed them differently.
  bool published = true;
  TransferLimits limits = {};
  /// How often a file is tried again that was cut off, and the pause before.
  int retries = 3;
  double retry_seconds = 1;
  TransferFunction transfer = {};  ///< none: libcurl
  DownloadProgress progress = {};
  /// Called with a file's name when another process is downloading it, for which it waits.
  std::function<void(const std::string& file)> waiting = {};
};

/// The entry's mirrors; or, when CORNU_MIRROR is set, URL/NAME/ and URL/ of it alone, which may be
/// plain http.
CORNU_API DownloadPlan download_plan(const DatasetEntry& entry, const DatasetOptions& options);

/// Downloads every missing or wrong file of the set into `folder`; each is verified before it is
/// put in place. What arrives of it is kept beside that place in a PartFile, from which the next
/// try goes on, in this call or a later one. Error naming each mirror with its reason and `folder`,
/// where the files can be put by hand.
CORNU_API void download(const DatasetEntry& entry, const std::string& folder,
                        const DownloadPlan& plan);

}  // namespace cornu::inline v0::datasets
