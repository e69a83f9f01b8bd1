#include "cornu/datasets/download_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace cornu::inline v0::datasets {
namespace {

constexpr uint64_t kWidth = 25;

std::string readable(uint64_t bytes) {
  const auto count = static_cast<double>(bytes);
  return bytes < 1000000 ? fmt::format("{:.1f} kB", count / 1e3)
                         : fmt::format("{:.1f} MB", count / 1e6);
}

}  // namespace

DownloadBar::~DownloadBar() {
  if (line_is_open_) *out_ << std::endl;
}

void DownloadBar::operator()(const std::string& file, uint64_t bytes, uint64_t total) {
  const uint64_t percent = total == 0 ? 100 : std::min<uint64_t>(100, bytes * 100 / total);
  const bool again = file == file_;
  if (again && percent == percent_) return;
  if (live_) {
    if (line_is_open_ && !again) *out_ << '\n';
    const auto filled = static_cast<size_t>(percent * kWidth / 100);
    *out_ << fmt::format("\r{} [{:<{}}] {:>3} % of {}", file, std::string(filled, '='), kWidth,
                         percent, readable(total));
    line_is_open_ = percent < 100;
    if (!line_is_open_) *out_ << '\n';
    out_->flush();
  } else if (!again) {
    *out_ << fmt::format("downloading {} ({})\n", file, readable(total)) << std::flush;
  }
  file_ = file;
  percent_ = percent;
}

}  // namespace cornu::inline v0::datasets
