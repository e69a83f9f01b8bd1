#include "cornu/core/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

[[noreturn]] void fail(const std::string& folder, int error) {
  throw Error({.kind = error == ENOENT ? ErrorKind::not_found : ErrorKind::io,
               .where = folder,
               .what = std::string("cannot write in the folder: ") + std::strerror(error)});
}

// The number that the owner has written; empty before it has.
std::string owner(int file) {
  std::array<char, 24> text = {};
  const ssize_t size = ::pread(file, text.data(), text.size() - 1, 0);
  std::string digits;
  for (ssize_t i = 0; i < size && text[i] >= '0' && text[i] <= '9'; ++i) digits += text[i];
  return digits;
}

}  // namespace

FolderLock::FolderLock(const std::string& folder) {
  const std::string path = folder + "/" + kFile;
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (file_ < 0) fail(folder, errno);
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string number = owner(file_);
    ::close(file_);
    if (error != EWOULDBLOCK) fail(folder, error);
    throw Error({.kind = ErrorKind::io,
                 .where = folder,
                 .what = "is being written by process " + (number.empty() ? "(unknown)" : number),
                 .hint = number == std::to_string(::getpid())
                             ? "that is this one: two fits need two folders"
                             : "wait for it, or name another folder"});
  }
  const std::string number = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file_, 0) != 0 ||
      ::pwrite(file_, number.data(), number.size(), 0) != static_cast<ssize_t>(number.size())) {
    const int error = errno;
    ::close(file_);
    fail(folder, error);
  }
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace cornu::inline v0
