#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "cornu/core/parts.h"
#include "cornu/training/fit_state.h"

namespace cornu::inline v0 {

/// The bytes of a file, some of which lie in tensors.
struct CheckpointBytes {
  NamedTensors tensors;
  Parts parts;
};

/// The state of a fit as a file: safetensors, which load_model opens as the model at that step.
/// docs/formats/checkpoint.md says what is where.
CheckpointBytes checkpoint_bytes(FitState state);

/// Reads one; `where` names the file in errors. Error for a file that is damaged or no checkpoint.
FitState read_checkpoint(std::span<const std::byte> bytes, const std::string& where);

}  // namespace cornu::inline v0
