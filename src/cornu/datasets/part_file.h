#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/file.h"

namespace cornu::inline v0::datasets {

/// What has arrived of a file that is being downloaded. It is kept beside the file's place, so that
/// a download that was cut off or killed goes on from there. Two lines before the bytes say from
/// which address they are, and how the server names that version of the file. One process at a time
/// has it.
class CORNU_API PartFile {
 public:
  /// Reads what an earlier download has left, unless it is longer than `most` bytes. Waits while
  /// another process has it, after calling `waiting`.
  PartFile(std::string path, uint64_t most, const std::function<void()>& waiting = {},
           FileSystem& files = system_files());
  /// Removes it, unless a later download can go on from it.
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  /// Whether another process had it when it was wanted.
  bool was_taken() const { return was_taken_; }
  const std::vector<std::byte>& bytes() const { return bytes_; }
  /// The ETag or the date of the version that the bytes are from; empty: they are not kept.
  const std::string& validator() const { return validator_; }
  /// Whether a download from `address` can go on from these bytes.
  bool is_begun(const std::string& address) const;

  /// Begins anew with a version of the file at `address`.
  void restart(const std::string& address, const std::string& validator);
  /// The next bytes. Error when they cannot be written.
  void add(std::span<const std::byte> bytes);
  void clear() { restart({}, {}); }

 private:
  void open(const std::function<void()>& waiting);
  void read(uint64_t most);

  std::string path_;
  FileSystem& files_;
  int file_ = -1;
  bool was_taken_ = false;
  std::vector<std::byte> bytes_ = {};
  /// A fingerprint, since an address may contain a password.
  std::string origin_ = {}, validator_ = {};
};

}  // namespace cornu::inline v0::datasets
