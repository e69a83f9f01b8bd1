#pragma once

#include <cstdlib>
#include <string>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/core/paths_test.h"
#include "cornu/formats/safetensors.h"

namespace cornu::inline v0 {

/// A golden of tests/goldens/ by its name without ending. Error for one without the version
/// of Keras that made it.
inline formats::Safetensors golden(const std::string& name) {
  const std::string path = std::string(kSourceFolder) + "/tests/goldens/" + name + ".safetensors";
  formats::Safetensors file = formats::read_safetensors(read_file(path), path);
  for (const auto& [key, value] : file.metadata) {
    if (key == "keras_version" && !value.empty()) return file;
  }
  throw Error({.where = path, .expected = "a keras_version in its metadata"});
}

/// A tensor of a golden; an empty one, with which the test fails, if there is none of that name.
inline TensorView golden_tensor(const formats::Safetensors& file, const std::string& name) {
  const Tensor* tensor = file.find(name);
  return tensor == nullptr ? TensorView() : tensor->view();
}

}  // namespace cornu::inline v0
