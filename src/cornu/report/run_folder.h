#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cornu/core/export.h"
#include "cornu/core/folder_lock.h"
#include "cornu/models/model.h"
#include "cornu/report/run_record.h"
#include "cornu/training/callback.h"

namespace cornu::inline v0 {

/// The file of a run folder that holds its model: model.keras, or model.safetensors in a build that
/// could not read the first.
CORNU_API const char* run_model_file();

/// The folder of a run folder that holds its logs for TensorBoard.
inline constexpr const char* kTensorBoardFolder = "tensorboard";

/// The folder of a run folder that holds its checkpoints.
inline constexpr const char* kCheckpointFolder = "checkpoints";

struct RunFolderOptions {
  /// Begins the name of the next free folder: runs/DATASET-001 in the current folder.
  std::string dataset = {};
  /// The folder; empty for the next free one.
  std::string path = {};
  /// Whether the files of an earlier run in `path` are removed first.
  bool overwrite = false;
  /// Whether `path` is the folder of a run that goes on: its files stay.
  bool resume = false;
};

/// The folder of one run: run.json, history.json, history.csv, the model and its learning curves,
/// each file replaced whole or not at all. It is locked as long as the object lives.
class CORNU_API RunFolder {
 public:
  /// Makes the folder, sets run_dir in `record` and writes it into the folder. Error when the
  /// folder exists, cannot be written or is that of a run in progress, and when runs/latest is not
  /// a link.
  RunFolder(const RunFolderOptions& options, RunRecord& record);

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const;

  /// Writes run.json, and once there are epochs history.json and history.csv.
  void write(const RunRecord& record) const;
  /// Writes the model, as model.safetensors too if that is asked for, its learning curves, what
  /// `report` writes, and `record` with the SHA-256 of the weights. Once the model is written,
  /// runs/latest points to the folder, if that lies in runs/.
  void finish(const Model& model, RunRecord& record, bool as_safetensors = false,
              const std::function<void()>& report = {}) const;

 private:
  std::string path_;
  std::optional<FolderLock> lock_;
};

/// Keeps a run's folder up to date while it trains, in at most a twentieth of the time: writes the
/// first epoch when it ends, later ones when `interval` has passed since the last write, and all
/// epochs when the fit ends. Folder and record must outlive it.
class CORNU_API RunFolderCallback final : public Callback {
 public:
  using Clock = std::chrono::steady_clock;
  RunFolderCallback(const RunFolder& folder, RunRecord& record,
                    Clock::duration interval = std::chrono::milliseconds(500))
      : folder_(folder), record_(record), interval_(interval) {}
  bool watches_batches() const override { return false; }
  bool may_log(std::string_view) const override { return false; }
  bool is_for_first() const override { return true; }
  void on_train_begin() override;
  /// Adds the epoch to `record`, even if nothing is written.
  void on_epoch_end(EpochRecord& epoch, const History& history) override;
  void on_train_end(const History& history) override;

 private:
  void take(const History& history);

  const RunFolder& folder_;
  RunRecord& record_;
  Clock::duration interval_;
  Clock::time_point next_write_ = {};
};

}  // namespace cornu::inline v0
