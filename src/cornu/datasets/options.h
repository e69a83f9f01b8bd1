#pragma once

#include <iosfwd>
#include <string>

#include "cornu/datasets/transfer.h"

namespace cornu::inline v0::datasets {

/// Options of the search for a data set and its download.
struct DatasetOptions {
  /// A folder that is searched first, with one folder per data set in it. Empty: none.
  std::string data_dir = {};
  /// Whether a data set that is not found is downloaded into the cache.
  bool download = true;
  /// Seconds that a download may spend on connecting, for all mirrors and files together.
  double connect_seconds = 10;
  /// The stream for a download's progress; null: nothing is printed.
  std::ostream* progress = nullptr;
  /// Whether `progress` is a terminal, on which the progress line is redrawn in place.
  bool live = false;
  /// What reads files over HTTPS; none: libcurl.
  TransferFunction transfer = {};

  static void visit_fields(auto& self, auto& v) {
    v("data_dir", self.data_dir);
    v("download", self.download);
    v("connect_seconds", self.connect_seconds);
  }
};

}  // namespace cornu::inline v0::datasets
