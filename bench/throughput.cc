// Predictions of many samples at once: a dense network over 60,000 rows of the caller's numbers,
// none of them zero, and over MNIST's bytes, most of which are zero; on one thread and on all.
// Prints rows and FLOP per second, and the multiply-add peak of as many threads.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/version.h"
#include "cornu/cornu.h"
#include "probe.h"
#include "synthetic.h"

namespace {

constexpr int64_t kFeatures = 784, kUnits = 64, kClasses = 10;
constexpr double kRowFlop = 2.0 * (kFeatures * kUnits + kUnits * kClasses);
constexpr int kPasses = 15;

/// One input on `threads` threads, and the seconds of each pass over it.
struct Case {
  const char* input;
  int threads;
  std::function<cornu::Tensor()> predict;
  std::vector<double> seconds = {};

  double best() const { return *std::min_element(seconds.begin(), seconds.end()); }
  double median() const {
    std::vector<double> sorted = seconds;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }
};

/// The same weights whatever the number of threads.
cornu::Sequential trained(const cornu::Dataset& train, int threads) {
  cornu::Sequential model({cornu::Dense({.units = kUnits, .activation = "sigmoid"}),
                           cornu::Dense({.units = kClasses, .activation = "softmax"})});
  model.build({kFeatures});
  model.compile({.optimizer = "adam",
                 .loss = "categorical_crossentropy",
                 .execution = {.team = std::make_shared<cornu::Team>(threads)}});
  model.fit(train, {.batch_size = 128, .epochs = 1, .verbose = 0});
  return model;
}

/// The cases take turns, so that all of them see the same neighbours.
void measure(std::vector<Case>& cases) {
  // One run before the first pass, so that the model has made its plan for such data.
  for (const Case& each : cases) each.predict();
  for (int pass = 0; pass < kPasses; ++pass) {
    for (Case& each : cases) {
      cornu::Tensor y;
      each.seconds.push_back(cornu::bench::seconds_of([&] { y = each.predict(); }));
    }
  }
}

/// FLOP/s of that many threads, the larger of the results of the probes before and after.
double peak(int threads, const cornu::bench::Probe& before, const cornu::bench::Probe& after) {
  return threads == 1 ? std::max(before.peak, after.peak)
                      : std::max(before.team_peak, after.team_peak);
}

/// Why the percentages cannot be trusted; empty if they can.
std::string doubt(const cornu::bench::Probe& before, const cornu::bench::Probe& after) {
  for (const cornu::bench::Probe* look : {&before, &after}) {
    if (!look->trusted()) return look->distrust();
    if (look->busy()) return "something else ran during a probe";
  }
  return {};
}

void print_text(const std::vector<Case>& cases, int64_t rows, const cornu::bench::Probe& before,
                const cornu::bench::Probe& after) {
  std::printf("\n%lld rows per pass, %d passes, %.0f FLOP per row, zeros counted\n\n",
              static_cast<long long>(rows), kPasses, kRowFlop);
  std::printf("median (best)                        rows/s           GFLOP/s       of the peak\n");
  for (const Case& each : cases) {
    const auto rate = [&](double seconds) { return static_cast<double>(rows) / seconds; };
    const double median = rate(each.median()), best = rate(each.best());
    const double part = 100 * kRowFlop / peak(each.threads, before, after);
    std::printf("%-14s %2d thread%-2s %9.0f (%9.0f)   %6.1f (%6.1f)   %5.1f %% (%5.1f)\n",
                each.input, each.threads, each.threads == 1 ? "" : "s", median, best,
                median * kRowFlop / 1e9, best * kRowFlop / 1e9, median * part, best * part);
  }
  std::printf("\n");
  // Each case with floats is followed by the one with bytes on as many threads.
  for (size_t i = 0; i + 1 < cases.size(); i += 2) {
    std::printf("MNIST bytes / dense float32, %d thread%s: %.2f times the rows/s\n",
                cases[i].threads, cases[i].threads == 1 ? "" : "s",
                cases[i].median() / cases[i + 1].median());
  }
  const std::string why = doubt(before, after);
  std::printf("peak after: %.1f GFLOP/s on one thread, %.1f on all; %s%s\n", after.peak / 1e9,
              after.team_peak / 1e9, why.empty() ? "trusted" : "not trusted: ", why.c_str());
}

void print_json(const std::vector<Case>& cases, int64_t rows, const cornu::bench::Probe& before,
                const cornu::bench::Probe& after) {
  const std::string why = doubt(before, after);
  std::printf(
      "{\"framework\": \"Cornu\", \"version\": \"%s\", \"cpu\": \"%s\", \"rows\": %lld, "
      "\"row_flop\": %.0f, \"trusted\": %s, \"distrust\": \"%s\", \"cases\": [",
      CORNU_VERSION, before.cpu.name.c_str(), static_cast<long long>(rows), kRowFlop,
      why.empty() ? "true" : "false", why.c_str());
  const char* separator = "";
  for (const Case& each : cases) {
    std::printf("%s{\"input\": \"%s\", \"threads\": %d, \"peak\": %.5g, \"seconds\": [",
                std::exchange(separator, ", "), each.input, each.threads,
                peak(each.threads, before, after));
    const char* comma = "";
    for (const double seconds : each.seconds) {
      std::printf("%s%.6f", std::exchange(comma, ", "), seconds);
    }
    std::printf("]}");
  }
  std::printf("]}\n");
}

}  // namespace

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::string_view(argv[1]) == "--json";
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: throughput [--json]\n");
    return 2;
  }
  try {
    const cornu::Dataset train = cornu::datasets::mnist({.download = false}).train;
    const cornu::Dataset bytes = train.reshape({kFeatures}).divide(255).to_categorical(kClasses);
    // Dense: 1/255 ... 1.
    const cornu::Tensor numbers =
        cornu::bench::synthetic(train.size(), 1).reshape({kFeatures}).divide(255).decoded_x();

    std::vector<int> counts = {1};
    if (cornu::default_threads() > 1) counts.push_back(cornu::default_threads());
    std::vector<cornu::Sequential> models;
    for (const int threads : counts) models.push_back(trained(bytes, threads));
    std::vector<Case> cases;
    for (size_t i = 0; i < counts.size(); ++i) {
      cases.push_back({"dense float32", counts[i],
                       [&model = models[i], &numbers] { return model.predict(numbers); }});
      cases.push_back({"MNIST bytes", counts[i],
                       [&model = models[i], &bytes] { return model.predict(bytes); }});
    }

    const cornu::bench::Probe before = cornu::bench::trusted_probe(3);
    if (!json) print(before);
    measure(cases);
    const cornu::bench::Probe after = cornu::bench::trusted_probe(3);
    json ? print_json(cases, train.size(), before, after)
         : print_text(cases, train.size(), before, after);
    return 0;
  } catch (const cornu::Error& error) {
    std::fprintf(stderr, "throughput: %s\n", error.what());
    return 1;
  }
}
