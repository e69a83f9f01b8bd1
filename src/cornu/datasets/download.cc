#include "cornu/datasets/download.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/datasets/download_bar.h"
#include "cornu/datasets/part_file.h"
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
         entry.name +
         "/ by --data-dir or CORNU_DATASETS; digits is part of Cornu and needs no network";
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

// What a network sends that wants its user to sign in first. No file of a data set begins so.
bool is_web_page(const std::vector<std::byte>& bytes) {
  const auto is_space = [](std::byte each) {
    return each == std::byte{' '} || (each >= std::byte{'\t'} && each <= std::byte{'\r'});
  };
  const auto first = std::ranges::find_if_not(bytes, is_space);
  return first != bytes.end() && *first == std::byte{'<'};
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
    const std::string path = (std::filesystem::path(folder_) / file.name).string();
    const uint64_t most = plan_.published ? file.gz_size : most_gz_bytes(file);
    PartFile part(path + ".gz.part", most, [&] {
      if (plan_.waiting) plan_.waiting(file.name + ".gz");
    });
    if (part.was_taken() && is_right(path_in(folder_, file), file)) return;
    const bool is_whole =
        !part.bytes().empty() && fault(part.bytes(), file, plan_.published).empty();
    if (!is_whole) fill_from_any_mirror(part, file, most);
    replace_file(path + ".gz", part.bytes());
    // A damaged file that is not gzipped would be read before the good one.
    system_files().remove(path);
    part.clear();
  }

 private:
  void fill_from_any_mirror(PartFile& part, const DatasetFile& file, uint64_t most) {
    std::string reasons;
    for (size_t i = 0; i < mirrors_.size(); ++i) {
      const std::string address =
          mirrors_[i] + (mirrors_[i].ends_with('/') ? "" : "/") + file.name + ".gz";
      const std::string reason = fill(part, file, address, most);
      if (reason.empty()) {
        if (plan_.progress) {
          plan_.progress(file.name + ".gz", part.bytes().size(), part.bytes().size());
        }
        // The mirror that worked is tried first for the next file.
        std::rotate(mirrors_.begin(), mirrors_.begin() + static_cast<std::ptrdiff_t>(i),
                    mirrors_.end());
        return;
      }
      reasons += (i == 0 ? "" : "; ") + without_password(mirrors_[i]) + ": " + reason;
    }
    throw Error({.kind = ErrorKind::io,
                 .where = entry_.name,
                 .what = "cannot download " + file.name + ".gz (" + reasons + ")",
                 .hint = by_hand(entry_, folder_)});
  }

  // Why this address does not give the file; empty when `part` has it.
  std::string fill(PartFile& part, const DatasetFile& file, const std::string& address,
                   uint64_t most) {
    const auto progress = [&](uint64_t bytes) {
      if (plan_.progress) plan_.progress(file.name + ".gz", bytes, file.gz_size);
    };
    for (int retries = plan_.retries;; --retries) {
      const Transferred got = plan_.transfer
                                  ? plan_.transfer(address, most, plan_.limits, part, progress)
                                  : libcurl_->get(address, most, part, progress);
      const bool is_whole = got.end == TransferEnd::whole;
      std::string reason = is_whole ? fault(part.bytes(), file, plan_.published) : got.reason;
      if (is_whole && reason.empty()) return "";
      if (is_whole || got.end == TransferEnd::wrong) {
        if (is_web_page(part.bytes())) {
          reason = "a web page in place of the file" + first_words(part.bytes()) +
                   "; some networks ask to sign in so";
        }
        part.clear();
        reason += "; it was not kept";
        // Bytes of two versions of the file: now all of them are asked for.
        if (!got.is_resumed || retries == 0) return reason;
      } else {
        const bool is_begun = got.end != TransferEnd::refused && part.is_begun(address);
        if (is_begun) reason += ", which are kept for the next try";
        if (got.end != TransferEnd::cut || retries == 0) return reason;
        std::this_thread::sleep_for(std::chrono::duration<double>(plan_.retry_seconds));
      }
    }
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
  if (options.progress != nullptr) {
    plan.progress = DownloadBar(*options.progress, options.live);
    plan.waiting = [out = options.progress](const std::string& file) {
      *out << "waiting for another process that downloads " << file << std::endl;
    };
  }
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
