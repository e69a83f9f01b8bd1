#include <iostream>

#include "cornu/cornu.h"
using namespace cornu;

int main() {
  const auto [train, test] = datasets::mnist();
  Sequential model({Flatten(), Dense(64, "sigmoid"), Dense(10, "softmax")});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  model.fit(train.divide(255), {.batch_size = 128, .epochs = 10});
  std::cout << "accuracy: " << model.evaluate(test.divide(255))["accuracy"] << "\n";
  model.save("mnist.safetensors");
}
