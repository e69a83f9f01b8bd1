#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/tensor.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// The key of a model's description in the metadata of a safetensors file.
inline constexpr const char* kModelKey = "cornu";

/// Tensors whose names begin with it are the state of a fit, beside the weights of its model. No
/// weight is named like that.
inline constexpr std::string_view kStatePrefix = "fit//";

/// The files of a run's folder that hold its model; the first that is there counts.
inline constexpr std::array kModelFiles = {"model.keras", "model.safetensors"};

/// A model file as data: the description of the network, and its weights by name in model order.
struct ModelFile {
  Value::Map config;
  std::vector<std::pair<std::string, Tensor>> weights;
};

/// Writes a .safetensors file whole or not at all; the configuration is JSON under the metadata
/// key "cornu". Error for another ending, naming those that can be written.
CORNU_API void write_model_file(const ModelFile& file, const std::string& path);

/// Writes weights alone to a .safetensors or .npz file. Error for another ending.
CORNU_API void write_weights(const std::vector<std::pair<std::string, Tensor>>& weights,
                             const std::string& path);

/// Reads one. Loading runs no code and opens no other file. Error for a file that is damaged,
/// written by something else, or of a newer format, and for weights that are not finite.
CORNU_API ModelFile read_model_file(const std::string& path);

/// Whether it begins like an archive of NumPy's arrays.
CORNU_API bool is_npz_file(const std::string& path);

/// The weights of a .safetensors file, which need not describe a network, or of an .npz file. Error
/// as above.
CORNU_API std::vector<std::pair<std::string, Tensor>> read_weights(const std::string& path);

/// SHA-256 over every weight in order; docs/formats/weights-sha256.md says the exact bytes.
CORNU_API std::string weights_sha256(
    const std::vector<std::pair<std::string, TensorView>>& weights);

}  // namespace cornu::inline v0
