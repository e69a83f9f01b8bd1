// Whole fits of networks drawn at random, compared with real Keras: tests/goldens/make_fits.py.

#include <gtest/gtest.h>

#include <cstdio>

#include "cornu/cornu.h"
#include "cornu/formats/json.h"
#include "golden_files.h"
#include "parts/lowered.h"

namespace cornu::inline v0 {
namespace fits_test {

constexpr double kLogs = 1e-5;     // of the largest of three epochs
constexpr double kWeights = 1e-4;  // of a tensor's largest, after up to 30 steps

/// One fit of the golden, stored under its number.
class Fit {
 public:
  Fit(const formats::Safetensors& keras, int number)
      : keras_(keras), prefix_(std::to_string(number) + "/") {
    if (there("job")) job_ = formats::read_json(text("job"), prefix_ + "job");
  }

  bool there(const std::string& name) const { return keras_.find(prefix_ + name) != nullptr; }

  Model model() const {
    Model model = model_from_json(text("network"));
    for (const auto& [name, value] : model.weights()) {
      model.set_weight(name, golden_tensor(keras_, prefix_ + "before/" + name));
    }
    for (const Value& name : job_["frozen"].as_list()) {
      model.get_layer(name.as_string()).set_trainable(false);
    }
    CompileOptions options;
    const Value& optimizer = job_["optimizer"];
    options.optimizer = make_optimizer(optimizer["name"].as_string(), optimizer["config"].as_map());
    auto& metrics =
        job_["by_weight"].as_bool() ? options.output_weighted_metrics : options.output_metrics;
    for (size_t i = 0; i < outputs(); ++i) {
      const std::string output = "out_" + std::to_string(i);
      const Value& loss = job_["losses"].as_list()[i];
      options.losses.emplace(output, make_loss(loss["name"].as_string(), loss["config"].as_map()));
      options.loss_weights[output] = job_["loss_weights"].as_list()[i].as_double();
      for (const Value& name : job_["metrics"].as_list()[i].as_list()) {
        metrics[output].emplace_back(name.as_string());
      }
    }
    model.compile(options);
    return model;
  }

  Dataset data(const std::string& part) const {
    std::vector<Tensor> x = all(part + "x");
    std::vector<Tensor> w = all(part + "w");
    std::vector<bool> bytes;
    for (const Tensor& each : x) bytes.push_back(each.dtype() == DType::uint8);
    Dataset data(std::move(x), all(part + "y"));
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i]) data = data.divide(255, i);
    }
    return w.empty() ? data : data.weighted(std::move(w));
  }

  int64_t batch_size() const { return job_["batch_size"].as_int(); }

  void expect(const History& history, const Model& model) const {
    const std::string of_logs = prefix_ + "history/";
    for (const auto& [name, values] : keras_.tensors) {
      if (!name.starts_with(of_logs)) continue;
      const std::vector<double> found = history[name.substr(of_logs.size())];
      expect_close(Tensor::of<double>({std::ssize(found)}, found), values, kLogs, name);
    }
    for (const auto& [name, value] : model.weights()) {
      const std::string after = prefix_ + "after/" + name;
      expect_close(value, golden_tensor(keras_, after), kWeights, after);
    }
  }

 private:
  size_t outputs() const { return job_["losses"].as_list().size(); }
  std::string text(const std::string& name) const {
    const TensorView bytes = golden_tensor(keras_, prefix_ + name);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.nbytes()};
  }
  std::vector<Tensor> all(const std::string& name) const {
    std::vector<Tensor> found;
    while (const Tensor* each = keras_.find(prefix_ + name + std::to_string(found.size()))) {
      found.push_back(*each);
    }
    return found;
  }

  const formats::Safetensors& keras_;
  std::string prefix_;
  Value job_;
};

TEST(Fits, EndWhereKerasEnds) {
  const formats::Safetensors keras = golden("fits");
  int fits = 0;
  for (; Fit(keras, fits).there("job"); ++fits) {
    SCOPED_TRACE(fits);
    const Fit fit(keras, fits);
    Model model = fit.model();
    const History history = model.fit(fit.data(""), {.batch_size = fit.batch_size(),
                                                     .epochs = 3,
                                                     .verbose = 0,
                                                     .validation_data = fit.data("val_"),
                                                     .shuffle = false});
    fit.expect(history, model);
  }
  EXPECT_EQ(fits, 40);
  std::printf("%d fits\n", fits);
}

}  // namespace fits_test
}  // namespace cornu::inline v0
