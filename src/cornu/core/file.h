#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/block.h"
#include "cornu/core/export.h"
#include "cornu/core/parts.h"

namespace cornu::inline v0 {

/// The destination of replace_file, and the file that exists there.
struct FileTarget {
  std::string path;        ///< after following symbolic links
  bool exists = false;     ///< a regular file is there, which can be replaced
  bool is_stream = false;  ///< a pipe, device or socket, or an open file such as /dev/stdout
  uint32_t mode = 0666;    ///< permissions of the existing file
  uint32_t owner = 0, group = 0;
};

/// The file system calls that Cornu makes, one function each, so that a test can make any of them
/// fail. Every call throws Error (io or not_found) that names the path and the system's reason.
class CORNU_API FileSystem {
 public:
  /// Returns memory for the given number of bytes.
  using Room = std::function<std::span<std::byte>(size_t size)>;

  virtual ~FileSystem() = default;
  /// Reads the whole of a regular file into the memory that `room` gives for its size. Error when
  /// it is longer than `limit` bytes.
  virtual void read(const std::string& path, uint64_t limit, const Room& room) = 0;
  /// Follows symbolic links, dangling ones too. Error for a file that must not be written.
  virtual FileTarget target_of(const std::string& path);
  /// Opens a new file for appending (it must not exist) and returns its descriptor. The umask
  /// removes permissions from `mode`. The file is locked (flock) while it is open.
  virtual int create(const std::string& path, uint32_t mode) = 0;
  /// Gives a new file the permissions of the one that it replaces and, as far as the system allows,
  /// its owner and group.
  virtual void keep_access(int file, const FileTarget& replaced, const std::string& path);
  /// Takes room on the disk for a new file's bytes, where the file system can: they are written
  /// faster, and a full disk is found at once.
  virtual void reserve(int file, uint64_t size, const std::string& path);
  /// Opens a stream for writing and returns a descriptor of it.
  virtual int open_stream(const std::string& path);
  virtual void write(int file, std::span<const std::byte> bytes, const std::string& path) = 0;
  virtual void sync(int file, const std::string& path) = 0;
  virtual void close(int file, const std::string& path) = 0;
  virtual void rename(const std::string& from, const std::string& to) = 0;
  virtual void sync_folder(const std::string& path) = 0;
  /// Removes a file; no error if there is none.
  virtual void remove(const std::string& path) = 0;
};

/// The calls of the operating system.
CORNU_API FileSystem& system_files();

/// The calls of another one, but for those that force files to the disk: a file is still replaced
/// whole or not at all, unless the machine itself stops within the next half minute or so.
class CORNU_API UnsyncedFiles final : public FileSystem {
 public:
  explicit UnsyncedFiles(FileSystem& files = system_files()) : files_(files) {}
  void read(const std::string& path, uint64_t limit, const Room& room) override {
    files_.read(path, limit, room);
  }
  FileTarget target_of(const std::string& path) override { return files_.target_of(path); }
  int create(const std::string& path, uint32_t mode) override { return files_.create(path, mode); }
  void keep_access(int file, const FileTarget& replaced, const std::string& path) override {
    files_.keep_access(file, replaced, path);
  }
  int open_stream(const std::string& path) override { return files_.open_stream(path); }
  void reserve(int file, uint64_t size, const std::string& path) override {
    files_.reserve(file, size, path);
  }
  void write(int file, std::span<const std::byte> bytes, const std::string& path) override {
    files_.write(file, bytes, path);
  }
  void sync(int, const std::string&) override {}
  void close(int file, const std::string& path) override { files_.close(file, path); }
  void rename(const std::string& from, const std::string& to) override { files_.rename(from, to); }
  void sync_folder(const std::string&) override {}
  void remove(const std::string& path) override { files_.remove(path); }

 private:
  FileSystem& files_;
};

/// The largest file that is read, unless a smaller limit is given.
inline constexpr uint64_t kLargestFile = uint64_t{4} << 30;

/// Reads a whole regular file.
CORNU_API std::vector<std::byte> read_file(const std::string& path, uint64_t limit = kLargestFile);

/// Same, into memory that a Tensor can take over: see Block.
CORNU_API Block read_block(const std::string& path, uint64_t limit, size_t lead = 0);

/// Replaces `path` whole or not at all: temporary file in the same folder, fsync, rename, fsync of
/// the folder. After an error the old file is unchanged and the temporary one is gone, with one
/// exception: if the folder's fsync fails, the new file is already in place, but a power cut may
/// still undo the replacement. What a killed process has left beside `path`, the next replacement
/// removes.
///
/// A symbolic link stays a link: the file it leads to is replaced, in that file's folder. The new
/// file has the permissions, owner and group of the old one; other hard links keep the old
/// content. Error for a file that the caller may not write, even if its folder permits the
/// replacement. A pipe, a device, or an open file (/dev/stdout) is written to directly, as nothing
/// can be put in its place.
CORNU_API void replace_file(const std::string& path, const Parts& parts,
                            FileSystem& files = system_files());
CORNU_API void replace_file(const std::string& path, std::span<const std::byte> bytes,
                            FileSystem& files = system_files());
CORNU_API void replace_file(const std::string& path, const std::string& text,
                            FileSystem& files = system_files());

/// Writes the next bytes of a file.
using WriteBytes = std::function<void(std::span<const std::byte>)>;
/// The same for content that is made while it is written, and need not fit in memory: `make` gives
/// it piece by piece. Of an error that it throws nothing is left.
CORNU_API void replace_file(const std::string& path,
                            const std::function<void(const WriteBytes&)>& make,
                            FileSystem& files = system_files());

}  // namespace cornu::inline v0
