#pragma once

#include <memory>
#include <string>

#include "cornu/core/export.h"
#include "cornu/training/checkpoint_every.h"

namespace cornu::inline v0 {

class Callback;

/// The folder of a fit's checkpoints, if it has one. A program that names none needs no library
/// that writes files.
class CheckpointDir {
 public:
  CheckpointDir() = default;
  CheckpointDir(const char* path) : CheckpointDir(std::string(path)) {}  // NOLINT: converts
  /// Empty: none.
  CORNU_API CheckpointDir(std::string path);  // NOLINT

  /// The callback that keeps them: Checkpoints. Null without a folder.
  std::shared_ptr<Callback> callback(const CheckpointEvery& every) const {
    return make_ == nullptr ? nullptr : make_(path_, every);
  }

 private:
  using Make = std::shared_ptr<Callback> (*)(const std::string& path, const CheckpointEvery& every);

  std::string path_ = {};
  Make make_ = nullptr;
};

}  // namespace cornu::inline v0
