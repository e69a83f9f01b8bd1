#pragma once

#include <iosfwd>
#include <string>

namespace cornu::inline v0::datasets {

/// Where a data set is looked for, and whether it may be downloaded.
struct DatasetOptions {
  /// Searched before every other place; it holds one folder a set. Empty: none.
  std::string data_dir = {};
  /// Whether a set that is found nowhere is downloaded into the cache.
  bool download = true;
  /// Seconds spent on connecting, over all mirrors and files, before a download gives up.
  double connect_seconds = 10;
  /// Where a download says how far it is; null: nothing is printed.
  std::ostream* progress = nullptr;
  /// Whether `progress` is a terminal, on which a line may be drawn over again.
  bool live = false;

  static void visit_fields(auto& self, auto& v) {
    v("data_dir", self.data_dir);
    v("download", self.download);
    v("connect_seconds", self.connect_seconds);
  }
};

}  // namespace cornu::inline v0::datasets
