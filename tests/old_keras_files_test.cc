// Files that Keras 1.2 to 3.10 wrote: what they predict, and what one more step of training makes
// of them. Today's Keras opens few of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "cornu/core/error_of_test.h"
#include "cornu/cornu.h"
#include "cornu/report/test_folder_test.h"
#include "keras_files.h"

namespace cornu::inline v0 {
namespace old_keras_files_test {

const KerasFiles& files() {
  static const KerasFiles all("old_keras_files");
  return all;
}

std::string stem_of(const std::string& file) {
  return file.substr(0, file.rfind('.'));
}

const char* const kFiles[] = {"1.2.2_layer_embedding.h5",
                              "1.2.2_merge_functions.h5",
                              "1.2.2_old_convolutions.h5",
                              "1.2.2_old_convolutions_turned.h5",
                              "1.2.2_old_convolution_of_lines.h5",
                              "2.1.6_layer_convolution.h5",
                              "2.1.6_layer_depthwise.h5",
                              "2.1.6_nested_twice.h5",
                              "2.1.6_optimizer_adam_amsgrad.h5",
                              "2.2.4_shared_layers.h5",
                              "2.3.1_chain_with_input_layer.h5",
                              "2.3.1_outputs_dict.h5",
                              "2.4.0_optimizer_adam_decay.h5",
                              "2.10.0_compiled_with_objects.h5",
                              "2.10.0_names_with_slashes.h5",
                              "2.11.0_outputs_dict.h5",
                              "2.13.1_nested_functional.keras",
                              "2.15.0_arithmetic.h5",
                              "2.15.0_metric_of_one_output.h5",
                              "2.15.0_optimizer_sgd.keras",
                              "3.0.5_optimizer_nadam.keras",
                              "3.5.0_optimizer_nadam.h5",
                              "3.10.0_names_in_utf8.h5"};

TEST(OldKerasFiles, PredictAndTrainAsThere) {
  for (const std::string file : kFiles) {
    const std::string name = stem_of(file);
    Model model = load_model(files().file(file));
    files().expect_outputs(model, name, "y", file);
    if (files().tensors(name, "after").empty()) continue;
    files().train_one_step(model, name);
    files().expect_outputs(model, name, "after", file + ", after a step");
  }
}

TEST(OldKerasFiles, AreWrittenAsTodays) {
  const TestFolder folder;
  for (const std::string file : kFiles) {
    const std::string name = stem_of(file);
    const Model model = load_model(files().file(file));
    for (const char* ending : {".keras", ".h5"}) {
      const std::string again = folder.file(name + ending);
      model.save(again);
      Model loaded = load_model(again);
      files().expect_outputs(loaded, name, "y", again);
      if (files().tensors(name, "after").empty()) continue;
      files().train_one_step(loaded, name);
      files().expect_outputs(loaded, name, "after", again + ", after a step");
    }
  }
}

TEST(OldKerasFiles, HaveTheOptimizersState) {
  const Model model = load_model(files().file("2.1.6_optimizer_adam_amsgrad.h5"));
  const TrainingState state = model.training_state();
  EXPECT_EQ(state.steps, 3);
  // Two for each of six weights, v_hat, and the powers of beta.
  EXPECT_EQ(state.optimizer.size(), 3 * 6 + 2);
}

TEST(OldKerasFiles, KeepTheProductOfNadamWhereverItStands) {
  for (const char* file : {"3.0.5_optimizer_nadam.keras", "3.5.0_optimizer_nadam.h5"}) {
    const Model model = load_model(files().file(file));
    const auto states = model.training_state().optimizer;
    const auto found =
        std::ranges::find(states, "nadam/u_product", [](const auto& each) { return each.first; });
    ASSERT_NE(found, states.end()) << file;
    EXPECT_NEAR(found->second.at(0), 0.11397993, 1e-7) << file;
  }
}

// Keras 1 does not say on what it ran. Theano turned kernels around, TensorFlow did not.
TEST(OldKerasFiles, HaveConvolutionsOfTheanoAndOfTensorFlow) {
  Model model = load_model(files().file("1.2.2_old_convolutions_on_tensorflow.h5"));
  files().expect_outputs(model, "1.2.2_old_convolutions", "y", "of TensorFlow");
  for (const auto& [weight, values] : model.weights()) {
    model.set_weight(weight, Tensor(values.shape()));
  }
  model.load_weights(files().file("1.2.2_old_convolutions.h5"));
  files().expect_outputs(model, "1.2.2_old_convolutions", "y", "of Theano");
}

TEST(OldKerasFiles, AreRefusedWhereTheanoPadsOtherwise) {
  EXPECT_THAT(error_of([] { load_model(files().file("1.2.2_old_convolution_with_steps.h5")); }),
              ::testing::HasSubstr("Conv2D \"convolution2d_5\": was saved by Keras on Theano, "
                                   "where padding \"same\" put other zeros"));
}

// A file of tf.keras 2.2.4, with the numbers that Keras 3.15.1 computes from its weights.
TEST(OldKerasFiles, HaveDepthwiseConvolutions) {
  const char* const folder = std::getenv("CORNU_FIXTURES");
  if (folder == nullptr) GTEST_SKIP() << "fixtures not found";
  const Model model = load_model(std::string(folder) + "/dl4j_cnn2d_40.h5");
  Tensor x(Shape{2, 3, 10, 10});
  int64_t i = 0;
  for (float& each : x.span<float>()) each = static_cast<float>(i++ * 7 % 23 - 11) / 8;
  const std::vector<float> expected = {
      0.24000163F, 0.3046174F,  0.29114962F, 0.27529246F, 0.28281218F, 0.18606941F, 0.27529246F,
      0.29382506F, 0.23632029F, 0.0882628F,  0.27919623F, 0.29203063F, 0.27529246F, 0.28281218F,
      0.18606941F, 0.27529246F, 0.29382506F, 0.25700861F, 0.20941468F, 0.21502401F};
  const Tensor y = model.predict(x);
  ASSERT_EQ(y.shape(), Shape({2, 10}));
  for (size_t at = 0; at < expected.size(); ++at) {
    EXPECT_NEAR(y.span<float>()[at], expected[at], 2e-6F) << at;
  }
}

TEST(OldKerasFiles, MayHaveSlashesInNames) {
  const Model model = load_model(files().file("2.10.0_names_with_slashes.h5"));
  std::vector<std::string> names;
  for (const auto& [weight, values] : model.weights()) names.push_back(weight);
  EXPECT_EQ(names, (std::vector<std::string>{"block1_dense/kernel", "block1_dense/bias",
                                             "block1_out_last/kernel", "block1_out_last/bias"}));
}

TEST(OldKerasFiles, AreLoadedByNamesWithSlashes) {
  const std::string name = "2.10.0_names_with_slashes";
  Model model = load_model(files().file(name + ".h5"));
  for (const auto& [weight, values] : model.weights()) {
    model.set_weight(weight, Tensor(values.shape()));
  }
  model.load_weights(files().file(name + ".h5"), {.by_name = true});
  files().expect_outputs(model, name, "y", "by name");
}

TEST(OldKerasFiles, MayHaveMetricsOfOneOutputAlone) {
  Model model = load_model(files().file("2.15.0_metric_of_one_output.h5"));
  const auto& options = model.compile_options();
  ASSERT_EQ(options.output_metrics.size(), 1U);
  EXPECT_TRUE(options.output_metrics.contains("number"));
}

TEST(OldKerasFiles, LoadWithoutAnOptimizerWhoseVariablesShareOneName) {
  const std::string file = files().file("3.5.0_optimizer_adagrad.h5");
  try {
    load_model(file);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                ::testing::HasSubstr("has several variables named adagrad/accumulator"));
  }
  EXPECT_EQ(load_model(file, {.compile = false}).weights().size(), 8U);
}

TEST(OldKerasFiles, MayHaveBackslashesInNames) {
  const std::string name = "2.13.1_nested_functional";
  Model model = load_model(files().file(name + ".keras"), {.compile = false});
  for (const auto& [weight, values] : model.weights()) {
    model.set_weight(weight, Tensor(values.shape()));
  }
  model.load_weights(files().file("2.13.1_named_by_windows.weights.h5"));
  files().expect_outputs(model, name, "y", "named_by_windows");
}

}  // namespace old_keras_files_test
}  // namespace cornu::inline v0
