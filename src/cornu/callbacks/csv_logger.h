#pragma once

#include <string>
#include <vector>

#include "cornu/training/callback.h"

namespace cornu::inline v0 {

struct CSVLoggerOptions {
  std::string separator = ",";
  bool append = false;  ///< goes on behind what is in the file; else it is replaced
};

/// Writes a line an epoch to a file: epoch and the logs, under a line of their names. The file is
/// whole after each epoch: it is replaced, not added to. Logs that the first epoch has not are left
/// out; those that a later one has not are empty. Error when it cannot be written.
class CORNU_API CSVLogger final : public Callback {
 public:
  explicit CSVLogger(std::string filename, CSVLoggerOptions options = {});
  bool watches_batches() const override { return false; }
  void on_train_begin() override;
  void on_epoch_end(EpochRecord& record, const History& history) override;

 private:
  std::string filename_;
  CSVLoggerOptions options_;
  std::string text_;
  std::vector<std::string> names_;
};

}  // namespace cornu::inline v0
