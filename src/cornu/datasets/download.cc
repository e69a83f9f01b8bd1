#include "cornu/datasets/download.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/datasets/download_bar.h"
#include "cornu/datasets/payload.h"
#include "cornu/datasets/search.h"
#include "cornu/formats/gzip.h"
#include "cornu/formats/sha256.h"

namespace cornu::inline v0::datasets {
namespace {

std::string by_hand(const DatasetEntry& entry, const std::string& folder) {
  std::string names;
  for (const DatasetFile& file : entry.files) {
    names += (names.empty() ? "" : ", ") + file.name + ".gz";
  }
  return "put " + names + " into " + folder + " by hand, or name a folder that holds " +
         entry.name + "/ by --data-dir or CORNU_DATASETS";
}

// An address may contain a password, which must not appear in a message.
std::string without_password(const std::string& address) {
  const size_t begin = address.find("://");
  if (begin == std::string::npos) return address;
  const size_t host = begin + 3;
  const size_t at = address.substr(0, address.find('/', host)).rfind('@');
  return at == std::string::npos ? address : address.substr(0, host) + address.substr(at + 1);
}

bool is_right(const std::string& path, const DatasetFile& file) {
  try {
    read_payload(path, file, "");
    return true;
  } catch (const Error&) {
    return false;
  }
}

// Why these bytes are not the file; empty when they are.
std::string fault(const std::vector<std::byte>& bytes, const DatasetFile& file, bool published) {
  const std::string where = "it";
  try {
    if (published && formats::is_gzip(bytes)) {
      if (bytes.size() != file.gz_size) {
        return fmt::format("wrong size; expected {} bytes, got {}", file.gz_size, bytes.size());
      }
      const std::string found = formats::sha256(bytes);
      if (found != file.gz_sha256) {
        return fmt::format("wrong checksum; expected SHA-256 {}, got {}", file.gz_sha256, found);
      }
    }
    verified_payload(bytes, file, where, "");
    return "";
  } catch (const Error& error) {
    const std::string text = error.what();
    return text.substr(where.size() + 2, text.size() - where.size() - 3);
  }
}

void make_folder(const DatasetEntry& entry, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string reason =
      error ? error.message() : (::access(folder.c_str(), W_OK) == 0 ? "" : std::strerror(errno));
  if (reason.empty()) return;
  throw Error({.kind = ErrorKind::io,
               .where = entry.name,
               .what = "cannot write into " + folder + ": " + reason,
               .hint = "set XDG_CACHE_HOME to a folder that can be written"});
}

class Download {
 public:
  Download(const DatasetEntry& entry, const std::string& folder, const DownloadPlan& plan)
      : entry_(entry), folder_(folder), plan_(plan), mirrors_(plan.mirrors) {
    if (!plan.transfer) libcurl_.emplace(plan.limits);
  }

  void put(const DatasetFile& file) {
    const std::vector<std::byte> bytes = from_any_mirror(file);
    const std::string path = (std::filesystem::path(folder_) / file.name).string();
    replace_file(path + ".gz", bytes);
    // A damaged file that is not gzipped would be read before the good one.
    system_files().remove(path);
  }

 private:
  std::vector<std::byte> from_any_mirror(const DatasetFile& file) {
    const uint64_t most = plan_.published ? file.gz_size : most_gz_bytes(file);
    std::string reasons;
    for (size_t i = 0; i < mirrors_.size(); ++i) {
      const std::string address =
          mirrors_[i] + (mirrors_[i].ends_with('/') ? "" : "/") + file.name + ".gz";
      Transferred got = read(address, most, [&](uint64_t bytes) {
        if (plan_.progress) plan_.progress(file.name + ".gz", bytes, file.gz_size);
      });
      if (got.reason.empty()) got.reason = fault(got.bytes, file, plan_.published);
      if (got.reason.empty()) {
        if (plan_.progress) plan_.progress(file.name + ".gz", got.bytes.size(), got.bytes.size());
        // The mirror that worked is tried first for the next file.
        std::rotate(mirrors_.begin(), mirrors_.begin() + static_cast<std::ptrdiff_t>(i),
                    mirrors_.end());
        return std::move(got.bytes);
      }
      reasons += (i == 0 ? "" : "; ") + without_password(mirrors_[i]) + ": " + got.reason;
    }
    throw Error({.kind = ErrorKind::io,
                 .where = entry_.name,
                 .what = "cannot download " + file.name + ".gz (" + reasons + ")",
                 .hint = by_hand(entry_, folder_)});
  }

  Transferred read(const std::string& address, uint64_t most,
                   const std::function<void(uint64_t)>& progress) {
    return plan_.transfer ? plan_.transfer(address, most, plan_.limits, progress)
                          : libcurl_->get(address, most, progress);
  }

  const DatasetEntry& entry_;
  const std::string& folder_;
  const DownloadPlan& plan_;
  std::vector<std::string> mirrors_;
  std::optional<Transfer> libcurl_;
};

}  // namespace

DownloadPlan download_plan(const DatasetEntry& entry, const DatasetOptions& options) {
  DownloadPlan plan{.mirrors = entry.mirrors};
  const char* own = std::getenv("CORNU_MIRROR");
  if (own != nullptr && *own != '\0') {
    std::string url = own;
    while (url.ends_with('/')) url.pop_back();
    plan.mirrors = {url + "/" + entry.name + "/", url + "/"};
    plan.published = false;
    plan.limits.plain_http = true;
  }
  plan.limits.connect_seconds = options.connect_seconds;
  plan.transfer = options.transfer;
  if (options.progress != nullptr) plan.progress = DownloadBar(*options.progress, options.live);
  return plan;
}

void download(const DatasetEntry& entry, const std::string& folder, const DownloadPlan& plan) {
  if (const std::string missing = plan.transfer ? "" : Transfer::missing(); !missing.empty()) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = entry.name,
                 .what = "nothing can be downloaded: " + missing,
                 .hint = by_hand(entry, folder)});
  }
  make_folder(entry, folder);
  Download downloading(entry, folder, plan);
  // `find` looks for the first file, so it is downloaded last: an interrupted download leaves no
  // folder behind that looks complete.
  for (auto file = entry.files.rbegin(); file != entry.files.rend(); ++file) {
    const std::string path = path_in(folder, *file);
    if (path.empty() || !is_right(path, *file)) downloading.put(*file);
  }
}

}  // namespace cornu::inline v0::datasets
