#pragma once

#include <memory>
#include <string>

#include "cornu/core/export.h"
#include "cornu/models/model.h"
#include "cornu/report/run_record.h"
#include "cornu/training/callback.h"

namespace cornu::inline v0 {

/// The file of a run folder that holds its model.
inline constexpr const char* kModelFile = "model.safetensors";

struct RunFolderOptions {
  /// Begins the name of a folder that is to be found: runs/DATASET-001 in the current folder.
  std::string dataset = {};
  /// The folder; empty for the next free one.
  std::string path = {};
  /// Whether the files of an earlier run in `path` are removed first.
  bool overwrite = false;
};

/// A folder that tells everything of one run: run.json, history.json, history.csv, the model and
/// its learning curves, each file replaced whole or not at all.
class CORNU_API RunFolder {
 public:
  /// Makes the folder and writes `record` into it, which thereby knows its run_dir. Error when the
  /// folder is taken or cannot be written, and when runs/latest is no link.
  RunFolder(const RunFolderOptions& options, RunRecord& record);

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const;

  /// Writes run.json, and once there are epochs history.json and history.csv.
  void write(const RunRecord& record) const;
  /// Writes the model, its learning curves, and `record` with the SHA-256 of the weights. Once the
  /// model is there, runs/latest points to the folder where that is one of runs/.
  void finish(const Model& model, RunRecord& record) const;

 private:
  std::string path_;
};

/// Keeps a run's folder up to date, an epoch after the other; both outlive it.
class CORNU_API RunFolderCallback final : public Callback {
 public:
  RunFolderCallback(const RunFolder& folder, RunRecord& record)
      : folder_(folder), record_(record) {}
  bool watches_batches() const override { return false; }
  void on_epoch_end(EpochRecord& epoch, const History& history) override;

 private:
  const RunFolder& folder_;
  RunRecord& record_;
};

}  // namespace cornu::inline v0
