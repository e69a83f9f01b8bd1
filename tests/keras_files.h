#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cornu/cornu.h"
#include "golden_files.h"

namespace cornu::inline v0 {

/// Files that Keras saved, in tests/goldens/NAME/, and what their models do, in NAME.safetensors.
class KerasFiles {
 public:
  explicit KerasFiles(const std::string& name)
      : folder_(std::string(kSourceFolder) + "/tests/goldens/" + name + "/"),
        goldens_(golden(name)) {}

  std::string file(const std::string& name) const { return folder_ + name; }
  /// x0, x1, … of a model.
  std::vector<TensorView> tensors(const std::string& model, const std::string& kind) const {
    std::vector<TensorView> all;
    for (int i = 0;; ++i) {
      const Tensor* const found = goldens_.find(model + "/" + kind + std::to_string(i));
      if (found == nullptr) return all;
      all.push_back(*found);
    }
  }
  std::vector<Tensor> outputs(const Model& model, const std::string& name) const {
    return model.predict_all(tensors(name, "x"));
  }
  void train_one_step(Model& model, const std::string& name) const {
    const auto x = tensors(name, "x"), y = tensors(name, "target");
    model.train_on_batch(std::vector<Tensor>(x.begin(), x.end()),
                         std::vector<Tensor>(y.begin(), y.end()));
  }
  /// To 1e-5 of the largest number.
  void expect_outputs(const Model& model, const std::string& name, const std::string& kind,
                      const std::string& what) const {
    const std::vector<Tensor> found = outputs(model, name);
    const std::vector<TensorView> expected = tensors(name, kind);
    ASSERT_EQ(found.size(), expected.size()) << what;
    for (size_t i = 0; i < found.size(); ++i) {
      const auto a = found[i].span<float>(), b = expected[i].span<float>();
      ASSERT_EQ(a.size(), b.size()) << what;
      float largest = 0;
      for (const float each : b) largest = std::max(largest, std::abs(each));
      for (size_t k = 0; k < a.size(); ++k) EXPECT_NEAR(a[k], b[k], 1e-5F * largest) << what;
    }
  }

 private:
  std::string folder_;
  formats::Safetensors goldens_;
};

}  // namespace cornu::inline v0
