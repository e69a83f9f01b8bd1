// Files that real Keras 3 wrote: what they predict, and what one more step of training makes of
// them; and the same after Cornu has written them.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "cornu/cornu.h"
#include "cornu/report/test_folder_test.h"
#include "golden_files.h"

namespace cornu::inline v0 {
namespace keras_files_test {

const formats::Safetensors& goldens() {
  static const formats::Safetensors file = golden("keras_files");
  return file;
}

std::string file_of(const std::string& name) {
  return std::string(kSourceFolder) + "/tests/goldens/keras_files/" + name;
}

/// x0, x1, … of a model.
std::vector<TensorView> tensors(const std::string& model, const std::string& kind) {
  std::vector<TensorView> all;
  for (int i = 0;; ++i) {
    const Tensor* const found = goldens().find(model + "/" + kind + std::to_string(i));
    if (found == nullptr) return all;
    all.push_back(*found);
  }
}

// To 1e-5 of the largest number.
void expect_near(const std::vector<Tensor>& found, const std::vector<TensorView>& expected,
                 const std::string& what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  for (size_t i = 0; i < found.size(); ++i) {
    const auto a = found[i].span<float>(), b = expected[i].span<float>();
    ASSERT_EQ(a.size(), b.size()) << what;
    float largest = 0;
    for (const float each : b) largest = std::max(largest, std::abs(each));
    for (size_t k = 0; k < a.size(); ++k) EXPECT_NEAR(a[k], b[k], 1e-5F * largest) << what;
  }
}

void expect_same(const std::vector<Tensor>& a, const std::vector<Tensor>& b,
                 const std::string& what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(a[i].span<float>(), b[i].span<float>())) << what;
  }
}

std::vector<Tensor> outputs(const Model& model, const std::string& name) {
  return model.predict_all(tensors(name, "x"));
}

void train_one_step(Model& model, const std::string& name) {
  const auto x = tensors(name, "x"), y = tensors(name, "target");
  model.train_on_batch(std::vector<Tensor>(x.begin(), x.end()),
                       std::vector<Tensor>(y.begin(), y.end()));
}

const char* const kModels[] = {"chain",  "layers",   "network", "fresh", "adamw",  "nadam",
                               "adamax", "adadelta", "adagrad", "lion",  "average"};

std::vector<std::string> files_of(const std::string& name) {
  std::vector<std::string> files = {file_of(name + ".keras")};
  if (std::filesystem::exists(file_of(name + ".h5"))) files.push_back(file_of(name + ".h5"));
  return files;
}

TEST(KerasFiles, PredictAndTrainAsInKeras) {
  for (const std::string name : kModels) {
    for (const std::string& file : files_of(name)) {
      Model model = load_model(file);
      expect_near(outputs(model, name), tensors(name, "y"), file);
      train_one_step(model, name);
      expect_near(outputs(model, name), tensors(name, "after"), file + ", after a step");
    }
  }
}

TEST(KerasFiles, AreWrittenAndReadAgain) {
  const TestFolder folder;
  for (const std::string name : kModels) {
    Model model = load_model(file_of(name + ".keras"));
    const std::vector<Tensor> before = outputs(model, name);
    std::vector<std::string> files;
    for (const char* ending : {".keras", ".h5"}) {
      files.push_back(folder.file(name + ending));
      model.save(files.back());
    }
    train_one_step(model, name);
    for (const std::string& file : files) {
      Model again = load_model(file);
      EXPECT_EQ(again.summary(), model.summary());
      expect_same(outputs(again, name), before, file);
      train_one_step(again, name);
      expect_near(outputs(again, name), tensors(name, "after"), file + ", after a step");
    }
  }
}

TEST(KerasFiles, OfWeightsAreLoadedIntoAModel) {
  const TestFolder folder;
  for (const std::string name : {"chain", "layers", "network"}) {
    Model model = load_model(file_of(name + ".keras"), {.compile = false});
    const std::vector<Tensor> before = outputs(model, name);
    model.save_weights(folder.file(name + ".weights.h5"));
    for (const std::string& file : {file_of(name + ".weights.h5"),
                                    folder.file(name + ".weights.h5"), file_of(name + ".h5")}) {
      for (const auto& [weight, values] : model.weights()) {
        model.set_weight(weight, Tensor(values.shape()));
      }
      model.load_weights(file);
      expect_same(outputs(model, name), before, file);
    }
  }
}

}  // namespace keras_files_test
}  // namespace cornu::inline v0
