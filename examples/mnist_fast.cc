// The fewest seconds to 99 % on MNIST's test images, for five seeds: a small network, and a
// learning rate that rises and falls once (Smith and Topin: "Super-convergence", 2018). Network,
// rate and epochs were chosen without the test images: trained on the first 50,000 of the others,
// ten seeds of ten reached 0.99 on the last 10,000. Exit 1 when a seed ends below the floor.

#include <algorithm>
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

// Sixteen filters or a multiple of them fill the vectors, and strides of two save three quarters.
Sequential network(uint64_t seed) {
  return Sequential(
      {Conv2D({.filters = 16, .kernel_size = {5}, .strides = {2}, .activation = "relu"}),
       Conv2D(32, 3, "relu"), MaxPooling2D(2), Flatten(), Dense(128, "relu"), Dropout(0.3),
       Dense(10, "softmax")},
      {.seed = seed});
}

}  // namespace

int main(int argc, char**) {  // --short: a part of the images, one seed
  const bool is_short = argc > 1;
  const auto [all, stored_test] = images();
  const Dataset train = with_channel(is_short ? all.take(6000) : all);
  const Dataset test = with_channel(stored_test);
  const uint64_t seeds = is_short ? 1 : 5;
  const double floor = is_short ? 0.95 : 0.99;
  constexpr int64_t kBatch = 128, kEpochs = 4;
  const int64_t steps = kEpochs * ((train.size() + kBatch - 1) / kBatch);
  double seconds = 0, least = 1;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Sequential model = network(seed);
    model.compile({.optimizer = Adam(OneCycle(0.01, steps)),
                   .loss = "sparse_categorical_crossentropy",
                   .metrics = {"accuracy"}});
    const History history =
        model.fit(train, {.batch_size = kBatch, .epochs = kEpochs, .verbose = 0});
    const double accuracy = model.evaluate(test)["accuracy"];
    std::cout << "seed " << seed << ": " << history.seconds << " s, accuracy " << accuracy << "\n";
    seconds += history.seconds / static_cast<double>(seeds);
    least = std::min(least, accuracy);
  }
  std::cout << "mean: " << seconds << " s; least accuracy: " << least << ", at least " << floor
            << " expected\n";
  return least >= floor ? 0 : 1;
}
