// Convolutional networks over MNIST, Cornu's part of bench/peers/convnets.py: seconds of epochs, of
// an evaluation, microseconds of one prediction, or the plan. Prints a line of JSON, or the plan.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.h"
#include "cornu/core/version.h"
#include "cornu/cornu.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kUsage =
    "usage: convnet NETWORK [--samples N] [--epochs N] [--batch-size N] [--threads N]\n"
    "               [--data-dir FOLDER] [--evaluate | --predict | --explain] [--save MODEL]\n"
    "NETWORK is mnist_convnet, lenet5 or narrow. Trains it and prints the seconds of each epoch "
    "but\n"
    "the first, which warms up. --evaluate times the evaluation of the test images instead,\n"
    "--predict predictions one at a time, and --explain prints the plan of a step. --save keeps\n"
    "the trained model.\n";

struct Job {
  std::string network = {}, data_dir = {}, save = {};
  std::string mode = "train";
  int64_t samples = 60'000, epochs = 3, batch_size = 128;
  int threads = 0;  // 0: as many as make steps fastest
};

constexpr Program kProgram = {"convnet", kUsage};

Job parse(int argc, char** argv) {
  Job job;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    const auto value = [&]() -> std::string_view {
      if (i + 1 == argc) kProgram.refuse(std::string(option) + " needs a value");
      return argv[++i];
    };
    if (option == "--samples") {
      job.samples = kProgram.number<int64_t>(option, value(), 1);
    } else if (option == "--epochs") {
      job.epochs = kProgram.number<int64_t>(option, value(), 1);
    } else if (option == "--batch-size") {
      job.batch_size = kProgram.number<int64_t>(option, value(), 1);
    } else if (option == "--threads") {
      job.threads = static_cast<int>(kProgram.number<int64_t>(option, value(), 1));
    } else if (option == "--data-dir") {
      job.data_dir = value();
    } else if (option == "--save") {
      job.save = value();
    } else if (option == "--evaluate" || option == "--predict" || option == "--explain") {
      job.mode = option.substr(2);
    } else if (option.starts_with('-') || !job.network.empty()) {
      kProgram.refuse("unknown option \"" + std::string(option) + "\"");
    } else {
      job.network = option;
    }
  }
  return job;
}

cornu::Sequential network(const std::string& name) {
  using namespace cornu;
  if (name == "mnist_convnet") {
    return Sequential({Conv2D(32, 3, "relu"), MaxPooling2D(2), Conv2D(64, 3, "relu"),
                       MaxPooling2D(2), Flatten(), Dropout(0.5), Dense(10, "softmax")});
  }
  if (name == "lenet5") {
    return Sequential(
        {Conv2D({.filters = 6, .kernel_size = {5}, .padding = "same", .activation = "tanh"}),
         AveragePooling2D(2), Conv2D(16, 5, "tanh"), AveragePooling2D(2), Flatten(),
         Dense(120, "tanh"), Dense(84, "tanh"), Dense(10, "softmax")});
  }
  if (name == "narrow") {
    return Sequential({Conv2D(8, 3, "relu"), MaxPooling2D(2), Flatten(), Dense(64, "relu"),
                       Dense(10, "softmax")});
  }
  kProgram.refuse("NETWORK is mnist_convnet, lenet5 or narrow, got \"" + name + "\"");
}

double seconds_of(const std::function<void()>& call) {
  const auto begin = Clock::now();
  call();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// The first of `seconds` warms up.
void print(const std::vector<double>& seconds) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("{\"version\": \"%s\", \"warm_up_seconds\": %.9f, \"seconds\": [", CORNU_VERSION,
              seconds.front());
  for (size_t i = 1; i < seconds.size(); ++i) {
    std::printf("%s%.9f", i == 1 ? "" : ", ", seconds[i]);
  }
  std::printf("], \"peak_mb\": %.1f}\n", static_cast<double>(usage.ru_maxrss) * 1024 / 1e6);
}

// Different images in turn, each a call that is timed.
std::vector<double> predictions(const cornu::Model& model, const cornu::Dataset& test) {
  constexpr int64_t kImages = 1000;
  constexpr int64_t kCalls = 5000;
  cornu::Predictor predictor = model.predictor({.dtype = cornu::DType::uint8});
  std::vector<double> seconds;
  for (int64_t i = 0; i < kCalls; ++i) {
    seconds.push_back(seconds_of([&] { predictor.predict(test.x().row(i % kImages)); }));
  }
  std::ranges::sort(seconds);
  return {seconds.back(), seconds[kCalls / 2]};
}

void run(const Job& job) {
  const auto [all, stored_test] =
      cornu::datasets::mnist({.data_dir = job.data_dir, .download = false});
  const auto prepare = [](const cornu::Dataset& data) {
    return data.reshape({28, 28, 1}).divide(255);
  };
  const cornu::Dataset train = prepare(all.take(job.samples)), test = prepare(stored_test);
  cornu::Sequential model = network(job.network);
  model.compile(
      {.loss = "sparse_categorical_crossentropy",
       .metrics = {"accuracy"},
       .execution = {.team = job.threads == 0 ? cornu::process_team()
                                              : std::make_shared<cornu::Team>(job.threads)}});
  model.build({28, 28, 1});
  if (job.mode == "explain") {
    const std::string plan = model.explain(train.spec(), cornu::Mode::training, job.batch_size);
    std::fwrite(plan.data(), 1, plan.size(), stdout);
    return;
  }
  const bool trains = job.mode == "train";
  const cornu::History history = model.fit(train, {.batch_size = trains ? job.batch_size : 128,
                                                   .epochs = trains ? 1 + job.epochs : 1,
                                                   .verbose = 0});
  if (!job.save.empty()) model.save(job.save);
  std::vector<double> seconds;
  if (trains) {
    for (const auto& epoch : history.epochs) seconds.push_back(epoch.seconds);
  } else if (job.mode == "predict") {
    seconds = predictions(model, test);
  } else {
    for (int64_t i = 0; i <= job.epochs; ++i) {
      seconds.push_back(
          seconds_of([&] { (void)model.evaluate(test, {.batch_size = job.batch_size}); }));
    }
  }
  print(seconds);
}

}  // namespace

int main(int argc, char** argv) {
  const Job job = parse(argc, argv);
  try {
    run(job);
    return 0;
  } catch (const cornu::Error& error) {
    std::fprintf(stderr, "convnet: %s\n", error.what());
    return 1;
  }
}
