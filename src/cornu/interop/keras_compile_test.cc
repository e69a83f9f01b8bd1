#include "cornu/interop/keras_compile.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/user_parts.h"
#include "cornu/formats/json.h"

namespace cornu::inline v0 {
namespace keras_compile_test {

Value metrics_of(const std::string& loss, const std::string& metrics) {
  const std::string json =
      R"({"optimizer": "sgd", "loss": ")" + loss + R"(", "metrics": )" + metrics + "}";
  return compile_from_keras(formats::read_json(json, "json"), {"out"})["metrics"];
}

Value named(const std::string& name, Value::Map config) {
  return Value::Map{{"name", name}, {"config", std::move(config)}};
}

TEST(KerasCompile, GivesAMetricForEachThreshold) {
  const std::string json = R"([{"class_name": "Precision", "config": {"name": "p", "thresholds":
      [0.25, 0.30000001192092896], "top_k": null}}, {"class_name": "Recall", "config":
      {"thresholds": [0.5]}}, {"class_name": "Recall", "config": {"thresholds": null}}])";
  EXPECT_EQ(metrics_of("mse", json),
            Value(Value::List{named("Precision", {{"name", "p"}, {"thresholds", 0.25}}),
                              named("Precision", {{"name", "p"}, {"thresholds", 0.3}}),
                              named("Recall", {{"thresholds", 0.5}}), "Recall"}));
}

/// A part of the user's, of any kind.
class Own final : public UserParts {
 public:
  const void* find(std::string_view, std::string_view name) const override {
    return name == "Levels" ? this : nullptr;
  }
};

TEST(KerasCompile, LeavesTheThresholdsOfUserDefinedMetrics) {
  const Own own;
  const UserParts::Scope scope(own);
  const Value::List thresholds = {0.25, 0.5};
  EXPECT_EQ(metrics_of("mse", R"([{"class_name": "Custom>Levels", "config": {"thresholds":
                                   [0.25, 0.5]}}])"),
            Value(Value::List{named("Levels", {{"thresholds", thresholds}})}));
}

TEST(KerasCompile, GivesTheMetricOfAFunction) {
  const std::string json = R"([{"class_name": "MeanMetricWrapper", "config": {"name": "kld",
      "dtype": "float32", "fn": "kullback_leibler_divergence"}}, "logcosh",
      "kullback_leibler_divergence"])";
  EXPECT_EQ(metrics_of("mse", json), Value(Value::List{named("kl_divergence", {{"name", "kld"}}),
                                                       "logcosh", "kl_divergence"}));
}

TEST(KerasCompile, GivesTheCrossentropyOfTheLoss) {
  for (const std::string loss : {"binary_crossentropy", "sparse_categorical_crossentropy"}) {
    EXPECT_EQ(
        metrics_of(loss, R"(["ce", "crossentropy"])"),
        Value(Value::List{named(loss, {{"name", "ce"}}), named(loss, {{"name", "crossentropy"}})}));
  }
  const Value of_object = compile_from_keras(
      formats::read_json(R"({"optimizer": "sgd", "metrics": ["ce"], "loss": {"class_name":
          "CategoricalCrossentropy", "config": {"from_logits": true}}})",
                         "json"),
      {"out"});
  EXPECT_EQ(of_object["metrics"],
            Value(Value::List{named("CategoricalCrossentropy", {{"name", "ce"}})}));
  const Value by_output = compile_from_keras(
      formats::read_json(R"({"optimizer": "sgd", "loss": {"a": "binary_crossentropy", "b": "mse"},
                             "metrics": {"a": ["ce"]}})",
                         "json"),
      {"a", "b"});
  EXPECT_EQ(by_output["output_metrics"]["a"],
            Value(Value::List{named("binary_crossentropy", {{"name", "ce"}})}));
}

// top_k=0 and class_id=-1 would count nothing, and the last class, in Keras.
TEST(KerasCompile, LeavesOutOptionsThatAreNotSet) {
  const Value metric =
      named("precision", {{"thresholds", 0.25}, {"top_k", 0}, {"class_id", -1}, {"name", ""}});
  const Value ours = Value::Map{
      {"optimizer", Value::Map{{"name", "sgd"}, {"config", Value::Map{}}}},
      {"loss", "mse"},
      {"metrics", Value::List{metric, named("recall", {{"top_k", 2}, {"name", "mine"}})}}};
  const Value keras = compile_to_keras(ours, {"out"})["metrics"];
  EXPECT_EQ(keras.as_list()[0]["config"], Value(Value::Map{{"thresholds", 0.25}}));
  EXPECT_EQ(keras.as_list()[1]["config"], Value(Value::Map{{"top_k", 2}, {"name", "mine"}}));
}

}  // namespace keras_compile_test
}  // namespace cornu::inline v0
