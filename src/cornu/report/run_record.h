#pragma once

#include <cstdint>
#include <string>

#include "cornu/core/export.h"
#include "cornu/core/value.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// A training run as in its run.json; docs/command.md describes every field.
struct RunRecord {
  /// running, done, interrupted or failed.
  std::string status = "running";
  std::string dataset = {};
  int64_t train_samples = 0, validation_samples = 0;
  History history = {};
  /// Number of threads that ran; 0 until it is known.
  int threads = 0;
  std::string target = {};
  uint64_t seed = 0;
  int64_t shards = 1;
  int64_t processes = 1;
  /// Of the weights at the end; empty before.
  std::string weights_sha256 = {};
  std::string data_sha256 = {};
  std::string run_dir = {};
  Value::Map versions = {};
  Value::Map settings = {};
  /// Why it failed.
  std::string error = {};
};

/// Epochs that ran to their end. A run that was interrupted ends within its last, unless that has
/// been validated.
CORNU_API int64_t whole_epochs(const RunRecord& record);

/// The document of run.json, without fields that are not known yet.
CORNU_API Value run_document(const RunRecord& record);

/// The record that a run.json holds, without what happened to its team of threads. Error for
/// another document.
CORNU_API RunRecord run_record(const Value& document);

/// {"epoch": [0, …], "history": {"loss": [0.4, …], …}, "params": {…}}, as Keras's History has it.
CORNU_API Value history_document(const History& history);

/// As Keras's CSVLogger writes it: one column for the number of the epoch and one per name in
/// alphabetical order, lines that end in CR LF, NA where an epoch has no value.
CORNU_API std::string history_csv(const History& history);

}  // namespace cornu::inline v0
