// Every activation compared with real Keras: tests/goldens/make_activations.py.

#include <set>

#include "lowered.h"

namespace cornu::inline v0 {
namespace activations_test {

// A second list, so that no activation is added or lost without its golden.
const std::vector<std::string> kActivations = {
    "linear",       "sigmoid",     "tanh", "relu",    "relu6",      "leaky_relu",
    "elu",          "selu",        "gelu", "silu",    "softplus",   "softsign",
    "hard_sigmoid", "exponential", "mish", "softmax", "log_softmax"};

TEST(Activations, AreTheseAndNoOthers) {
  std::vector<std::string> names;
  for (const ActivationEntry& entry : activation_table()) names.emplace_back(entry.name);
  EXPECT_EQ(names, kActivations);
}

TEST(Activations, MatchKerasForwardAndBackward) {
  const formats::Safetensors keras = golden("activations");
  int cases = 0;
  for (const std::string& name : kActivations) {
    const bool along_rows = name.ends_with("softmax");
    const std::vector<std::string> those =
        along_rows ? std::vector<std::string>{"rows_of_1", "rows_of_10", "rows_of_16", "rows_of_17",
                                              "rows_of_40"}
                   : std::vector<std::string>{"plain", "awkward"};
    for (const std::string& each : those) {
      const std::string place = name + "/" + each + "/";
      const auto given = [&](const char* what) {
        Tensor t = as_float(golden_tensor(keras, place + what));
        return along_rows ? t : Tensor(t.view().reshape({t.size(), 1}));
      };
      const Tensor dy = given("dy");
      const Lowered run(
          [&](Builder& b, const Slots& in) {
            const SlotId y = Activation(name).lower(b, in[0]);
            // "linear" adds no op, so this adds a copy.
            return Slots{name == "linear" ? b.emit_one(ops::Affine{}, {y}) : y};
          },
          {given("x")}, &dy);
      expect_as_keras(run.y(), keras, place + "y");
      expect_as_keras(run.dx(), keras, place + "dx");
      ++cases;
    }
  }
  std::printf("%d cases\n", cases);
  EXPECT_EQ(cases, 2 * 15 + 5 * 2);
}

TEST(Activations, HaveKerassOtherNamesAndRefuseUnknownOnes) {
  EXPECT_EQ(Activation("swish"), Activation("silu"));
  try {
    Activation("hard_tanh");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "activation: Keras has \"hard_tanh\", Cornu has not. Hint: the nearest is tanh");
  }
  EXPECT_THROW(Activation("sigmoyd"), Error);
}

}  // namespace activations_test
}  // namespace cornu::inline v0
