#include "cornu/callbacks/backup_and_restore.h"

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

CheckpointsOptions checkpoints_of(BackupAndRestoreOptions options) {
  if (options.backup_dir.empty()) {
    throw Error({.where = "BackupAndRestore",
                 .field = "backup_dir",
                 .expected = "the name of a folder",
                 .found = "none"});
  }
  const SaveFreq& freq = options.save_freq;
  return {.directory = std::move(options.backup_dir),
          .every = freq.by_epoch() ? "1epoch" : std::to_string(freq.steps()) + "steps",
          .remove_at_end = options.delete_checkpoint};
}

}  // namespace

BackupAndRestore::BackupAndRestore(BackupAndRestoreOptions options)
    : Checkpoints(checkpoints_of(std::move(options))) {}

}  // namespace cornu::inline v0
