// Files that real Keras 3 wrote: what they predict, and what one more step of training makes of
// them; and the same after Cornu has written them.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <map>

#include "cornu/core/file.h"
#include "cornu/cornu.h"
#include "cornu/formats/hdf5.h"
#include "cornu/formats/json.h"
#include "cornu/report/test_folder_test.h"
#include "keras_files.h"

namespace cornu::inline v0 {
namespace keras_files_test {

const KerasFiles& files() {
  static const KerasFiles all("keras_files");
  return all;
}

std::string file_of(const std::string& name) {
  return files().file(name);
}

void expect_same(const std::vector<Tensor>& a, const std::vector<Tensor>& b,
                 const std::string& what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(a[i].span<float>(), b[i].span<float>())) << what;
  }
}

const char* const kModels[] = {"chain",   "layers",      "network",  "fresh",   "adamw",
                               "nadam",   "adamax",      "adadelta", "adagrad", "lion",
                               "average", "activations", "metrics"};

std::vector<std::string> files_of(const std::string& name) {
  std::vector<std::string> files = {file_of(name + ".keras")};
  if (std::filesystem::exists(file_of(name + ".h5"))) files.push_back(file_of(name + ".h5"));
  return files;
}

TEST(KerasFiles, PredictAndTrainAsInKeras) {
  for (const std::string name : kModels) {
    for (const std::string& file : files_of(name)) {
      Model model = load_model(file);
      files().expect_outputs(model, name, "y", file);
      files().train_one_step(model, name);
      files().expect_outputs(model, name, "after", file + ", after a step");
    }
  }
}

TEST(KerasFiles, AreWrittenAndReadAgain) {
  const TestFolder folder;
  for (const std::string name : kModels) {
    Model model = load_model(file_of(name + ".keras"));
    const std::vector<Tensor> before = files().outputs(model, name);
    std::vector<std::string> written;
    for (const char* ending : {".keras", ".h5"}) {
      written.push_back(folder.file(name + ending));
      model.save(written.back());
    }
    files().train_one_step(model, name);
    for (const std::string& file : written) {
      Model again = load_model(file);
      EXPECT_EQ(again.summary(), model.summary());
      expect_same(files().outputs(again, name), before, file);
      files().train_one_step(again, name);
      files().expect_outputs(again, name, "after", file + ", after a step");
    }
  }
}

TEST(KerasFiles, OfWeightsAreLoadedIntoAModel) {
  const TestFolder folder;
  for (const std::string name : {"chain", "layers", "network"}) {
    Model model = load_model(file_of(name + ".keras"), {.compile = false});
    const std::vector<Tensor> before = files().outputs(model, name);
    model.save_weights(folder.file(name + ".weights.h5"));
    for (const std::string& file : {file_of(name + ".weights.h5"),
                                    folder.file(name + ".weights.h5"), file_of(name + ".h5")}) {
      for (const auto& [weight, values] : model.weights()) {
        model.set_weight(weight, Tensor(values.shape()));
      }
      model.load_weights(file);
      expect_same(files().outputs(model, name), before, file);
    }
  }
}

/// What Keras's evaluate() counts, by Cornu's names: a metric of several thresholds is several
/// metrics here, and of two with one name the second is numbered, where Keras writes "weighted_"
/// before the name of a weighted one.
std::map<std::string, double> keras_logs(const formats::Safetensors& goldens) {
  const TensorView text = golden_tensor(goldens, "metrics/logs");
  const std::string json(reinterpret_cast<const char*>(text.data()), text.nbytes());
  std::map<std::string, double> logs;
  const Value all = formats::read_json(json, "metrics/logs");
  for (const auto& [given, value] : all.as_map()) {
    const std::string name = given == "number_weighted_mape" ? "number_mape_1" : given;
    if (!value.is_list()) {
      logs[name] = value.as_double();
      continue;
    }
    for (size_t i = 0; i < value.as_list().size(); ++i) {
      logs[i == 0 ? name : name + "_" + std::to_string(i)] = value.as_list()[i].as_double();
    }
  }
  return logs;
}

void expect_logs(const Model& model, const std::string& what) {
  const auto x = files().tensors("metrics", "x"), y = files().tensors("metrics", "target");
  const formats::Safetensors goldens = golden("keras_files");
  const Dataset data =
      Dataset(std::vector<Tensor>(x.begin(), x.end()), std::vector<Tensor>(y.begin(), y.end()))
          .weighted(Tensor(golden_tensor(goldens, "metrics/weights")));
  const Logs logs = model.evaluate(data, {.batch_size = 3});
  const std::map<std::string, double> expected = keras_logs(goldens);
  EXPECT_EQ(static_cast<size_t>(std::ranges::distance(logs)), expected.size()) << what;
  for (const auto& [name, value] : expected) {
    EXPECT_NEAR(logs[name], value, 3e-6 * std::max(1., std::abs(value))) << what << ", " << name;
  }
}

TEST(KerasFiles, HaveMetricsThatCountAsInKeras) {
  const TestFolder folder;
  for (const std::string& file : files_of("metrics")) {
    const Model model = load_model(file);
    expect_logs(model, file);
    for (const char* ending : {".keras", ".h5", ".safetensors"}) {
      model.save(folder.file(std::string("m") + ending));
      expect_logs(load_model(folder.file(std::string("m") + ending)), file + ", " + ending);
    }
  }
}

TEST(KerasFiles, HaveLayersAsActivations) {
  for (const std::string& file : files_of("activations")) {
    const Model model = load_model(file);
    const Value config(model.graph().layers()[2].description().config());
    EXPECT_EQ(config["activation"], Value(Value::Map{{"class_name", "ReLU"},
                                                     {"config", Value::Map{{"max_value", 0.5},
                                                                           {"negative_slope", 0.25},
                                                                           {"threshold", 0.125}}}}))
        << file;
  }
}

// The names that Keras 3.15.1 gives these weights, behind that of the network: those that train
// come first, and files are read by this order.
TEST(KerasFiles, ListTheWeightsOfANetworkWithinInKerasOrder) {
  const Sequential inner(
      {Input({2}), Dense({.units = 2, .name = "a"}), BatchNormalization({.name = "n"}),
       Dense({.units = 2, .name = "b", .trainable = false}), Dense({.units = 1, .name = "c"})},
      {.name = "inner"});
  const Sequential model({Input({2}), inner.as_layer()});
  const TestFolder folder;
  model.save(folder.file("m.h5"));
  const Block file = read_block(folder.file("m.h5"), 1 << 20);
  const formats::Hdf5Group root = formats::read_hdf5(file.span(), "m.h5");
  const formats::Hdf5Group* const group = root.group("model_weights/inner");
  ASSERT_NE(group, nullptr);
  std::vector<std::string> names;
  for (const Value& each : group->attribute("weight_names")->as_list()) {
    const std::string& name = each.as_string();
    names.push_back(name.substr(name.find('/') + 1));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"a/kernel", "a/bias", "n/gamma", "n/beta", "c/kernel",
                                             "c/bias", "n/moving_mean", "n/moving_variance",
                                             "b/kernel", "b/bias"}));
}

}  // namespace keras_files_test
}  // namespace cornu::inline v0
