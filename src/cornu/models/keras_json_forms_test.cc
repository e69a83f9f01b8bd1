// The forms of JSON in which Keras 3 and tf.keras 2 write a network.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/models/keras_json.h"

namespace cornu::inline v0 {
namespace keras_json_forms_test {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string tensor(const std::string& layer) {
  return R"({"class_name": "__keras_tensor__", "config": {"shape": [null, 4], "dtype": "float32",
            "keras_history": [")" +
         layer + R"(", 0, 0]}})";
}

std::string input(const std::string& name, const std::string& shape = "[null, 4]") {
  return R"({"class_name": "InputLayer", "config": {"batch_shape": )" + shape + R"(, "name": ")" +
         name + R"("}, "name": ")" + name + R"(", "inbound_nodes": []})";
}

std::string layer(const std::string& type, const std::string& config, const std::string& args,
                  const std::string& kwargs = "{}") {
  return R"({"class_name": ")" + type + R"(", "config": {"name": "o")" + config +
         R"(}, "name": "o", "inbound_nodes": [{"args": )" + args + R"(, "kwargs": )" + kwargs +
         "}]}";
}

std::string functional(const std::string& layers, const std::string& inputs = R"([["a", 0, 0]])",
                       const std::string& outputs = R"([["o", 0, 0]])") {
  return R"({"class_name": "Functional", "config": {"name": "f", "layers": [)" + layers +
         R"(], "input_layers": )" + inputs + R"(, "output_layers": )" + outputs + "}}";
}

std::string error_of(const std::string& json, KerasJsonOptions options = {}) {
  try {
    model_from_json(json, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

Tensor ramp(Shape shape) {
  Tensor x(shape);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i) - 2;
  }
  return x;
}

TEST(KerasJsonForms, InputsAndOutputsMayHaveNames) {
  const std::string dense = layer("Dense", R"(, "units": 2)", "[" + tensor("a") + "]");
  const Model one = model_from_json(
      functional(input("a") + "," + dense, R"({"x": ["a", 0, 0]})", R"({"y": ["o", 0, 0]})"));
  EXPECT_EQ(one.predict(ramp({3, 4})).shape(), (Shape{3, 2}));
  // Keras sorts them by key.
  const std::string joined =
      layer("Concatenate", "", "[[" + tensor("a") + "," + tensor("b") + "]]");
  const Model two =
      model_from_json(functional(input("a") + "," + input("b", "[null, 3]") + "," + joined,
                                 R"({"z": ["a", 0, 0], "k": ["b", 0, 0]})"));
  EXPECT_THAT(two.graph().input_names(), ElementsAre("b", "a"));
  const Model called = model_from_json(functional(
      input("a") + "," + input("b") + "," +
          layer("Add", "", R"([{"right": )" + tensor("b") + R"(, "left": )" + tensor("a") + "}]"),
      R"([["a", 0, 0], ["b", 0, 0]])"));
  EXPECT_EQ(called.graph().inputs().size(), 2U);
}

TEST(KerasJsonForms, NumbersAmongTheArgumentsAreRead) {
  const auto values = [](const std::string& type, const std::string& args) {
    const Model model = model_from_json(functional(input("a") + "," + layer(type, "", args)));
    const Tensor y = model.predict(ramp({1, 4}));
    return std::vector<float>(y.view().span<float>().begin(), y.view().span<float>().end());
  };
  const std::string x = tensor("a");  // −2, −1, 0, 1
  EXPECT_THAT(values("Multiply", "[" + x + ", 2.0]"), ElementsAre(-4, -2, 0, 2));
  EXPECT_THAT(values("Multiply", "[3, " + x + "]"), ElementsAre(-6, -3, 0, 3));
  EXPECT_THAT(values("Add", "[" + x + ", 1.5]"), ElementsAre(-0.5, 0.5, 1.5, 2.5));
  EXPECT_THAT(values("Subtract", "[" + x + ", 1]"), ElementsAre(-3, -2, -1, 0));
  EXPECT_THAT(values("Subtract", "[1, " + x + "]"), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(values("TrueDivide", "[" + x + ", 4.0]"), ElementsAre(-0.5, -0.25, 0, 0.25));
  EXPECT_THAT(values("Divide", "[" + x + ", 2.0]"), ElementsAre(-1, -0.5, 0, 0.5));
  const auto refused = [&](const std::string& type, const std::string& args) {
    return error_of(functional(input("a") + "," + layer(type, "", args)));
  };
  const std::string why = "is called on a number, which Cornu cannot represent";
  EXPECT_THAT(refused("Divide", "[2.0, " + x + "]"),
              AllOf(HasSubstr("Divide \"o\""), HasSubstr(why)));
  EXPECT_THAT(refused("Power", "[" + x + ", 2.0]"),
              AllOf(HasSubstr("Power \"o\""), HasSubstr(why)));
  EXPECT_THAT(refused("Maximum", "[" + x + ", 0.0]"), HasSubstr("Maximum \"o\""));
}

TEST(KerasJsonForms, AnAxisWithoutExtentIsNamedOrGiven) {
  const std::string flat = layer("Flatten", "", "[" + tensor("a") + "]");
  const std::string json = functional(input("a", "[null, null, 4]") + "," + flat);
  EXPECT_THAT(error_of(json), AllOf(HasSubstr("InputLayer \"a\""), HasSubstr("axis 1"),
                                    HasSubstr("no fixed extent")));
  EXPECT_THAT(error_of(json, {.sample = Shape{3, 5}}), HasSubstr("InputLayer \"a\""));
  const Model model = model_from_json(json, {.sample = Shape{3, 4}});
  EXPECT_EQ(model.predict(ramp({2, 3, 4})).shape(), (Shape{2, 12}));
}

TEST(KerasJsonForms, AFixedBatchTakesBatchesOfAnySize) {
  const std::string dense = layer("Dense", R"(, "units": 2)", "[" + tensor("a") + "]");
  const Model model = model_from_json(functional(input("a", "[2, 4]") + "," + dense));
  EXPECT_EQ(model.predict(ramp({5, 4})).shape(), (Shape{5, 2}));
}

TEST(KerasJsonForms, ALayerIsNamedInEveryError) {
  const auto refused = [](const std::string& type, const std::string& config,
                          const std::string& kwargs = "{}") {
    return error_of(
        functional(input("a") + "," + layer(type, config, "[" + tensor("a") + "]", kwargs)));
  };
  EXPECT_THAT(refused("LSTM", ""), AllOf(HasSubstr("LSTM \"o\""), HasSubstr("Cornu has not")));
  EXPECT_THAT(refused("Dense", R"(, "units": "many")"),
              AllOf(HasSubstr("Dense \"o\""), HasSubstr("units")));
  EXPECT_THAT(refused("Dense", R"(, "units": 2, "activation": "none such")"),
              AllOf(HasSubstr("Dense \"o\""), HasSubstr("none such")));
  EXPECT_THAT(refused("Dropout", R"(, "rate": 0.5)", R"({"training": true})"),
              AllOf(HasSubstr("Dropout \"o\""), HasSubstr("training=true")));
  for (const char* said : {R"({"training": null})", R"({"training": false, "mask": null})"}) {
    EXPECT_EQ(refused("Dropout", R"(, "rate": 0.5)", said), "no error");
  }
  EXPECT_THAT(error_of(functional(input("a") + "," + layer("Add", "", "[\"word\"]"))),
              HasSubstr("Add \"o\": is called on something else than tensors"));
  EXPECT_THAT(
      error_of(functional(input("a") + "," +
                          layer("Reshape", R"(, "target_shape": [3])", "[" + tensor("a") + "]"))),
      HasSubstr("Reshape \"o\""));
}

TEST(KerasJsonForms, ASequentialOfTfKerasIsRead) {
  const std::string dense = R"({"class_name": "Dense", "config": {"name": "d", "trainable": true,
      "batch_input_shape": [null, 4], "dtype": "float32", "units": 3, "activation": "relu",
      "use_bias": true, "kernel_initializer": {"class_name": "GlorotUniform", "config":
      {"seed": null}}, "bias_initializer": {"class_name": "Zeros", "config": {}},
      "kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": null,
      "kernel_constraint": null, "bias_constraint": null}})";
  const std::string drop = R"({"class_name": "Dropout", "config": {"name": "e", "trainable": true,
      "dtype": "float32", "rate": 0.25, "noise_shape": null, "seed": null}})";
  for (const std::string& json :
       {R"({"class_name": "Sequential", "config": {"name": "s", "layers": [)" + dense + "," + drop +
            R"(]}, "keras_version": "2.2.4-tf", "backend": "tensorflow"})",
        R"({"class_name": "Sequential", "config": [)" + dense + "," + drop +
            R"(], "keras_version": "2.1.6", "backend": "tensorflow"})"}) {
    const Model model = model_from_json(json);
    EXPECT_EQ(model.predict(ramp({2, 4})).shape(), (Shape{2, 3}));
    EXPECT_EQ(model.get_layer("d").type(), "Dense");
    EXPECT_THAT(model.summary(), Not(HasSubstr("InputLayer")));
  }
}

// tf.keras's DepthwiseConv2D has the option of Conv2D and no use for it.
TEST(KerasJsonForms, GroupsOfADepthwiseConvolutionAreOne) {
  const auto error_with = [](const std::string& groups) {
    return error_of(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "DepthwiseConv2D", "config": {"name": "d", "trainable": true,
         "batch_input_shape": [null, 4, 4, 2], "dtype": "float32", "kernel_size": [2, 2],
         "strides": [1, 1], "padding": "valid", "groups": )" +
                    groups + R"(}}]}, "keras_version": "2.15.0", "backend": "tensorflow"})");
  };
  EXPECT_EQ(error_with("1"), "no error");
  EXPECT_THAT(error_with("2"), HasSubstr("\"groups\""));
}

TEST(KerasJsonForms, AFunctionalNetworkOfTfKerasIsRead) {
  const std::string json = R"({"class_name": "Model", "config": {"name": "m", "layers": [
      {"class_name": "InputLayer", "name": "a", "config": {"batch_input_shape": [null, 4],
       "dtype": "float32", "sparse": false, "ragged": false, "name": "a"}, "inbound_nodes": []},
      {"class_name": "Dense", "name": "d", "config": {"name": "d", "trainable": true,
       "dtype": "float32", "units": 4}, "inbound_nodes": [[["a", 0, 0, {}]], [["d", 0, 0, {}]]]},
      {"class_name": "Add", "name": "s", "config": {"name": "s", "trainable": true,
       "dtype": "float32"}, "inbound_nodes": [[["a", 0, 0, {}], ["d", 1, 0, {}]]]}],
      "input_layers": [["a", 0, 0]], "output_layers": [["s", 0, 0]]}, "backend": "tensorflow"})";
  const Model model = model_from_json(json);
  EXPECT_EQ(model.weights().size(), 2U);  // called twice
  EXPECT_EQ(model.predict(ramp({2, 4})).shape(), (Shape{2, 4}));
  EXPECT_EQ(model.graph().nodes().size(), 4U);
}

TEST(KerasJsonForms, AFileOfAnotherKindIsNamed) {
  EXPECT_THAT(error_of(std::string("\x89HDF\r\n\x1a\n\0\0", 10)),
              AllOf(HasSubstr("is an HDF5 file"), HasSubstr("model.to_json()")));
  EXPECT_THAT(error_of("PK\x03\x04 and so on"), HasSubstr("is a ZIP archive"));
}

}  // namespace keras_json_forms_test
}  // namespace cornu::inline v0
