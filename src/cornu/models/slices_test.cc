#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cornu/core/processes_test.h"
#include "cornu/core/rng.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/input.h"
#include "cornu/models/sequential.h"
#include "cornu/optimizers/adadelta.h"
#include "cornu/optimizers/adam.h"
#include "cornu/optimizers/adamw.h"
#include "cornu/optimizers/nadam.h"
#include "cornu/optimizers/rmsprop.h"
#include "cornu/optimizers/sgd.h"
#include "cornu/regularizers/l1_l2.h"

namespace cornu::inline v0 {
namespace slices_test {

/// 45 samples of 36 numbers and their classes of three.
Dataset samples() {
  Tensor x({45, 36});
  Tensor y({45}, DType::uint8);
  uint64_t word = 5;
  for (float& each : x.span<float>()) {
    each = uniform(static_cast<uint32_t>(word = mix(word, 1))) - 0.5F;
  }
  for (uint8_t& each : y.span<uint8_t>()) each = static_cast<uint8_t>((word = mix(word, 2)) % 3);
  return {std::move(x), std::move(y)};
}

/// The numbers of weights and of the optimizer's state.
std::map<std::string, std::vector<float>> numbers_of(const Model& model) {
  std::map<std::string, std::vector<float>> all;
  const auto add = [&](const std::string& name, const TensorView& values) {
    std::vector<float>& to = all[name];
    for (int64_t i = 0; i < values.size(); ++i) to.push_back(static_cast<float>(values.at(i)));
  };
  for (const auto& [name, values] : model.weights()) add(name, values);
  for (const auto& [name, values] : model.training_state().optimizer) add(name, values);
  return all;
}

/// Saves the numbers of a model that is paused after a step.
class SavesAfter final : public Callback {
 public:
  SavesAfter(const Model& model, int64_t step) : model_(model), step_(step) {}
  bool watches_batches() const override { return false; }  // or no update would be divided
  bool is_for_first() const override { return true; }
  bool wants_pause(int64_t step) override { return step == step_; }
  void on_pause(const Pause& pause) override {
    if (pause.within_epoch && saved.empty()) saved = numbers_of(model_);
  }
  void on_epoch_end(EpochRecord&, const History&) override { ended = numbers_of(model_); }
  std::map<std::string, std::vector<float>> saved, ended;

 private:
  const Model& model_;
  int64_t step_;
};

// Moments are complete wherever someone may read them: in a pause within an epoch, which the first
// process alone takes, after each epoch, and after the fit.
void processes_have_the_numbers_of_one() {
  const std::vector<Optimizer> optimizers = {
      SGD({.momentum = 0.9, .nesterov = true}),
      AdamW({.weight_decay = 0.1}),
      Adam({.weight_decay = 0.01, .clipvalue = 0.01}),
      Adam({.amsgrad = true, .use_ema = true, .ema_overwrite_frequency = 4}),
      RMSprop({.momentum = 0.5, .centered = true}),
      Nadam({.gradient_accumulation_steps = 3}),
      Adam({.global_clipnorm = 0.1}),
      Adadelta()};
  for (const Optimizer& optimizer : optimizers) {
    const auto trained = [&](const std::shared_ptr<Communicator>& processes, int threads) {
      Sequential model({Input({36}),
                        Dense({.units = 200, .activation = "relu", .kernel_regularizer = L2(0.01)}),
                        Dense(300, "relu"), Dense(3, "softmax")});
      model.compile({.optimizer = optimizer,
                     .loss = "sparse_categorical_crossentropy",
                     .shards = 6,
                     .execution = {.team = std::make_shared<Team>(threads), .minimum_work = 0}});
      const auto saves = std::make_shared<SavesAfter>(model, 4);
      model.fit(samples(), {.batch_size = 5,
                            .epochs = 2,
                            .verbose = 0,
                            .callbacks = {saves},
                            .distribute = processes});
      return std::vector{saves->saved, saves->ended, numbers_of(model)};
    };
    const auto one = trained(nullptr, 1);
    ASSERT_FALSE(one[0].empty());
    ASSERT_NE(one[0], one[2]);
    for (const int count : {2, 3, 6}) {
      run_processes(count, [&](const std::shared_ptr<Communicator>& processes) {
        const auto all = trained(processes, processes->rank() % 2 + 1);
        EXPECT_EQ(all[2], one[2]) << optimizer->name() << ", process " << processes->rank();
        if (processes->rank() > 0) return;
        EXPECT_EQ(all[0], one[0]) << optimizer->name();
        EXPECT_EQ(all[1], one[1]) << optimizer->name();
      });
    }
  }
}

TEST(Slices, ProcessesThatUpdateSlicesHaveTheNumbersOfOne) {
  processes_have_the_numbers_of_one();
}
TEST(Slices, SoDoProcessesOfSeveralMachines) {
  const WithoutSharedMemory several;
  processes_have_the_numbers_of_one();
}

}  // namespace slices_test
}  // namespace cornu::inline v0
