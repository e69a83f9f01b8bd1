#pragma once

#include <string>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Keeps a folder for one writer, as long as it lives: another, in this process or another one, is
/// refused. The system ends the lock with the process, however that ends. It is on a file `.lock`
/// in the folder, which stays there and holds the number of the last process that wrote.
class CORNU_API FolderLock {
 public:
  /// Error, with the number of the process that has it, if the folder is locked.
  explicit FolderLock(const std::string& folder);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// The name of the file that is locked.
  static constexpr const char* kFile = ".lock";

 private:
  int file_ = -1;
};

}  // namespace cornu::inline v0
