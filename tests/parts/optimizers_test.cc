// Every optimizer with every option compared with Keras, over ten steps from given gradients.

#include <gmock/gmock.h>

#include <map>

#include "cornu/formats/json.h"
#include "lowered.h"

namespace cornu::inline v0 {
namespace optimizers_test {

const std::vector<std::string> kNames = {"sgd",      "adam",   "adamw", "rmsprop", "adagrad",
                                         "adadelta", "adamax", "nadam", "lion"};

/// Weights that an optimizer updates from given gradients, without a network.
class Followed {
 public:
  Followed(const Optimizer& optimizer, const std::map<std::string, Tensor>& weights)
      : optimizer_(optimizer) {
    Builder b;
    std::vector<TrainedWeight> trained;
    for (const auto& [name, value] : weights) {
      memory_[name] = value;
      memory_["d " + name] = Tensor(value.shape());
      b.declare_weight(name, value.shape(), true);
      trained.push_back({b.weight(name), b.state("d " + name, value.shape())});
    }
    lower_updates(*optimizer, b, trained);
    Plan plan{.mode = Mode::training, .capacity = 1};
    plan.slots = b.slots();
    plan.ops = b.ops();
    executor_ = make_executor(plan, [&](const Slot& slot) { return bind(slot); });
    workspace_ = executor_->make_workspace();
  }

  void set_gradient(const std::string& name, TensorView values) {
    const auto to = memory_.at("d " + name).span<float>();
    for (size_t i = 0; i < to.size(); ++i) {
      to[i] = static_cast<float>(values.at(static_cast<int64_t>(i)));
    }
  }
  const Tensor& weight(const std::string& name) const { return memory_.at(name); }

  void step() {
    const int64_t every =
        std::max<int64_t>(1, optimizer_->update_options().gradient_accumulation_steps);
    Batch batch;
    batch.rows = 1;
    executor_->run(batch,
                   {.learning_rate = optimizer_->learning_rate().at(0),
                    .updates = steps_ / every,
                    .closes = (steps_ + 1) % every == 0},
                   *workspace_);
    ++steps_;
  }

  /// Replaces the weight by its average, if there is one, as the end of a fit() does.
  void take_average(const std::string& name) {
    const auto found = memory_.find(std::string(optimizer_->name()) + "/" + name + "/average");
    if (found != memory_.end()) memory_.at(name) = found->second;
  }

 private:
  std::byte* bind(const Slot& slot) {
    const auto [found, made] = memory_.try_emplace(slot.name, slot.shape, slot.dtype);
    if (made && slot.dtype == DType::float64) found->second.span<double>()[0] = slot.initial;
    if (made && slot.dtype == DType::float32) {
      std::ranges::fill(found->second.span<float>(), static_cast<float>(slot.initial));
    }
    return found->second.data();
  }

  const Optimizer optimizer_;
  std::map<std::string, Tensor> memory_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Workspace> workspace_;
  int64_t steps_ = 0;
};

void follow(const formats::Safetensors& keras, const std::string& place, const std::string& name) {
  const TensorView text = golden_tensor(keras, place + "/options");
  const std::string json(reinterpret_cast<const char*>(text.data()), text.nbytes());
  const Optimizer optimizer = make_optimizer(name, formats::read_json(json, place).as_map());
  std::map<std::string, Tensor> weights;
  for (const char* weight : {"kernel", "bias"}) {
    weights[weight] = as_float(golden_tensor(keras, weight));
  }
  Followed followed(optimizer, weights);
  std::map<std::string, Tensor> after;  // the weights of every step, as the golden has them
  for (const auto& [weight, value] : weights) {
    after[weight] = Tensor(golden_tensor(keras, place + "/" + weight).shape());
  }
  for (int64_t step = 0; step < 10; ++step) {
    for (const auto& [weight, value] : weights) {
      const std::string of = weight + (name == "lion" ? "_lion_gradients" : "_gradients");
      followed.set_gradient(weight, golden_tensor(keras, of).row(step));
    }
    followed.step();
    for (const auto& [weight, value] : weights) {
      if (step == 9) followed.take_average(weight);
      const auto now = followed.weight(weight).span<float>();
      std::ranges::copy(now, after[weight].span<float>().begin() + step * std::ssize(now));
    }
  }
  for (const auto& [weight, found] : after) expect_as_keras(found, keras, place + "/" + weight);
}

TEST(Optimizers, FollowKerasOverTenSteps) {
  const formats::Safetensors keras = golden("optimizers");
  std::vector<std::string> names;
  for (const OptimizerEntry& entry : optimizer_table()) names.emplace_back(entry.name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAreArray(kNames));
  int cases = 0;
  for (const std::string& name : kNames) {
    int of_name = 0;
    for (const auto& [path, tensor] : keras.tensors) {
      if (!path.starts_with(name + "/") || !path.ends_with("/options")) continue;
      follow(keras, path.substr(0, path.rfind('/')), name);
      ++of_name;
    }
    EXPECT_GE(of_name, 11) << name << " has no golden";
    cases += of_name;
  }
  EXPECT_EQ(cases, 105);
  std::printf("%d cases of %zu optimizers\n", cases, kNames.size());
}

}  // namespace optimizers_test
}  // namespace cornu::inline v0
