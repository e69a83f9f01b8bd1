#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/file_internal.h"

namespace cornu::inline v0 {

namespace {

// What a user can do about an error of the system; empty if the error says it.
std::string remedy(const std::string& doing, int error) {
  switch (error) {
    case ENOSPC:
      return "free some disk space and try again";
    case EDQUOT:
      return "free some of the space that your quota allows, and try again";
    case EFBIG:
      return "files may not be larger here: `ulimit -f` shows the limit";
    case EMFILE:
    case ENFILE:
      return "too many files are open: `ulimit -n` shows the limit";
    case EROFS:
      return "name a place that can be written";
    case ENOENT:
      return doing == "create" ? "make its folder first" : "";
    default:
      return "";
  }
}

}  // namespace

void fail_on_file(const std::string& path, const std::string& doing, int error) {
  throw Error({.kind = error == ENOENT ? ErrorKind::not_found : ErrorKind::io,
               .where = path,
               .what = "cannot " + doing + ": " + std::strerror(error),
               .hint = remedy(doing, error)});
}

RegularFile::RegularFile(std::string path, uint64_t limit)
    : path_(std::move(path)), file_(retried([&] {
        // Without a writer, an ordinary open of a pipe would wait forever.
        return ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
      })) {
  if (file_.number() < 0) fail_on_file(path_, "open", errno);
  struct stat status {};
  if (::fstat(file_.number(), &status) != 0) fail_on_file(path_, "read", errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error({.kind = ErrorKind::io,
                 .where = path_,
                 .expected = "a regular file",
                 .found = S_ISDIR(status.st_mode) ? "a folder" : "a device, pipe or socket",
                 .hint = S_ISDIR(status.st_mode) ? "" : "write what it gives into a file first"});
  }
  size_ = static_cast<uint64_t>(status.st_size);
  changed_s_ = status.st_mtim.tv_sec;
  changed_ns_ = status.st_mtim.tv_nsec;
  if (size_ > limit) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = path_,
                 .expected = "at most " + std::to_string(limit) + " bytes",
                 .found = std::to_string(size_)});
  }
}

void RegularFile::read(uint64_t offset, std::span<std::byte> to) const {
  while (!to.empty()) {
    const ssize_t n = retried(
        [&] { return ::pread(file_.number(), to.data(), to.size(), static_cast<off_t>(offset)); });
    if (n < 0) fail_on_file(path_, "read", errno);
    if (n == 0) {
      throw Error({.kind = ErrorKind::io,
                   .where = path_,
                   .what = "became shorter while it was read",
                   .expected = std::to_string(size_) + " bytes",
                   .found = std::to_string(offset)});
    }
    offset += static_cast<size_t>(n);
    to = to.subspan(static_cast<size_t>(n));
  }
}

bool RegularFile::is_in_memory(uint64_t offset) const {
  std::byte one{};
  const iovec to{.iov_base = &one, .iov_len = 1};
  const auto at = static_cast<off_t>(offset);
  const auto n = retried([&] { return ::preadv2(file_.number(), &to, 1, at, RWF_NOWAIT); });
  return n >= 0 || errno != EAGAIN;
}

void RegularFile::require_no_more() const {
  std::byte more{};
  const auto end = static_cast<off_t>(size_);
  if (retried([&] { return ::pread(file_.number(), &more, 1, end); }) <= 0) return;
  throw Error({.kind = ErrorKind::io,
               .where = path_,
               .what = "became longer while it was read",
               .expected = std::to_string(size_) + " bytes"});
}

void RegularFile::require_unchanged() const {
  require_no_more();
  struct stat status {};
  if (::fstat(file_.number(), &status) != 0) fail_on_file(path_, "read", errno);
  if (static_cast<uint64_t>(status.st_size) == size_ && status.st_mtim.tv_sec == changed_s_ &&
      status.st_mtim.tv_nsec == changed_ns_) {
    return;
  }
  throw Error({.kind = ErrorKind::io,
               .where = path_,
               .what = "was written to while it was read",
               .hint = "try again when the other program has finished"});
}

}  // namespace cornu::inline v0
