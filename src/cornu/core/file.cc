#include "cornu/core/file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& doing, int error) {
  throw Error({.kind = error == ENOENT ? ErrorKind::not_found : ErrorKind::io,
               .where = path,
               .what = "cannot " + doing + ": " + std::strerror(error),
               .hint = error == ENOSPC ? "free some disk space and try again" : ""});
}

// A signal may interrupt any call before it has done anything.
template <class Call>
auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

struct Closed {
  int file;
  ~Closed() { ::close(file); }
};

class SystemFiles final : public FileSystem {
 public:
  void read(const std::string& path, uint64_t limit, const Room& room) override {
    const int file =
        retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); });
    if (file < 0) fail(path, "open", errno);
    const Closed closed{file};
    struct stat status {};
    if (::fstat(file, &status) != 0) fail(path, "read", errno);
    if (!S_ISREG(status.st_mode)) {
      throw Error({.kind = ErrorKind::io,
                   .where = path,
                   .expected = "a regular file",
                   .found = S_ISDIR(status.st_mode) ? "a folder" : "a device, pipe or socket"});
    }
    const auto size = static_cast<uint64_t>(status.st_size);
    if (size > limit) {
      throw Error({.kind = ErrorKind::corrupt,
                   .where = path,
                   .expected = "at most " + std::to_string(limit) + " bytes",
                   .found = std::to_string(size)});
    }
    const std::span<std::byte> bytes = room(size);
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n =
          retried([&] { return ::read(file, bytes.data() + done, bytes.size() - done); });
      if (n < 0) fail(path, "read", errno);
      if (n == 0) {
        throw Error({.kind = ErrorKind::io,
                     .where = path,
                     .what = "became shorter while it was read",
                     .expected = std::to_string(size) + " bytes",
                     .found = std::to_string(done)});
      }
      done += static_cast<size_t>(n);
    }
    std::byte more{};
    if (retried([&] { return ::read(file, &more, 1); }) > 0) {
      throw Error({.kind = ErrorKind::io,
                   .where = path,
                   .what = "became longer while it was read",
                   .expected = std::to_string(size) + " bytes"});
    }
  }

  int create(const std::string& path, uint32_t mode) override {
    const int file = retried([&] {
      return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    });
    if (file >= 0) return file;
    if (errno != EACCES && errno != EROFS) fail(path, "create", errno);
    throw Error({.kind = ErrorKind::io,
                 .where = path,
                 .what = std::string("cannot create: ") + std::strerror(errno),
                 .hint = "files are replaced by new ones, which their folder has to allow"});
  }

  void write(int file, std::span<const std::byte> bytes, const std::string& path) override {
    while (!bytes.empty()) {
      const ssize_t n = retried([&] { return ::write(file, bytes.data(), bytes.size()); });
      if (n <= 0) fail(path, "write", n < 0 ? errno : EIO);
      bytes = bytes.subspan(static_cast<size_t>(n));
    }
  }

  void sync(int file, const std::string& path) override {
    if (::fsync(file) != 0) fail(path, "sync", errno);
  }

  void close(int file, const std::string& path) override {
    if (::close(file) != 0 && errno != EINTR) fail(path, "close", errno);
  }

  void rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) fail(to, "replace", errno);
  }

  void sync_folder(const std::string& path) override {
    const int folder =
        retried([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (folder < 0) fail(path, "open", errno);
    const Closed closed{folder};
    // Some file systems cannot sync a folder and say EINVAL; there is nothing more to do there.
    if (::fsync(folder) != 0 && errno != EINVAL) fail(path, "sync", errno);
  }

  void remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail(path, "remove", errno);
  }
};

// Links in /proc lead to the open files of a process; their text need not be a path.
bool is_open_file(const std::filesystem::path& link) {
  struct statfs system {};
  const std::string folder = link.parent_path().string();
  return ::statfs(folder.c_str(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

/// While it lives, writing to a pipe without a reader is an error and does not end the process.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    const timespec at_once{};
    if (!was_pending_) ::sigtimedwait(&pipe_, nullptr, &at_once);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;

 private:
  sigset_t pipe_, before_;
  bool was_pending_;
};

// Processes in two containers may have the same number, and a killed one leaves its temporary file
// behind: so the count begins at a random number.
std::string temporary_beside(const std::string& path) {
  static std::atomic<uint64_t> count{[] {
    uint64_t start = 0;
    return ::getrandom(&start, sizeof start, GRND_NONBLOCK) < 0 ? 0 : start;
  }()};
  return path + ".tmp." + std::to_string(::getpid()) + "." + std::to_string(count++);
}

}  // namespace

FileTarget FileSystem::target_of(const std::string& path) {
  constexpr int kMostLinks = 40;
  FileTarget target;
  std::filesystem::path at = path;
  struct stat status {};
  for (int links = 0; ::lstat(at.c_str(), &status) == 0 && S_ISLNK(status.st_mode); ++links) {
    if (links == kMostLinks) fail(path, "replace", ELOOP);
    if (is_open_file(at)) {
      target.path = at.string();
      target.is_stream = true;
      return target;
    }
    std::error_code error;
    const auto to = std::filesystem::read_symlink(at, error);
    if (error) fail(path, "replace", error.value());
    at = at.parent_path() / to;
  }
  target.path = at.string();
  if (::stat(target.path.c_str(), &status) != 0) return target;
  target.is_stream = !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  if (!S_ISREG(status.st_mode)) return target;
  if (::faccessat(AT_FDCWD, target.path.c_str(), W_OK, AT_EACCESS) != 0) fail(path, "write", errno);
  target.exists = true;
  target.mode = status.st_mode & 0777;
  target.owner = status.st_uid;
  target.group = status.st_gid;
  return target;
}

void FileSystem::keep_access(int file, const FileTarget& replaced, const std::string& path) {
  struct stat made {};
  if (::fstat(file, &made) != 0) fail(path, "create", errno);
  // Only root may change the owner; others at least keep the group, if they belong to it.
  if ((made.st_uid != replaced.owner || made.st_gid != replaced.group) &&
      ::fchown(file, replaced.owner, replaced.group) != 0 && errno == EPERM &&
      ::fchown(file, static_cast<uid_t>(-1), replaced.group) != 0 && errno != EPERM) {
    fail(path, "create", errno);
  }
  if ((made.st_mode & 0777) == replaced.mode) return;
  // Some file systems have no permissions.
  if (::fchmod(file, replaced.mode) != 0 && errno != EPERM) fail(path, "create", errno);
}

int FileSystem::open_stream(const std::string& path) {
  // A file that this process has open is written at its current position, even if it could not be
  // opened again.
  std::error_code error;
  const std::filesystem::path link = path;
  const auto folder = std::filesystem::canonical(link.parent_path(), error);
  const std::string name = link.filename().string();
  int number = -1;
  if (!error && folder == "/proc/" + std::to_string(::getpid()) + "/fd") {
    std::from_chars(name.data(), name.data() + name.size(), number);
  }
  const int file = retried([&] {
    return number >= 0 ? ::fcntl(number, F_DUPFD_CLOEXEC, 0)
                       : ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  });
  if (file < 0) fail(path, "open", errno);
  return file;
}

FileSystem& system_files() {
  static SystemFiles files;
  return files;
}

std::vector<std::byte> read_file(const std::string& path, uint64_t limit) {
  std::vector<std::byte> bytes;
  system_files().read(path, limit, [&](size_t size) {
    bytes.resize(size);
    return std::span(bytes);
  });
  return bytes;
}

Block read_block(const std::string& path, uint64_t limit, size_t lead) {
  Block block;
  system_files().read(path, limit, [&](size_t size) {
    block = Block(size, lead);
    block.prefer_huge_pages();
    return block.span();
  });
  return block;
}

namespace {

void write_stream(const std::string& path, std::span<const std::byte> bytes, FileSystem& files) {
  const NoPipeSignal quiet;
  const int file = files.open_stream(path);
  try {
    files.write(file, bytes, path);
  } catch (const Error&) {
    ::close(file);
    throw;
  }
  files.close(file, path);
}

void write_and_rename(const std::string& temporary, const FileTarget& target,
                      std::span<const std::byte> bytes, FileSystem& files) {
  // So that a private file is private from the start.
  int file = files.create(temporary, target.mode);
  try {
    if (target.exists) files.keep_access(file, target, temporary);
    files.write(file, bytes, temporary);
    files.sync(file, temporary);
    const int closing = file;
    file = -1;
    files.close(closing, temporary);
    files.rename(temporary, target.path);
  } catch (...) {
    try {
      if (file >= 0) files.close(file, temporary);
    } catch (const Error&) {  // the first error is the one to report
    }
    try {
      files.remove(temporary);
    } catch (const Error&) {
    }
    throw;
  }
}

}  // namespace

void replace_file(const std::string& path, std::span<const std::byte> bytes, FileSystem& files) {
  const FileTarget target = files.target_of(path);
  if (target.is_stream) return write_stream(target.path, bytes, files);
  const std::string temporary = temporary_beside(target.path);
  try {
    write_and_rename(temporary, target, bytes, files);
  } catch (const Error& error) {
    // The user does not know the temporary name.
    ErrorParts parts = error.parts();
    if (parts.where == temporary) parts.where = path;
    throw Error(parts);
  }
  const std::string folder = std::filesystem::path(target.path).parent_path().string();
  files.sync_folder(folder.empty() ? "." : folder);
}

void replace_file(const std::string& path, const std::string& text, FileSystem& files) {
  replace_file(path, std::as_bytes(std::span(text)), files);
}

}  // namespace cornu::inline v0
