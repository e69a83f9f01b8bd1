#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/file.h"

namespace cornu::inline v0 {

/// Bytes that are read when they are needed, and in any order: those of a file, or of memory.
/// Several threads may call read() at once, and meanwhile none view().
class CORNU_API ByteSource {
 public:
  /// Told how many of the bytes asked for are there, again and again, while those that came last
  /// are in the cache.
  using Arrived = std::function<void(size_t done)>;

  virtual ~ByteSource() = default;
  virtual uint64_t size() const = 0;
  /// A part, kept in memory as long as the source lives. Error when it ends after the source.
  virtual std::span<const std::byte> view(uint64_t offset, uint64_t length) = 0;
  /// Copies a part to where it is needed, and keeps none of it. Error as above.
  virtual void read(uint64_t offset, std::span<std::byte> to, const Arrived& arrived) = 0;
  void read(uint64_t offset, std::span<std::byte> to) {
    read(offset, to, [](size_t) {});
  }
  /// Whether this byte is in memory, so that reading there waits for no disk.
  virtual bool is_at_hand(uint64_t /*offset*/) const { return true; }

 protected:
  ByteSource() = default;
  ByteSource(const ByteSource&) = default;
  ByteSource& operator=(const ByteSource&) = default;
  /// Error unless the source has this part.
  void require(uint64_t offset, uint64_t length) const;
};

/// Bytes in memory, which must outlive the views.
class CORNU_API MemoryBytes final : public ByteSource {
 public:
  explicit MemoryBytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

  using ByteSource::read;
  uint64_t size() const override { return bytes_.size(); }
  std::span<const std::byte> view(uint64_t offset, uint64_t length) override;
  void read(uint64_t offset, std::span<std::byte> to, const Arrived& arrived) override;

 private:
  std::span<const std::byte> bytes_;
};

/// The bytes of a regular file. It is not mapped: a file that another program cuts meanwhile is an
/// Error, where a mapping would end the process.
class CORNU_API FileBytes final : public ByteSource {
 public:
  /// Opens it. Error when it is longer than `limit` bytes.
  explicit FileBytes(const std::string& path, uint64_t limit = kLargestFile);
  ~FileBytes() override;

  using ByteSource::read;
  uint64_t size() const override;
  std::span<const std::byte> view(uint64_t offset, uint64_t length) override;
  void read(uint64_t offset, std::span<std::byte> to, const Arrived& arrived) override;
  bool is_at_hand(uint64_t offset) const override;
  /// Error when the file was written to since it was opened, as far as its size and date say.
  void require_unchanged() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace cornu::inline v0
