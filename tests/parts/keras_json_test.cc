// Loads networks that real Keras wrote as JSON; tests/goldens/make_keras_json.py makes the files.

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "cornu/core/paths_test.h"
#include "lowered.h"

namespace cornu::inline v0 {
namespace keras_json_test {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string json_of(const std::string& name) {
  std::ifstream file(std::string(kSourceFolder) + "/tests/goldens/keras_json/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string with(std::string text, const std::string& old, const std::string& now) {
  const size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return at == std::string::npos ? text : text.replace(at, old.size(), now);
}

std::string error_of(const std::string& json) {
  try {
    model_from_json(json, {.sample = Shape{2, 2}, .where = "net.json"});
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(KerasJson, NetworksPredictWhatKerasPredicts) {
  const formats::Safetensors keras = golden("keras_json");
  for (const std::string name :
       {"every_layer", "images", "convolutions", "depthwise", "two_ways", "chain"}) {
    SCOPED_TRACE(name);
    Model model = model_from_json(json_of(name), {.sample = Shape{2, 2}});
    EXPECT_EQ(model.name(), name);
    const auto weights = model.weights();
    for (size_t i = 0; i < weights.size(); ++i) {
      const TensorView value = golden_tensor(keras, name + "/w" + std::to_string(i));
      ASSERT_EQ(value.shape(), weights[i].second.shape()) << weights[i].first;
      model.set_weight(weights[i].first, as_float(value));
    }
    EXPECT_EQ(keras.find(name + "/w" + std::to_string(weights.size())), nullptr);
    std::vector<Tensor> x;
    for (size_t i = 0; i < model.graph().inputs().size(); ++i) {
      const TensorView given = golden_tensor(keras, name + "/x" + std::to_string(i));
      x.push_back(given.dtype() == DType::int64 ? Tensor(given) : as_float(given));
    }
    const auto y = model.predict_all({x.begin(), x.end()});
    for (size_t i = 0; i < y.size(); ++i) {
      expect_close(y[i], golden_tensor(keras, name + "/y" + std::to_string(i)), 4e-6, name);
    }
  }
}

TEST(KerasJson, OptionsAreThoseOfTheLayers) {
  Model model = model_from_json(json_of("every_layer"));
  EXPECT_EQ(model.type(), "Sequential");
  EXPECT_EQ(model.graph().shape(model.graph().inputs()[0]), Shape({4, 6}).with_rows());
  const Value dense = model.get_layer("dense").description().config();
  EXPECT_EQ(dense["kernel_initializer"]["class_name"].as_string(), "he_normal");
  EXPECT_EQ(dense["kernel_initializer"]["config"]["seed"].as_int(), 3);
  EXPECT_EQ(dense["kernel_regularizer"]["config"]["l2"].as_double(), 0.25);
  EXPECT_FALSE(model.get_layer("last").trainable());
  EXPECT_TRUE(model.get_layer("dense").trainable());
  EXPECT_EQ(Value(model.get_layer("re_lu").description().config())["max_value"].as_double(), 3);
  Model two = model_from_json(json_of("two_ways"));
  EXPECT_EQ(two.graph().input_names(), (std::vector<std::string>{"words", "numbers"}));
  EXPECT_EQ(two.graph().output_names(), (std::vector<std::string>{"label", "number"}));
  EXPECT_EQ(two.get_layer("inner").type(), "Functional");
}

TEST(KerasJson, PartsThatCornuLacksAreRefusedByName) {
  const std::string chain = json_of("chain");
  EXPECT_EQ(error_of(chain), "no error");
  EXPECT_THAT(error_of(with(chain, "\"Flatten\"", "\"LSTM\"")),
              AllOf(StartsWith("net.json: "), HasSubstr("Keras has \"LSTM\", Cornu has not")));
  EXPECT_THAT(error_of(with(chain, "\"kernel_constraint\": null", "\"kernel_constraint\": {}")),
              HasSubstr("Dense \"dense_3\": Keras has kernel_constraint, Cornu has not"));
  EXPECT_THAT(error_of(with(chain, "\"kernel_constraint\": null", "\"activity_regularizer\": {}")),
              HasSubstr("Keras has activity_regularizer, Cornu has not"));
  EXPECT_THAT(error_of(with(chain, "\"kernel_constraint\": null", "\"lora_rank\": 2")),
              HasSubstr("Keras has lora_rank, Cornu has not"));
  EXPECT_THAT(
      error_of(with(chain, "\"channels_last\"", "\"channels_first\"")),
      HasSubstr("Flatten \"flatten_3\": Keras has data_format=channels_first, Cornu has not"));
  EXPECT_THAT(error_of(with(chain, "\"Flatten\"", "\"Identity\"")),
              HasSubstr("Keras has \"Identity\", Cornu has not. Hint: the nearest is "
                        "Activation(\"linear\")"));
  EXPECT_THAT(error_of(with(chain, "\"units\": 3", "\"units\": 3, \"tied\": 1")),
              HasSubstr("unknown option \"tied\""));
  EXPECT_THAT(error_of(with(chain, "\"sigmoid\"", "\"hard_silu\"")), HasSubstr("hard_silu"));
  EXPECT_THAT(error_of(with(chain, "\"GlorotUniform\"", "\"STFT\"")), StartsWith("net.json: "));
  const std::string policy = "\"name\": \"float32\"";
  const size_t at_layer = chain.find(policy, chain.find("\"Flatten\""));
  ASSERT_NE(at_layer, std::string::npos);
  std::string mixed = chain;
  mixed.replace(at_layer, policy.size(), "\"name\": \"mixed_float16\"");
  EXPECT_THAT(error_of(mixed), HasSubstr("expected dtype float32"));
}

TEST(KerasJson, OtherJsonIsRefused) {
  EXPECT_THAT(error_of("{"), StartsWith("net.json: "));
  EXPECT_THAT(error_of("[]"), StartsWith("net.json: "));
  EXPECT_THAT(error_of("{\"class_name\": \"Dense\"}"), HasSubstr("a Sequential or Functional"));
  try {
    model_from_json(json_of("chain"));
    ADD_FAILURE() << "no shape";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("does not say what samples are like"));
  }
  const std::string two = json_of("two_ways");
  // A cycle: the first Flatten is called on a tensor that depends on its own output.
  EXPECT_THAT(error_of(with(two, "          \"embedding\",\n", "          \"shared\",\n")),
              HasSubstr("is called on a tensor that no layer gives"));
  EXPECT_THAT(error_of(with(two, "\"output_layers\": [\n   [\n    \"label\"",
                            "\"output_layers\": [\n   [\n    \"nobody\"")),
              HasSubstr("an input or output is a tensor that no layer gives"));
}

}  // namespace keras_json_test
}  // namespace cornu::inline v0
