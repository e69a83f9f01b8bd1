#include "cornu/interop/keras_network.h"

#include <gtest/gtest.h>

#include "cornu/cornu.h"
#include "cornu/formats/json.h"

namespace cornu::inline v0 {
namespace keras_network_test {

std::string json_of(const Model& model) {
  return formats::write_json(network_to_keras(model.graph(), model.type(), model.name()));
}

// The network that is read back has the same layers, options and connections.
void expect_read_back(const Model& model) {
  const std::string json = json_of(model);
  const Model again = model_from_json(json);
  EXPECT_EQ(again.summary(), model.summary()) << json;
  EXPECT_EQ(json_of(again), json);
}

TEST(KerasNetwork, OfASequentialIsReadBack) {
  expect_read_back(Sequential({Input({4}), Dense({.units = 3, .activation = "relu"}),
                               Dropout({.rate = 0.5F}), Dense({.units = 1})}));
}

TEST(KerasNetwork, OfAFunctionalModelIsReadBack) {
  const Input a({3}), b({3});
  const Dense shared({.units = 2});
  const auto left = shared(a), right = shared(b);
  const Sequential inner({Input({2}), Dense({.units = 2})}, {.name = "inner"});
  const auto sum = Add()(SymbolicTensors{inner(left), right});
  expect_read_back(Model({a, b}, {sum, Dense({.units = 1})(left)}, {.name = "two"}));
}

TEST(KerasNetwork, OfLayersOnImagesIsReadBack) {
  const Sequential model({Input({6, 6, 3}), ZeroPadding2D({.padding = {0, 1, 2, 3}}),
                          MaxPooling2D(2), AveragePooling2D({2, 1}, {1}, "same"),
                          SpatialDropout2D({.rate = 0.2F, .data_format = "channels_last"}),
                          Cropping2D(1), UpSampling2D(2), BatchNormalization(1),
                          GlobalMaxPooling2D({.keepdims = true}), Flatten()});
  expect_read_back(model);
  const Value config = network_to_keras(model.graph(), model.type(), model.name());
  const Value::List& layers = config["config"]["layers"].as_list();
  // Keras takes null for strides that are not set, and no `trainable` for a SpatialDropout.
  EXPECT_EQ(layers[2]["config"]["strides"], Value());
  EXPECT_EQ(layers[2]["config"].find("trainable") != nullptr, true);
  EXPECT_EQ(layers[4]["config"].find("trainable"), nullptr);
}

TEST(KerasNetwork, HasKerasForm) {
  const Sequential model({Input({4}), Dense({.units = 3, .kernel_regularizer = L2(0.25)})});
  const Value config = network_to_keras(model.graph(), model.type(), model.name());
  EXPECT_EQ(config["module"], Value("keras"));
  EXPECT_EQ(config["class_name"], Value("Sequential"));
  EXPECT_EQ(config["config"]["name"], Value("sequential"));
  const Value::List& layers = config["config"]["layers"].as_list();
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[0]["class_name"], Value("InputLayer"));
  EXPECT_EQ(layers[0]["config"]["batch_shape"], Value(Value::List{Value(), Value(4)}));
  EXPECT_EQ(layers[1]["module"], Value("keras.layers"));
  EXPECT_EQ(layers[1]["config"]["units"], Value(3));
  EXPECT_EQ(layers[1]["config"]["kernel_regularizer"]["module"], Value("keras.regularizers"));
}

TEST(KerasNetwork, AnInputWithoutALayerGetsOne) {
  Sequential model({Dense({.units = 3})});
  model.build({4});
  const Value config = network_to_keras(model.graph(), model.type(), model.name());
  EXPECT_EQ(config["config"]["layers"].as_list()[0]["config"]["name"], Value("input_layer"));
}

}  // namespace keras_network_test
}  // namespace cornu::inline v0
