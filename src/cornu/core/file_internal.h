#pragma once

// What the files that call the system's functions on files share.

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace cornu::inline v0 {

/// Error that names the file and the system's reason: `error` is an errno.
[[noreturn]] void fail_on_file(const std::string& path, const std::string& doing, int error);

// A signal may interrupt any call before it has done anything.
template <class Call>
auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

/// A name for a new file beside `path`, which no other process takes.
std::string temporary_beside(const std::string& path);

/// Locks a new temporary file until it is closed, also by the end of its process. False when
/// another process has just removed it, in the belief that it was abandoned.
bool lock_temporary(int file);

/// Removes the temporary files beside `path` that killed processes have left: those that nobody has
/// locked.
void remove_abandoned_temporaries(const std::string& path);

/// An open file, which is closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  /// Leaves it open.
  void release() { number_ = -1; }

 private:
  int number_;
};

/// A regular file that is open for reading.
class RegularFile {
 public:
  /// Error for another kind of file, and for one of more than `limit` bytes.
  RegularFile(std::string path, uint64_t limit);

  uint64_t size() const { return size_; }
  /// Error when the file has become shorter.
  void read(uint64_t offset, std::span<std::byte> to) const;
  /// Whether the system has this byte in memory; true where it cannot say.
  bool is_in_memory(uint64_t offset) const;
  /// Error when there is more of it by now.
  void require_no_more() const;
  /// Error when it was written to since it was opened, as far as its size and date say.
  void require_unchanged() const;

 private:
  std::string path_;
  Descriptor file_;
  uint64_t size_ = 0;
  int64_t changed_s_ = 0, changed_ns_ = 0;
};

}  // namespace cornu::inline v0
