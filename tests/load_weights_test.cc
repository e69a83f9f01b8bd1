// load_weights into networks that differ from the one of the file.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cornu/core/error_of_test.h"
#include "cornu/cornu.h"
#include "cornu/report/test_folder_test.h"
#include "keras_files.h"

namespace cornu::inline v0 {
namespace load_weights_test {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Whose weights the files hold: all of them one number.
Sequential saved() {
  Sequential model({Input({4}), Dense({.units = 8, .name = "a"}), BatchNormalization({.name = "n"}),
                    Dense({.units = 3, .name = "b"})});
  for (const auto& [name, values] : model.weights()) {
    Tensor numbers(values.shape());
    for (float& each : numbers.span<float>()) each = 7;
    model.set_weight(name, numbers);
  }
  return model;
}

// The weights that are not zero any more.
std::vector<std::string> set_in(const Model& model) {
  std::vector<std::string> names;
  for (const auto& [name, values] : model.weights()) {
    for (const float each : values.span<float>()) {
      if (each == 0) continue;
      names.push_back(name);
      break;
    }
  }
  return names;
}

Sequential zeros(std::vector<Layer> layers) {
  Sequential model(std::move(layers));
  for (const auto& [name, values] : model.weights()) model.set_weight(name, Tensor(values.shape()));
  return model;
}

// One more layer; the last one has the same name and another kernel.
Sequential deeper() {
  return zeros({Input({4}), Dense({.units = 8, .name = "a"}), Dense({.units = 5, .name = "new"}),
                Dense({.units = 3, .name = "b"})});
}

// The same layers, of which the last has more units.
Sequential wider() {
  return zeros({Input({4}), Dense({.units = 8, .name = "a"}), BatchNormalization({.name = "n"}),
                Dense({.units = 9, .name = "b"})});
}

class LoadWeights : public ::testing::Test {
 protected:
  std::string file(const std::string& ending) {
    const std::string path = folder_.file("m" + ending);
    if (ending == ".keras" || ending == ".h5") {
      saved().save(path);
    } else {
      saved().save_weights(path);
    }
    return path;
  }
  static std::vector<std::string> without(const std::string& path, std::vector<std::string> lines) {
    for (std::string& each : lines) {
      EXPECT_EQ(each.substr(0, path.size()), path);
      each = each.substr(std::min(each.size(), path.size() + 2));
    }
    return lines;
  }

  TestFolder folder_;
};

TEST_F(LoadWeights, AMismatchNamesTheLayerAndBothShapesAndChangesNothing) {
  for (const char* const ending : {".h5", ".keras", ".weights.h5"}) {
    const std::string path = file(ending);
    Sequential model = wider();
    EXPECT_EQ(error_of([&] { model.load_weights(path); }),
              path +
                  ": Dense \"b\": kernel: expected float32 values of shape (8, 9), got float32 "
                  "of shape (8, 3).");
    EXPECT_THAT(set_in(model), IsEmpty());
  }
  for (const char* const ending : {".npz", ".safetensors"}) {
    const std::string path = file(ending);
    Sequential model = wider();
    EXPECT_EQ(error_of([&] { model.load_weights(path); }),
              path + ": b/kernel: expected shape (8, 9), got (8, 3).");
    EXPECT_THAT(set_in(model), IsEmpty());
  }
}

TEST_F(LoadWeights, SkipMismatchLeavesOutWhatDiffers) {
  const char* const kRest[] = {"a/kernel", "a/bias",        "n/gamma",
                               "n/beta",   "n/moving_mean", "n/moving_variance"};
  const std::vector<std::string> rest(std::begin(kRest), std::end(kRest));
  for (const char* const ending : {".h5", ".keras", ".weights.h5", ".npz", ".safetensors"}) {
    const std::string path = file(ending);
    Sequential model = wider();
    const auto left_out = model.load_weights(path, {.skip_mismatch = true});
    EXPECT_EQ(set_in(model), rest) << ending;
    // In files of Keras 3's a layer is left out as a whole.
    const bool by_layer = std::string(ending) == ".keras" || std::string(ending) == ".weights.h5";
    ASSERT_EQ(left_out.size(), by_layer ? 1U : 2U) << ending;
    EXPECT_THAT(left_out[0], AllOf(HasSubstr("b"), HasSubstr("(8, 9)"), HasSubstr("(8, 3)")));
  }
}

TEST_F(LoadWeights, ByNameLeavesOtherLayersAsTheyAre) {
  Sequential other = zeros({Input({4}), Dense({.units = 8, .name = "a"}),
                            Dense({.units = 8, .name = "new"}), Dense({.units = 3, .name = "b"})});
  for (const char* const ending : {".h5", ".npz", ".safetensors"}) {
    for (const auto& [name, values] : other.weights()) {
      other.set_weight(name, Tensor(values.shape()));
    }
    EXPECT_THAT(other.load_weights(file(ending), {.by_name = true}), IsEmpty());
    EXPECT_THAT(set_in(other), ElementsAre("a/kernel", "a/bias", "b/kernel", "b/bias")) << ending;
  }
}

TEST_F(LoadWeights, ByNameComparesShapesToo) {
  const std::string path = file(".h5");
  Sequential model = deeper();
  EXPECT_EQ(error_of([&] { model.load_weights(path, {.by_name = true}); }),
            path +
                ": Dense \"b\": kernel: expected float32 values of shape (5, 3), got float32 of "
                "shape (8, 3).");
  EXPECT_THAT(set_in(model), IsEmpty());
  EXPECT_THAT(
      without(path, model.load_weights(path, {.by_name = true, .skip_mismatch = true})),
      ElementsAre("Dense \"b\": kernel: expected float32 values of shape (5, 3), got float32 of "
                  "shape (8, 3)."));
  EXPECT_THAT(set_in(model), ElementsAre("a/kernel", "a/bias", "b/bias"));
  Sequential fewer = zeros({Input({4}), Dense({.units = 8, .use_bias = false, .name = "a"})});
  EXPECT_EQ(error_of([&] { fewer.load_weights(path, {.by_name = true}); }),
            path + ": Dense \"a\": expected 1 weights, got 2 of layer \"a\".");
}

TEST_F(LoadWeights, ByNameIsRefusedWhereItWouldFindNothing) {
  for (const char* const ending : {".keras", ".weights.h5"}) {
    const std::string path = file(ending);
    Sequential model = wider();
    EXPECT_EQ(error_of([&] { model.load_weights(path, {.by_name = true}); }),
              path +
                  ": has no names of layers, by which it could be read; expected an .h5, .npz "
                  "or .safetensors file. Hint: skip_mismatch leaves out layers that differ");
  }
  for (const char* const ending : {".h5", ".npz", ".safetensors"}) {
    const std::string path = file(ending);
    Sequential model = zeros({Input({4}), Dense({.units = 8, .name = "other"})});
    EXPECT_THAT(error_of([&] { model.load_weights(path, {.by_name = true}); }),
                AllOf(HasSubstr("of a name that the network has, such as other"), EndsWith(".")));
  }
}

TEST_F(LoadWeights, SkipMismatchLeavesOutLayersThatAFileOfKeras3HasNot) {
  const std::string path = file(".weights.h5");
  Sequential model = deeper();
  EXPECT_THAT(without(path, model.load_weights(path, {.skip_mismatch = true})),
              ElementsAre("Dense \"new\": kernel: expected float32 values of shape (8, 5), got "
                          "float32 of shape (8, 3).",
                          "Dense \"b\": expected 2 variables, got 0."));
  EXPECT_THAT(set_in(model), ElementsAre("a/kernel", "a/bias"));
}

// As in Keras.
TEST_F(LoadWeights, AnotherNumberOfWeightsInOrderIsAnErrorInAnyCase) {
  const std::string path = file(".h5");
  Sequential model = deeper();
  EXPECT_EQ(error_of([&] { model.load_weights(path, {.skip_mismatch = true}); }),
            path + ": Dense \"new\": expected 2 weights, got 4 of layer \"n\".");
  EXPECT_THAT(set_in(model), IsEmpty());
}

// Files that Keras 3.15.1 wrote.
TEST_F(LoadWeights, OfFilesThatKerasWrote) {
  const KerasFiles files("keras_files");
  const Model whole = load_model(files.file("chain.keras"), {.compile = false});
  const std::vector<Tensor> expected = files.outputs(whole, "chain");
  for (const char* const file : {"chain.h5", "chain.keras", "chain.weights.h5"}) {
    Model model = load_model(files.file("chain.keras"), {.compile = false});
    for (const auto& [name, values] : model.weights()) {
      model.set_weight(name, Tensor(values.shape()));
    }
    const bool by_name = std::string(file) == "chain.h5";
    EXPECT_THAT(
        model.load_weights(files.file(file), {.by_name = by_name, .skip_mismatch = !by_name}),
        IsEmpty());
    const std::vector<Tensor> found = files.outputs(model, "chain");
    ASSERT_EQ(found.size(), expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_TRUE(std::ranges::equal(found[i].span<float>(), expected[i].span<float>())) << file;
    }
  }
}

}  // namespace load_weights_test
}  // namespace cornu::inline v0
