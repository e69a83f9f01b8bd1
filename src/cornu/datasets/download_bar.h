#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "cornu/core/export.h"

namespace cornu::inline v0::datasets {

/// Shows a download: on a terminal a bar that is redrawn in place, elsewhere a line for each file.
class CORNU_API DownloadBar {
 public:
  DownloadBar(std::ostream& out, bool live) : out_(&out), live_(live) {}
  /// Ends an unfinished line, so that the next output begins on a new one.
  ~DownloadBar();
  DownloadBar(const DownloadBar&) = default;
  DownloadBar& operator=(const DownloadBar&) = default;

  void operator()(const std::string& file, uint64_t bytes, uint64_t total);

 private:
  std::ostream* out_;
  bool live_;
  /// The file and the percentage that were drawn last.
  std::string file_ = {};
  uint64_t percent_ = 0;
  bool line_is_open_ = false;
};

}  // namespace cornu::inline v0::datasets
