#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/file.h"
#include "cornu/core/folder_lock.h"
#include "cornu/training/fit_state.h"

namespace cornu::inline v0 {

/// The checkpoints of one fit. The name of each tells its place in the fit and the SHA-256 of its
/// content, epoch-0004-step-000000-SHA256.safetensors, so that no file beside them says which is
/// the newest and which are whole.
class CheckpointFolder {
 public:
  /// Makes the folder, locks it, and removes the temporary files of a process that was killed.
  /// Error if another process writes there, or if it cannot be written.
  /// If it is only read, nothing is made, locked or removed, and there may be no folder.
  explicit CheckpointFolder(std::string path, FileSystem& files = system_files(),
                            bool writes = true);

  /// The newest whose content is what its name says; none if there is none. Tells `warnings` of
  /// each that is passed over.
  std::optional<FitState> newest(std::ostream& warnings) const;
  /// Adds one, and removes all but the last three and the one after the best epoch: that with the
  /// smallest val_loss, or loss without validation.
  ///
  /// Forcing a file to the disk may take as long as the epoch of a small network, so it is done in
  /// at most a hundredth of the time, and the last one that was forced is kept too: a machine that
  /// loses power then loses that part of the work, and no more.
  void write(FitState state);
  /// Removes all of them, and the folder if nothing else is in it.
  void remove();

 private:
  struct Checkpoint {
    std::string name;
    int64_t epoch = 0, step = 0;
    std::string sha256;
  };

  /// Those in the folder, newest first.
  std::vector<Checkpoint> list() const;
  /// Whether another file may be forced to the disk.
  bool may_sync() const { return Clock::now() - synced_at_ >= 100 * sync_time_; }
  void remove_old(const History& history);
  std::string file(const std::string& name) const { return path_ + "/" + name; }

  using Clock = std::chrono::steady_clock;

  std::string path_;
  FileSystem& files_;
  std::string synced_ = {};  ///< name of the last one that was forced to the disk
  Clock::time_point synced_at_ = Clock::now();
  Clock::duration sync_time_ = std::chrono::milliseconds(10);  ///< that it took
  std::optional<FolderLock> lock_;
};

}  // namespace cornu::inline v0
