#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string_view>

#include "cornu/core/file_internal.h"

namespace cornu::inline v0 {
namespace {

constexpr std::string_view kTemporary = ".tmp.";

// Whether it is "PROCESS.COUNT", as after kTemporary.
bool are_two_numbers(std::string_view text) {
  const size_t dot = text.find('.');
  const auto is_number = [](std::string_view digits) {
    return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return dot != std::string_view::npos && is_number(text.substr(0, dot)) &&
         is_number(text.substr(dot + 1));
}

using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

// The writer of a file that nobody has locked is gone, in whichever container it was.
void remove_if_abandoned(DIR* folder, const char* name) {
  constexpr int kHow = O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  const Descriptor file(::openat(::dirfd(folder), name, kHow));
  struct stat status {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (::flock(file.number(), LOCK_EX | LOCK_NB) == 0) ::unlinkat(::dirfd(folder), name, 0);
}

}  // namespace

// Processes in two containers may have the same number, and a killed one leaves its temporary file
// behind: so the count begins at a random number.
std::string temporary_beside(const std::string& path) {
  static std::atomic<uint64_t> count{[] {
    uint64_t start = 0;
    return ::getrandom(&start, sizeof start, GRND_NONBLOCK) < 0 ? 0 : start;
  }()};
  return path + std::string(kTemporary) + std::to_string(::getpid()) + "." +
         std::to_string(count++);
}

// Where the file system has no locks, nobody can take the file for an abandoned one either.
bool lock_temporary(int file) {
  retried([&] { return ::flock(file, LOCK_EX); });
  struct stat status {};
  return ::fstat(file, &status) != 0 || status.st_nlink > 0;
}

// Not with the iterators of the standard library, which end the process where memory runs out.
void remove_abandoned_temporaries(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string in = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string begin =
      path.substr(slash == std::string::npos ? 0 : slash + 1) + std::string(kTemporary);
  const Folder folder(::opendir(in.c_str()), ::closedir);
  if (folder == nullptr) return;
  while (const dirent* const entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (name.starts_with(begin) && are_two_numbers(name.substr(begin.size()))) {
      remove_if_abandoned(folder.get(), entry->d_name);
    }
  }
}

}  // namespace cornu::inline v0
