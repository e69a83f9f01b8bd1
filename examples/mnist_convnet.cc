// Keras's example "Simple MNIST convnet" (F. Chollet, 2015): two convolutions, each with a pooling.
// Exit 1 when the accuracy on the test images ends below a floor.

#include <iostream>

#include "cornu/cornu.h"
using namespace cornu;

namespace {

DatasetParts images() {
  if (datasets::find("mnist").found()) return datasets::mnist();
  std::cout << "MNIST is not here; `digits`, the small set in the library, takes its place.\n";
  return datasets::digits();
}

// Images of one channel.
Dataset with_channel(const Dataset& data) {
  const Shape image = data.x().shape();
  return data.reshape({image[1], image[2], 1}).divide(255);
}

}  // namespace

int main(int argc, char**) {  // --short: a part of the images
  const bool is_short = argc > 1;
  const auto [all, test] = images();
  const Dataset train = is_short ? all.take(6000) : all;
  Sequential model({Conv2D(32, 3, "relu"), MaxPooling2D(2), Conv2D(64, 3, "relu"), MaxPooling2D(2),
                    Flatten(), Dropout(0.5), Dense(10, "softmax")});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  model.fit(with_channel(train), {.batch_size = 128, .epochs = is_short ? 3 : 15});
  std::cout << model.summary();
  const double accuracy = model.evaluate(with_channel(test))["accuracy"];
  const double floor = is_short ? 0.85 : 0.985;
  std::cout << "accuracy: " << accuracy << ", at least " << floor << " expected\n";
  return accuracy >= floor ? 0 : 1;
}
