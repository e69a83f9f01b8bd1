#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cornu/training/callback.h"

namespace cornu::inline v0 {

struct CSVLoggerOptions {
  std::string separator = ",";  ///< text between two values; not empty
  bool append = false;          ///< adds lines to the file; else overwrites it
};

/// Writes a line for each epoch to a file: the epoch's number from 0 and its logs, under a line of
/// their names. The file is opened when a fit begins, and each line is in it when its epoch has
/// ended. Logs that the first epoch lacks are left out; those that a later epoch lacks are empty.
/// A field that holds the separator or a quote is quoted (RFC 4180, 2005).
/// Error when the file cannot be opened or written.
class CORNU_API CSVLogger final : public Callback {
 public:
  explicit CSVLogger(std::string filename, CSVLoggerOptions options = {});
  bool watches_batches() const override { return false; }
  bool may_log(std::string_view) const override { return false; }
  bool is_for_first() const override { return true; }
  void on_train_begin() override;
  void on_epoch_end(EpochRecord& record, const History& history) override;
  void on_train_end(const History& history) override;
  /// Its lines of the fit, which a fit that is resumed writes again, in place of any that were
  /// written after them.
  CallbackState state() const override;
  void set_state(const CallbackState& state) override;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void write(const std::string& text);

  std::string filename_;
  CSVLoggerOptions options_;
  std::unique_ptr<std::FILE, Close> file_;  ///< open during a fit
  std::vector<std::string> names_;
  int64_t begin_ = 0;  ///< of its lines in the file, in bytes
  std::string text_;   ///< its lines
};

}  // namespace cornu::inline v0
