#include "cornu/core/file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
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

  int create(const std::string& path) override {
    const int file = retried(
        [&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
    if (file < 0) fail(path, "create", errno);
    return file;
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

// Containers number their processes alike, and a killed one leaves its file behind: so the count
// begins anywhere.
std::string temporary_beside(const std::string& path) {
  static std::atomic<uint64_t> count{[] {
    uint64_t start = 0;
    return ::getrandom(&start, sizeof start, GRND_NONBLOCK) < 0 ? 0 : start;
  }()};
  return path + ".tmp." + std::to_string(::getpid()) + "." + std::to_string(count++);
}

}  // namespace

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
    return block.span();
  });
  return block;
}

namespace {

void write_and_rename(const std::string& temporary, const std::string& path,
                      std::span<const std::byte> bytes, FileSystem& files) {
  int file = files.create(temporary);
  try {
    files.write(file, bytes, temporary);
    files.sync(file, temporary);
    const int closing = file;
    file = -1;
    files.close(closing, temporary);
    files.rename(temporary, path);
  } catch (...) {
    try {
      if (file >= 0) files.close(file, temporary);
    } catch (const Error&) {  // the first reason is the one to tell
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
  const std::string temporary = temporary_beside(path);
  try {
    write_and_rename(temporary, path, bytes, files);
  } catch (const Error& error) {
    // The user knows the file by its own name.
    ErrorParts parts = error.parts();
    if (parts.where == temporary) parts.where = path;
    throw Error(parts);
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  files.sync_folder(folder.empty() ? "." : folder);
}

void replace_file(const std::string& path, const std::string& text, FileSystem& files) {
  replace_file(path, std::as_bytes(std::span(text)), files);
}

}  // namespace cornu::inline v0
