// A step of training allocates nothing, on any thread.

#include <gtest/gtest.h>
#include <malloc.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <new>
#include <set>
#include <sstream>
#include <thread>

#include "cornu/core/paths_test.h"
#include "cornu/training/terminal_test.h"
#include "watched_fit.h"

namespace cornu::inline v0 {
namespace allocations_test {

std::vector<Layer> tutorial_layers() {
  return {Dense({.units = 64, .activation = "sigmoid"}),
          Dense({.units = 10, .activation = "softmax"})};
}

std::vector<Layer> hello_layers() {
  std::vector<Layer> layers = tutorial_layers();
  layers.insert(layers.begin(), Flatten());
  return layers;
}

// Those of the examples with fewer filters, as each network runs about a hundred times.
std::vector<Layer> convolution_layers() {
  return {Conv2D(4, 3, "relu"), MaxPooling2D(2), Conv2D(8, 3, "relu"),
          MaxPooling2D(2),      Flatten(),       Dropout(0.5),
          Dense(10, "softmax")};
}

std::vector<Layer> strided_layers() {
  return {Conv2D({.filters = 4, .kernel_size = {5}, .strides = {2}, .activation = "relu"}),
          Conv2D(8, 3, "relu"),
          MaxPooling2D(2),
          Flatten(),
          Dense(12, "relu"),
          Dropout(0.3),
          Dense(10, "softmax")};
}

std::vector<Layer> lenet_layers() {
  return {Conv2D({.filters = 2, .kernel_size = {5}, .padding = "same", .activation = "tanh"}),
          AveragePooling2D(2),
          Conv2D(4, 5, "tanh"),
          AveragePooling2D(2),
          Flatten(),
          Dense(12, "tanh"),
          Dense(10, "softmax")};
}

Model residual_network() {
  const auto convolution = [](const SymbolicTensor& x, int64_t size, int64_t stride) {
    const Conv2D layer({.filters = 4,
                        .kernel_size = {size},
                        .strides = {stride},
                        .padding = "same",
                        .use_bias = false});
    return BatchNormalization({.momentum = 0.9})(layer(x));
  };
  const Input input({12, 12, 1});
  const SymbolicTensor x = ReLU()(convolution(input, 3, 4));
  const SymbolicTensor y = convolution(ReLU()(convolution(x, 3, 2)), 3, 1);
  const SymbolicTensor sum = ReLU()(Add()({y, convolution(x, 1, 2)}));
  return Model(input, Dense(10, "softmax")(Dropout(0.3)(GlobalAveragePooling2D()(sum))));
}

// Of 12 × 12, as the convolutions of larger ones take long.
Dataset images_with_channel(int64_t samples) {
  const Dataset large = images(samples);
  Tensor x({samples, 12, 12, 1}, DType::uint8);
  for (int64_t i = 0; i < samples; ++i) {
    std::memcpy(x.data() + i * 144, large.x().row(i).data() + 8 * 28, 144);
  }
  return Dataset(std::move(x), Tensor(large.y())).divide(255);
}

Case tutorial() {
  return {.layers = tutorial_layers(), .data = flat_images};
}

/// The network of every program in examples/, by its name.
std::map<std::string, Case> examples() {
  return {{"fashion_mnist_resnet",
           {.network = residual_network,
            .data = images_with_channel,
            .loss = "sparse_categorical_crossentropy"}},
          {"hello_mnist",
           {.layers = hello_layers(),
            .data = [](int64_t samples) { return images(samples).divide(255); },
            .loss = "sparse_categorical_crossentropy"}},
          {"lenet5",
           {.layers = lenet_layers(),
            .data = images_with_channel,
            .loss = "sparse_categorical_crossentropy"}},
          {"mnist_convnet",
           {.layers = convolution_layers(),
            .data = images_with_channel,
            .loss = "sparse_categorical_crossentropy"}},
          {"mnist_fast",
           {.layers = strided_layers(),
            .data = images_with_channel,
            .loss = "sparse_categorical_crossentropy"}},
          {"mnist_tutorial", tutorial()}};
}

TEST(Allocations, OfEveryKindAreCounted) {
  const auto counted = [](const auto& allocate) {
    const int64_t before = allocations_so_far();
    void* volatile memory = allocate();  // volatile, or the compiler might remove it
    const int64_t after = allocations_so_far();
    std::free(memory);
    return after - before;
  };
  EXPECT_EQ(counted([] { return std::malloc(8); }), 1);
  EXPECT_EQ(counted([] { return std::calloc(1, 8); }), 1);
  EXPECT_EQ(counted([] { return std::realloc(nullptr, 8); }), 1);
  EXPECT_EQ(counted([] { return std::aligned_alloc(64, 64); }), 1);
  EXPECT_EQ(counted([] { return ::memalign(64, 64); }), 1);
  EXPECT_EQ(counted([] {
              void* memory = nullptr;
              return ::posix_memalign(&memory, 64, 64) == 0 ? memory : nullptr;
            }),
            1);
  EXPECT_EQ(counted([] { return ::operator new(8); }), 1);
  EXPECT_EQ(counted([] { return ::operator new(8, std::nothrow); }), 1);
  EXPECT_EQ(counted([] { return ::operator new[](8); }), 1);
  EXPECT_EQ(counted([] { return ::operator new (64, std::align_val_t{64}); }), 1);
}

TEST(Allocations, OfTheOtherMembersAreCounted) {
  Team team(3);
  team.run(3, [](Team::Member&) {});
  const int64_t before = allocations_so_far();
  team.run(3, [](Team::Member&) {
    void* volatile memory = std::malloc(8);
    std::free(memory);
  });
  EXPECT_EQ(allocations_so_far() - before, 3);
}

TEST(Allocations, OfASourceAreCountedInItsSteps) {
  Case each = tutorial();
  each.more = [] {
    void* volatile memory = std::malloc(8);
    std::free(memory);
  };
  for (const int threads : {1, 2}) {
    each.threads = threads;
    const Result result = watch(each);
    EXPECT_EQ(result.witness.steps(), result.steps);
    EXPECT_EQ(result.witness.allocations(), result.steps);
    EXPECT_NE(remembered_allocation(), "");
  }
}

TEST(Allocations, EveryExampleHasItsNetworkHere) {
  std::set<std::string> programs, networks;
  for (const auto& file :
       std::filesystem::directory_iterator(std::string(kSourceFolder) + "/examples")) {
    const std::string name = file.path().stem();
    // User-defined parts may allocate.
    if (file.path().extension() == ".cc" && !name.starts_with("own_")) programs.insert(name);
  }
  for (const auto& [name, network] : examples()) networks.insert(name);
  EXPECT_FALSE(programs.empty());
  EXPECT_EQ(programs, networks);
}

TEST(Allocations, AreNoneInAStepOfAnyExample) {
  for (const auto& [name, network] : examples()) {
    SCOPED_TRACE(name);
    expect_none_anywhere(network);
  }
}

TEST(Allocations, AreNoneForFloatInputs) {
  const auto floats = [](int64_t samples) {
    const Dataset bytes = small_images(samples);
    return Dataset(bytes.decoded_x(), Tensor(bytes.y()));
  };
  expect_none_anywhere(
      {.layers = tutorial_layers(), .data = floats, .loss = "sparse_categorical_crossentropy"});
}

TEST(Allocations, AreNoneForEachKindOfTargetAndLoss) {
  std::vector<Layer> probabilities = {Dense({.units = 10, .activation = "sigmoid"})};
  for (const auto& layers : {tutorial_layers(), probabilities}) {
    for (const DType dtype : {DType::uint8, DType::int32, DType::int64}) {
      const auto labels = [dtype](int64_t samples) {
        const Dataset bytes = small_images(samples);
        Tensor y({samples}, dtype);
        for (int64_t i = 0; i < samples; ++i) {
          if (dtype == DType::uint8) y.span<uint8_t>()[i] = i % 10;
          if (dtype == DType::int32) y.span<int32_t>()[i] = static_cast<int32_t>(i % 10);
          if (dtype == DType::int64) y.span<int64_t>()[i] = i % 10;
        }
        return Dataset(Tensor(bytes.x()), std::move(y)).divide(255);
      };
      for (const int threads : {1, 3}) {
        expect_none({.layers = layers,
                     .data = labels,
                     .loss = "sparse_categorical_crossentropy",
                     .threads = threads});
        expect_none({.layers = layers,
                     .data = [&](int64_t n) { return labels(n).to_categorical(10); },
                     .threads = threads});
      }
    }
    for (const DType dtype : {DType::float32, DType::uint8}) {
      const auto one_hot = [dtype](int64_t samples) {
        const Dataset bytes = small_images(samples).to_categorical(10);
        const Tensor rows = bytes.decoded_y();
        Tensor y(rows.shape(), dtype);
        for (int64_t i = 0; i < y.size(); ++i) {
          if (dtype == DType::uint8) y.span<uint8_t>()[i] = static_cast<uint8_t>(rows.at(i));
          if (dtype == DType::float32) y.span<float>()[i] = static_cast<float>(rows.at(i));
        }
        return Dataset(Tensor(bytes.x()), std::move(y)).divide(255);
      };
      for (const int threads : {1, 3}) {
        expect_none({.layers = layers, .data = one_hot, .threads = threads});
      }
    }
  }
}

TEST(Allocations, AreNoneInValidation) {
  for (int threads = 1; threads <= 4; ++threads) {
    Case each = tutorial();
    each.threads = threads;
    each.batch_size = 8;
    each.validation_split = 0.4;
    expect_none(each);
    each.validation_split = 0;
    each.fit.validation_data = flat_images(50);
    expect_none(each);
  }
}

TEST(Allocations, AreNoneWhereCallbacksWatchBatches) {
  for (int threads = 1; threads <= 2; ++threads) {
    Case each = tutorial();
    each.threads = threads;
    each.fit.callbacks = {std::make_shared<Callback>()};
    expect_none(each);
  }
}

TEST(Allocations, AreNoneInTheProgressOfAStream) {
  for (const int64_t verbose : {1, 2}) {
    std::ostringstream out;
    Case each = tutorial();
    each.fit.verbose = verbose;
    each.fit.stream = &out;
    each.more = [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };
    expect_none(each);
    EXPECT_NE(out.str(), "");
  }
}

TEST(Allocations, AreNoneInTheBarOfATerminal) {
  for (int threads = 1; threads <= 2; ++threads) {
    Case each = tutorial();
    each.threads = threads;
    each.fit.verbose = 1;
    each.more = [] { std::this_thread::sleep_for(std::chrono::milliseconds(60)); };
    Result result;
    std::string drawn;
    {
      const TerminalForStderr terminal(80);
      if (!terminal.open()) GTEST_SKIP() << "this system lends no terminal";
      result = watch(each);
      drawn = terminal.text();
    }
    EXPECT_NE(drawn.find("ETA"), std::string::npos) << drawn;
    EXPECT_EQ(result.witness.steps(), result.steps);
    EXPECT_EQ(result.witness.allocations(), 0) << threads << " threads" << remembered_allocation();
  }
}

TEST(Allocations, AreNoneInAPredictor) {
  const Dataset bytes = flat_images(100);
  for (const DType dtype : {DType::uint8, DType::float32}) {
    for (const int64_t rows : {1, 32}) {
      Sequential model(tutorial_layers());
      model.compile({.loss = "categorical_crossentropy"});
      model.fit(bytes, {.verbose = 0});
      const Tensor x = dtype == DType::uint8 ? Tensor(bytes.x()) : bytes.decoded_x();
      Predictor predictor = model.predictor({.rows = rows, .dtype = dtype});
      const int64_t before = allocations_so_far();
      for (int64_t first = 0; first + rows <= 100; first += rows) {
        predictor.predict(x.view().rows(first, first + rows));
      }
      EXPECT_EQ(allocations_so_far() - before, 0) << name(dtype) << ", " << rows << " rows";
    }
  }
}

}  // namespace allocations_test
}  // namespace cornu::inline v0
