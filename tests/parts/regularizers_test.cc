// Regularizers alone and in a fit, compared with real Keras: tests/goldens/make_regularizers.py.

#include <gmock/gmock.h>

#include <set>

#include "cornu/formats/json.h"
#include "lowered.h"

namespace cornu::inline v0 {
namespace regularizers_test {

// A second list, so that no regularizer is added or lost without its golden.
const std::vector<std::string> kRegularizers = {"l1", "l2", "l1l2"};

TEST(Regularizers, AreTheseAndNoOthers) {
  std::vector<std::string> names;
  for (const RegularizerEntry& entry : regularizer_table()) names.emplace_back(entry.name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAreArray(kRegularizers));
}

struct Cost {
  Tensor y, dw;
};

Cost cost_of(const Regularizer& regularizer, Tensor w, int threads) {
  Builder b;
  b.declare_weight("layer/w", w.shape(), true);
  const SlotId weight = b.weight("layer/w");
  const SlotId penalty = regularizer->lower(b, weight);
  b.ops().back().split = Split::one;
  b.add_penalty(penalty);
  b.derive_gradients();
  const SlotId dw = b.gradient(weight);
  Plan plan{.mode = Mode::training, .capacity = 1};
  plan.slots = b.slots();
  plan.ops = b.ops();
  plan.penalties = b.penalties();
  const auto executor = make_executor(plan, [&](const Slot&) { return w.data(); },
                                      {.team = std::make_shared<Team>(threads),
                                       .minimum_work = 0,
                                       .without = {"shard_columns", "share_memory"}});
  const auto workspace = executor->make_workspace();
  Batch batch;
  batch.rows = 1;
  executor->run(batch, {}, *workspace);
  return {Tensor(executor->value(penalty, *workspace, 1)),
          Tensor(executor->value(dw, *workspace, 1))};
}

TEST(Regularizers, MatchKerasWithTheirGradients) {
  const formats::Safetensors keras = golden("regularizers");
  std::set<std::string> seen;
  int cases = 0;
  for (const auto& [path, tensor] : keras.tensors) {
    if (!path.ends_with("/config")) continue;
    const std::string place = path.substr(0, path.rfind('/') + 1);
    SCOPED_TRACE(place);
    const std::string json(reinterpret_cast<const char*>(tensor.data()), tensor.nbytes());
    const Regularizer regularizer = make_regularizer(place.substr(0, place.find('/')),
                                                     formats::read_json(json, place).as_map());
    for (const int threads : {1, 2, 3}) {
      const Cost cost = cost_of(regularizer, as_float(golden_tensor(keras, place + "w")), threads);
      expect_as_keras(cost.y, keras, place + "y");
      expect_as_keras(cost.dw, keras, place + "dw");
    }
    seen.emplace(regularizer->name());
    ++cases;
  }
  EXPECT_THAT(seen, ::testing::UnorderedElementsAreArray(kRegularizers));
  std::printf("%d cases of %zu regularizers\n", cases, kRegularizers.size());
  EXPECT_EQ(cases, 18);
}

TEST(Regularizers, CountInAFitAsInKeras) {
  const formats::Safetensors keras = golden("regularizers");
  const auto tensor = [&](const std::string& name) {
    return Tensor(golden_tensor(keras, "fit/" + name));
  };
  const Input a({4});
  const Input b({4});
  const Embedding embedding(
      {.input_dim = 7, .output_dim = 3, .embeddings_regularizer = L1({.l1 = 0.01})});
  const Flatten flatten;
  const Dense dense({.units = 5,
                     .activation = "tanh",
                     .kernel_regularizer = L2({.l2 = 0.1}),
                     .bias_regularizer = L1L2({.l1 = 0.02, .l2 = 0.03})});
  const PReLU prelu({.alpha_regularizer = "l2"});
  const auto way = [&](const SymbolicTensor& x) { return prelu(dense(flatten(embedding(x)))); };
  SymbolicTensor y = Concatenate()({way(a), way(b)});
  y = Dense({.units = 4, .kernel_regularizer = "l2", .trainable = false})(y);
  y = LayerNormalization(
      {.beta_regularizer = L1({.l1 = 0.5}), .gamma_regularizer = L2({.l2 = 0.05})})(y);
  Model model({a, b}, {Dense({.units = 1})(y)});
  for (const auto& [name, value] : model.weights()) {
    model.set_weight(name, as_float(tensor("first/" + name)));
  }
  model.compile({.optimizer = SGD({.learning_rate = 0.1}), .loss = "mse", .metrics = {"mae"}});
  const Dataset validation(std::vector{tensor("val_a"), tensor("val_b")},
                           std::vector{as_float(tensor("val_y"))});
  const History history =
      model.fit(Dataset(std::vector{tensor("a"), tensor("b")}, std::vector{as_float(tensor("y"))}),
                {.batch_size = 4,
                 .epochs = 3,
                 .verbose = 0,
                 .validation_data = validation,
                 .shuffle = false});
  for (const char* log : {"loss", "mae", "val_loss", "val_mae"}) {
    const Tensor expected = tensor(std::string("logs/") + log);
    ASSERT_EQ(expected.size(), 3) << log;
    for (int64_t epoch = 0; epoch < 3; ++epoch) {
      EXPECT_NEAR(history[log][static_cast<size_t>(epoch)], expected.at(epoch), 2e-6) << log;
    }
  }
  for (const auto& [name, value] : model.weights()) {
    expect_close(value, tensor("last/" + name), 4e-6, name);
  }
  EXPECT_EQ(model.evaluate(validation)["loss"], history.last()["val_loss"]);
}

TEST(Regularizers, AreRefusedByName) {
  EXPECT_THAT([] { Regularizer("l3"); }, ::testing::ThrowsMessage<Error>(::testing::HasSubstr(
                                             "unknown regularizer \"l3\"; expected one of l")));
  EXPECT_THAT([] { Regularizer("orthogonal_regularizer"); },
              ::testing::ThrowsMessage<Error>(::testing::HasSubstr("Cornu has not")));
  EXPECT_THAT([] { L2({.l2 = -1}); },
              ::testing::ThrowsMessage<Error>(::testing::HasSubstr("l2 of 0 or more")));
}

}  // namespace regularizers_test
}  // namespace cornu::inline v0
