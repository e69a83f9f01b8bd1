// A small residual network on Fashion-MNIST (He, Zhang, Ren, Sun: "Deep residual learning for image
// recognition", 2016): three blocks of 16, 32 and 64 filters, each of which adds its input to what
// it computes. Exit 1 when the accuracy on the test images is below a floor.

#include <iostream>

#include "cornu/cornu.h"
using namespace cornu;

namespace {

DatasetParts images() {
  if (datasets::find("fashion_mnist").found()) return datasets::fashion_mnist();
  std::cout << "Fashion-MNIST is not here; `digits`, the small set in the library, takes its "
               "place.\n";
  return datasets::digits();
}

// Images of one channel.
Dataset with_channel(const Dataset& data) {
  const Shape image = data.x().shape();
  return data.reshape({image[1], image[2], 1}).divide(255);
}

SymbolicTensor convolution(const SymbolicTensor& x, int64_t filters, int64_t size, int64_t stride) {
  const Conv2D layer({.filters = filters,
                      .kernel_size = {size},
                      .strides = {stride},
                      .padding = "same",
                      .use_bias = false});
  return BatchNormalization({.momentum = 0.9})(layer(x));
}

// Where the shape changes, a convolution of 1 × 1 brings the input to the new one.
SymbolicTensor block(const SymbolicTensor& x, int64_t filters, int64_t stride) {
  SymbolicTensor y = ReLU()(convolution(x, filters, 3, stride));
  y = convolution(y, filters, 3, 1);
  const SymbolicTensor around = stride == 1 ? x : convolution(x, filters, 1, stride);
  return ReLU()(Add()({y, around}));
}

Model network(const Shape& image) {
  const Input input(image);
  SymbolicTensor x = ReLU()(convolution(input, 16, 3, 1));
  x = block(x, 16, 1);
  x = block(x, 32, 2);
  x = block(x, 64, 2);
  x = Dropout(0.3)(GlobalAveragePooling2D()(x));
  return Model(input, Dense(10, "softmax")(x));
}

}  // namespace

int main(int argc, char**) {  // --short: a part of the images
  const bool is_short = argc > 1;
  const auto [all, stored_test] = images();
  const Dataset train = with_channel(is_short ? all.take(4000) : all);
  const Dataset test = with_channel(is_short ? stored_test.take(1000) : stored_test);
  const int64_t epochs = is_short ? 3 : 12;
  constexpr int64_t kBatch = 128;
  Model model = network(train.spec().x[0].shape);
  const double steps = static_cast<double>(epochs * ((train.size() + kBatch - 1) / kBatch));
  model.compile({.optimizer = Adam({.learning_rate = CosineDecay(0.003, steps)}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy"}});
  std::cout << model.summary();
  model.fit(train, {.batch_size = kBatch, .epochs = epochs});
  const double accuracy = model.evaluate(test)["accuracy"];
  const double floor = is_short ? 0.7 : 0.92;
  std::cout << "accuracy: " << accuracy << ", at least " << floor << " expected\n";
  return accuracy >= floor ? 0 : 1;
}
