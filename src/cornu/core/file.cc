#include "cornu/core/file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <new>
#include <system_error>
#include <thread>

#include "cornu/core/error.h"
#include "cornu/core/file_internal.h"

namespace cornu::inline v0 {
namespace {

// Here, if the system gives no thread.
void close_elsewhere(Descriptor& file) {
  try {
    std::thread([number = file.number()] { ::close(number); }).detach();
    file.release();
  } catch (const std::system_error&) {
  } catch (const std::bad_alloc&) {
  }
}

class SystemFiles final : public FileSystem {
 public:
  void read(const std::string& path, uint64_t limit, const Room& room) override {
    const RegularFile file(path, limit);
    file.read(0, room(static_cast<size_t>(file.size())));
    file.require_no_more();
  }

  int create(const std::string& path, uint32_t mode) override {
    // Before it is locked, another process may remove it as an abandoned one.
    for (;;) {
      const int file = retried([&] {
        return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, mode);
      });
      if (file < 0) break;
      if (lock_temporary(file)) return file;
      ::close(file);
    }
    if (errno != EACCES && errno != EROFS) fail_on_file(path, "create", errno);
    throw Error({.kind = ErrorKind::io,
                 .where = path,
                 .what = std::string("cannot create: ") + std::strerror(errno),
                 .hint = "files are replaced by new ones, which their folder has to allow"});
  }

  void write(int file, std::span<const std::byte> bytes, const std::string& path) override {
    while (!bytes.empty()) {
      const ssize_t n = retried([&] { return ::write(file, bytes.data(), bytes.size()); });
      if (n <= 0) fail_on_file(path, "write", n < 0 ? errno : EIO);
      bytes = bytes.subspan(static_cast<size_t>(n));
    }
  }

  void sync(int file, const std::string& path) override {
    if (::fsync(file) != 0) fail_on_file(path, "sync", errno);
  }

  void close(int file, const std::string& path) override {
    if (::close(file) != 0 && errno != EINTR) fail_on_file(path, "close", errno);
  }

  // A large file that is replaced stays open until another thread closes it: where it is closed
  // last, the system frees its blocks and pages, which takes as long as writing them.
  void rename(const std::string& from, const std::string& to) override {
    constexpr off_t kLarge = off_t{16} << 20;
    struct stat status {};
    const bool is_large = ::lstat(to.c_str(), &status) == 0 && status.st_size >= kLarge;
    Descriptor replaced(is_large ? ::open(to.c_str(), O_PATH | O_CLOEXEC | O_NOFOLLOW) : -1);
    if (::rename(from.c_str(), to.c_str()) != 0) fail_on_file(to, "replace", errno);
    if (replaced.number() >= 0) close_elsewhere(replaced);
  }

  void sync_folder(const std::string& path) override {
    const Descriptor folder(
        retried([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (folder.number() < 0) fail_on_file(path, "open", errno);
    // Some file systems cannot sync a folder and say EINVAL; there is nothing more to do there.
    if (::fsync(folder.number()) != 0 && errno != EINVAL) fail_on_file(path, "sync", errno);
  }

  void remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail_on_file(path, "remove", errno);
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

}  // namespace

FileTarget FileSystem::target_of(const std::string& path) {
  constexpr int kMostLinks = 40;
  FileTarget target;
  std::filesystem::path at = path;
  struct stat status {};
  // Only what is not there has no status: all else must not be taken for a new file.
  const auto is_there = [&](auto call) {
    if (call(at.c_str(), &status) == 0) return true;
    if (errno != ENOENT) fail_on_file(path, "replace", errno);
    return false;
  };
  for (int links = 0; is_there(::lstat) && S_ISLNK(status.st_mode); ++links) {
    if (links == kMostLinks) fail_on_file(path, "replace", ELOOP);
    if (is_open_file(at)) {
      target.path = at.string();
      target.is_stream = true;
      return target;
    }
    std::error_code error;
    const auto to = std::filesystem::read_symlink(at, error);
    if (error) fail_on_file(path, "replace", error.value());
    at = at.parent_path() / to;
  }
  target.path = at.string();
  if (!is_there(::stat)) return target;
  target.is_stream = !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  if (!S_ISREG(status.st_mode)) return target;
  if (::faccessat(AT_FDCWD, target.path.c_str(), W_OK, AT_EACCESS) != 0)
    fail_on_file(path, "write", errno);
  target.exists = true;
  target.mode = status.st_mode & 0777;
  target.owner = status.st_uid;
  target.group = status.st_gid;
  return target;
}

void FileSystem::keep_access(int file, const FileTarget& replaced, const std::string& path) {
  struct stat made {};
  if (::fstat(file, &made) != 0) fail_on_file(path, "create", errno);
  // Only root may change the owner; others at least keep the group, if they belong to it.
  if ((made.st_uid != replaced.owner || made.st_gid != replaced.group) &&
      ::fchown(file, replaced.owner, replaced.group) != 0 && errno == EPERM &&
      ::fchown(file, static_cast<uid_t>(-1), replaced.group) != 0 && errno != EPERM) {
    fail_on_file(path, "create", errno);
  }
  if ((made.st_mode & 0777) == replaced.mode) return;
  // Some file systems have no permissions.
  if (::fchmod(file, replaced.mode) != 0 && errno != EPERM) fail_on_file(path, "create", errno);
}

void FileSystem::reserve(int file, uint64_t size, const std::string& path) {
  const int result =
      retried([&] { return ::fallocate(file, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)); });
  if (result != 0 && errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL) {
    fail_on_file(path, "write", errno);
  }
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
  if (file < 0) fail_on_file(path, "open", errno);
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

// Small parts are gathered, to be written in few calls.
void write_parts(int file, const Parts& parts, const std::string& path, FileSystem& files) {
  constexpr size_t kSmall = size_t{64} << 10;
  if (parts.spans().size() <= 1) {
    return files.write(file, parts.size() == 0 ? std::span<const std::byte>() : parts.spans()[0],
                       path);
  }
  std::vector<std::byte> gathered;
  const auto flush = [&] {
    if (!gathered.empty()) files.write(file, gathered, path);
    gathered.clear();
  };
  for (const std::span<const std::byte> each : parts.spans()) {
    if (gathered.size() + each.size() > kSmall) flush();
    if (each.size() > kSmall) {
      files.write(file, each, path);
    } else {
      gathered.insert(gathered.end(), each.begin(), each.end());
    }
  }
  flush();
}

/// What a file is to hold.
struct FileContent {
  uint64_t size;  // as far as it is known before it is written
  std::function<void(int file, const std::string& path)> write;
};

void write_stream(const std::string& path, const FileContent& content, FileSystem& files) {
  const NoPipeSignal quiet;
  const int file = files.open_stream(path);
  try {
    content.write(file, path);
  } catch (...) {
    ::close(file);
    throw;
  }
  files.close(file, path);
}

void write_and_rename(const std::string& temporary, const FileTarget& target,
                      const FileContent& content, FileSystem& files) {
  // So that a private file is private from the start.
  int file = files.create(temporary, target.mode);
  try {
    if (target.exists) files.keep_access(file, target, temporary);
    constexpr uint64_t kLarge = uint64_t{1} << 20;
    if (content.size >= kLarge) files.reserve(file, content.size, temporary);
    content.write(file, temporary);
    files.sync(file, temporary);
    const int closing = file;
    const Descriptor locked(::fcntl(file, F_DUPFD_CLOEXEC, 0));  // until it has its name
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

void replace_with(const std::string& path, const FileContent& content, FileSystem& files) {
  const FileTarget target = files.target_of(path);
  if (target.is_stream) return write_stream(target.path, content, files);
  remove_abandoned_temporaries(target.path);
  const std::string temporary = temporary_beside(target.path);
  // Known before the replacement, after which nothing but the system may fail.
  std::string folder = std::filesystem::path(target.path).parent_path().string();
  if (folder.empty()) folder = ".";
  try {
    write_and_rename(temporary, target, content, files);
  } catch (const Error& error) {
    // The user does not know the temporary name.
    ErrorParts reason = error.parts();
    if (reason.where == temporary) reason.where = path;
    if (target.exists) reason.what += "; the file that was there is unchanged";
    throw Error(reason);
  }
  try {
    files.sync_folder(folder);
  } catch (const Error& error) {
    ErrorParts reason = error.parts();
    reason.what += "; " + path + " is the new file, which a power cut may still undo";
    throw Error(reason);
  }
}

}  // namespace

void replace_file(const std::string& path, const Parts& parts, FileSystem& files) {
  const auto write = [&](int file, const std::string& name) {
    write_parts(file, parts, name, files);
  };
  replace_with(path, {.size = parts.size(), .write = write}, files);
}

void replace_file(const std::string& path, const std::function<void(const WriteBytes&)>& make,
                  FileSystem& files) {
  const auto write = [&](int file, const std::string& name) {
    make([&](std::span<const std::byte> bytes) { files.write(file, bytes, name); });
  };
  replace_with(path, {.size = 0, .write = write}, files);
}

void replace_file(const std::string& path, std::span<const std::byte> bytes, FileSystem& files) {
  Parts parts;
  parts.view(bytes);
  replace_file(path, parts, files);
}

void replace_file(const std::string& path, const std::string& text, FileSystem& files) {
  replace_file(path, std::as_bytes(std::span(text)), files);
}

}  // namespace cornu::inline v0
