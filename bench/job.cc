// The tutorial's job beside what this machine can do at most: ten epochs over MNIST with
// validation, against 132.9 GFLOP ÷ the FMA peak of one thread measured before and after.

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>

#include "cornu/cornu.h"
#include "fma_peak.h"

namespace {

constexpr double kJobFlop = 132.9e9;

double job_seconds(const cornu::Dataset& train, const cornu::Dataset& test, int threads) {
  cornu::Sequential model({cornu::Dense({.units = 64, .activation = "sigmoid"}),
                           cornu::Dense({.units = 10, .activation = "softmax"})});
  model.build({784});
  model.compile({.optimizer = "adam",
                 .loss = "categorical_crossentropy",
                 .metrics = {"accuracy"},
                 .execution = {.team = std::make_shared<cornu::Team>(threads)}});
  return model.fit(train, {.batch_size = 128, .epochs = 10, .verbose = 0, .validation_data = test})
      .seconds;
}

}  // namespace

int main() {
  try {
    const auto [train, test] = cornu::datasets::mnist({.download = false});
    const auto prepare = [](const cornu::Dataset& d) {
      return d.reshape({784}).divide(255).to_categorical(10);
    };
    std::printf("threads  seconds  peak GFLOP/s (1 thread)  floor s  job / floor\n");
    for (int threads = 1; threads <= cornu::default_threads(); ++threads) {
      const double before = cornu::bench::fma_peak();
      const double seconds = job_seconds(prepare(train), prepare(test), threads);
      const double peak = std::max(before, cornu::bench::fma_peak());
      std::printf("%7d  %7.2f  %23.1f  %7.2f  %11.2f\n", threads, seconds, peak / 1e9,
                  kJobFlop / peak, seconds * peak / kJobFlop);
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("peak RSS %.0f MB\n", static_cast<double>(usage.ru_maxrss) * 1024 / 1e6);
    return 0;
  } catch (const cornu::Error& error) {
    std::fprintf(stderr, "job: %s\n", error.what());
    return 1;
  }
}
