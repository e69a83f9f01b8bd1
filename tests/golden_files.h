#pragma once

#include <cstdlib>
#include <string>

#include "cornu/core/file.h"
#include "cornu/formats/safetensors.h"

namespace cornu::inline v0 {

/// A golden of tests/goldens/ by its name without ending.
inline formats::Safetensors golden(const std::string& name) {
  const std::string path = std::string(CORNU_TESTS_DIR) + "/goldens/" + name + ".safetensors";
  return formats::read_safetensors(read_file(path), path);
}

/// A tensor of a golden; an empty one, so that the test fails, when it has none of that name.
inline TensorView golden_tensor(const formats::Safetensors& file, const std::string& name) {
  const Tensor* tensor = file.find(name);
  return tensor == nullptr ? TensorView() : tensor->view();
}

}  // namespace cornu::inline v0
