#pragma once

#include <string>
#include <utility>

#include "cornu/callbacks/checkpoints.h"
#include "cornu/callbacks/save_freq.h"

namespace cornu::inline v0 {

/// BackupAndRestore's options, with Keras's names and defaults, in Keras's order.
struct BackupAndRestoreOptions {
  /// Folder of the backups, of one fit alone; required.
  std::string backup_dir = {};
  /// When a backup is written: "epoch", after each epoch; N, at every N-th step.
  SaveFreq save_freq = "epoch";
  /// Changes nothing: the last three backups and the best are kept in any case.
  bool double_checkpoint = false;
  /// Whether the backups are removed when the fit has ended without a stop.
  bool delete_checkpoint = true;

  static void visit_fields(auto& self, auto& v) {
    v("backup_dir", self.backup_dir);
    v("save_freq", self.save_freq);
    v("double_checkpoint", self.double_checkpoint);
    v("delete_checkpoint", self.delete_checkpoint);
  }
};

/// Lets a fit that was interrupted go on when it is run again, in another process, too. It goes on
/// from the step of the last backup, with the weights, the history and the files of CSVLogger and
/// ModelCheckpoint of a fit that was never interrupted, bit for bit. A stop, which Ctrl-C in Python
/// is, writes a backup at its step.
///
/// It does more than Keras's, which goes on with the next epoch and knows weights and the optimizer
/// alone: callbacks that have a state go on as well, the history has the epochs before, and a
/// backup whose content is damaged is passed over. Error, which lists the differences, for a backup
/// of other data, another model, other settings or other callbacks that have a state; the number of
/// epochs may change. Error, too, if another process writes into the folder.
class CORNU_API BackupAndRestore final : public Checkpoints {
 public:
  explicit BackupAndRestore(BackupAndRestoreOptions options);
  /// The first option, or the first two, by position.
  template <class = void>
  explicit BackupAndRestore(std::string backup_dir, SaveFreq save_freq = "epoch")
      : BackupAndRestore(BackupAndRestoreOptions{.backup_dir = std::move(backup_dir),
                                                 .save_freq = std::move(save_freq)}) {}
};

}  // namespace cornu::inline v0
