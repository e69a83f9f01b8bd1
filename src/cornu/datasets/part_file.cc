#include "cornu/datasets/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/sha256.h"

namespace cornu::inline v0::datasets {
namespace {

constexpr size_t kMostValidator = 256;

[[noreturn]] void refuse(const std::string& path, const char* doing) {
  throw Error({.kind = ErrorKind::io,
               .where = path,
               .what = std::string("cannot ") + doing + ": " + std::strerror(errno)});
}

std::string fingerprint(const std::string& address) {
  return formats::sha256(std::as_bytes(std::span(address)));
}

// The line that begins at `from`, which then is the place behind it; empty without a whole line.
std::string line_of(std::span<const std::byte> bytes, size_t& from) {
  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(from);
  const auto end = std::find(begin, bytes.end(), std::byte{'\n'});
  if (end == bytes.end()) return "";
  std::string line(reinterpret_cast<const char*>(bytes.data()) + from,
                   static_cast<size_t>(end - begin));
  from += line.size() + 1;
  return line;
}

// What would need more than a line, or no sensible server sends, is no name of a version.
bool is_validator(const std::string& text) {
  return !text.empty() && text.size() <= kMostValidator &&
         std::ranges::all_of(text, [](char each) { return each >= ' ' && each <= '~'; });
}

// Another process may have removed it while this one waited.
bool is_linked(int file) {
  struct stat status {};
  return ::fstat(file, &status) != 0 || status.st_nlink > 0;
}

}  // namespace

PartFile::PartFile(std::string path, uint64_t most, const std::function<void()>& waiting,
                   FileSystem& files)
    : path_(std::move(path)), files_(files) {
  open(waiting);
  read(most);
}

PartFile::~PartFile() {
  if (validator_.empty() || bytes_.empty()) ::unlink(path_.c_str());
  ::close(file_);
}

bool PartFile::is_begun(const std::string& address) const {
  return !validator_.empty() && !bytes_.empty() && origin_ == fingerprint(address);
}

void PartFile::restart(const std::string& address, const std::string& validator) {
  bytes_.clear();
  validator_.clear();
  if (::ftruncate(file_, 0) != 0) refuse(path_, "truncate");
  if (!is_validator(validator)) return;
  origin_ = fingerprint(address);
  validator_ = validator;
  const std::string lines = origin_ + "\n" + validator_ + "\n";
  files_.write(file_, std::as_bytes(std::span(lines)), path_);
}

void PartFile::add(std::span<const std::byte> bytes) {
  if (!validator_.empty()) files_.write(file_, bytes, path_);
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void PartFile::open(const std::function<void()>& waiting) {
  for (;;) {
    file_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (file_ < 0) refuse(path_, "create");
    // Where the file system has no locks, two processes may mix their bytes, which then are not
    // those of the file, and are thrown away.
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      if (!was_taken_ && waiting) waiting();
      was_taken_ = true;
      while (::flock(file_, LOCK_EX) != 0 && errno == EINTR) {
      }
    }
    if (is_linked(file_)) return;
    ::close(file_);
  }
}

void PartFile::read(uint64_t most) {
  std::vector<std::byte> all;
  try {
    all = read_file(path_, most + kMostValidator + 128);
  } catch (const Error&) {
    return clear();
  }
  size_t from = 0;
  std::string origin = line_of(all, from);
  std::string validator = line_of(all, from);
  if (!is_validator(validator) || all.size() - from > most) return clear();
  origin_ = std::move(origin);
  validator_ = std::move(validator);
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(from));
  bytes_ = std::move(all);
}

}  // namespace cornu::inline v0::datasets
