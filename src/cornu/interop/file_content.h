#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/shape.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// What the numbers of a tensor are like; mean and deviation leave out those that are not finite.
struct TensorStatistics {
  double least = 0, most = 0, mean = 0, deviation = 0;
  int64_t not_finite = 0;
};

/// An array in a file.
struct ArrayContent {
  std::string name;  ///< as the file has it, with the groups around it
  std::string dtype;
  Shape shape;
  uint64_t bytes = 0;
  std::string sha256;                               ///< of its bytes, row-major and little-endian
  std::optional<TensorStatistics> statistics = {};  ///< none for strings, and for no elements
};

/// A model file, or a file of arrays, of any kind that Cornu reads.
struct FileContent {
  std::string format;  ///< "Keras 3 model (.keras)"
  Value::Map facts;    ///< versions and the like, and what else the file says
  Value network = {};  ///< the description of the network as the file has it; or null
  Value compile = {};  ///< what compile() was given as the file has it; or null
  std::vector<ArrayContent> arrays = {};
};

/// Reads a .keras, .h5, .weights.h5, .safetensors, .npz or .npy file without making a model of it.
CORNU_API FileContent file_content(const std::string& path);

}  // namespace cornu::inline v0
