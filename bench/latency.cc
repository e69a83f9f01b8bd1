// Predictions one at a time: a dense network over samples of MNIST, warm, on one thread. Prints
// the median and the tail of their times, and the same for a loop of fixed work of about that
// length, which shows how much of the tail is due to the machine. With a path, the model is saved
// there; --json prints a line for scripts, without the probe.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/version.h"
#include "cornu/cornu.h"
#include "probe.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kSamples = 1000;
constexpr size_t kCalls = 1'000'000;

struct Percentiles {
  double p50, p99, p999, worst;
};

/// Nanoseconds of each call of f(i).
template <class F>
Percentiles measure(const F& f) {
  std::vector<uint32_t> took(kCalls);
  for (size_t i = 0; i < kCalls / 10; ++i) f(i);
  for (size_t i = 0; i < kCalls; ++i) {
    const auto begin = Clock::now();
    f(i);
    took[i] = static_cast<uint32_t>(std::chrono::nanoseconds(Clock::now() - begin).count());
  }
  std::sort(took.begin(), took.end());
  const auto at = [&](double part) {
    return static_cast<double>(took[static_cast<size_t>(part * (kCalls - 1))]);
  };
  return {at(0.5), at(0.99), at(0.999), at(1)};
}

struct Line {
  const char* what;
  Percentiles ns;
};

void print_text(const std::vector<Line>& lines) {
  std::printf("\nnanoseconds                       p50      p99    p99.9      worst\n");
  for (const auto& [what, ns] : lines) {
    std::printf("%-28s %8.0f %8.0f %8.0f %10.0f\n", what, ns.p50, ns.p99, ns.p999, ns.worst);
  }
}

void print_json(const std::vector<Line>& lines) {
  std::printf("{\"framework\": \"Cornu\", \"version\": \"%s\", \"calls\": %zu, \"nanoseconds\": {",
              CORNU_VERSION, kCalls);
  const char* separator = "";
  for (const auto& [what, ns] : lines) {
    std::printf("%s\"%s\": {\"p50\": %.0f, \"p99\": %.0f, \"p99.9\": %.0f, \"worst\": %.0f}",
                std::exchange(separator, ", "), what, ns.p50, ns.p99, ns.p999, ns.worst);
  }
  std::printf("}}\n");
}

}  // namespace

int main(int argc, char** argv) {
  const bool json = argc > 1 && std::string_view(argv[1]) == "--json";
  const char* const path = argc > 1 ? argv[json ? 2 : 1] : nullptr;
  if (argc > (json ? 3 : 2) || (path != nullptr && path[0] == '-')) {
    std::fprintf(stderr, "usage: latency [--json] [MODEL]\n");
    return 2;
  }
  try {
    const auto [train, test] = cornu::datasets::mnist({.download = false});
    const cornu::Dataset prepared = train.reshape({784}).divide(255).to_categorical(10);
    cornu::Sequential model({cornu::Dense({.units = 64, .activation = "sigmoid"}),
                             cornu::Dense({.units = 10, .activation = "softmax"})});
    model.build({784});
    model.compile({.optimizer = "adam", .loss = "categorical_crossentropy"});
    model.fit(prepared, {.batch_size = 128, .epochs = 1, .verbose = 0});
    if (path != nullptr) model.save(path);

    const cornu::Dataset some = test.reshape({784}).divide(255).take(kSamples);
    const cornu::Tensor numbers = some.decoded_x();
    cornu::Predictor of_bytes = model.predictor({.dtype = cornu::DType::uint8});
    cornu::Predictor of_numbers = model.predictor();
    volatile float sink = 0;
    const auto ask = [&](cornu::Predictor& predictor, cornu::TensorView samples) {
      return [&predictor, samples, &sink](size_t i) {
        const auto row = static_cast<int64_t>(i) % kSamples;
        sink = predictor.predict(samples.row(row)).span<float>()[0];
      };
    };
    if (!json) print(cornu::bench::trusted_probe(3));
    std::vector<Line> lines;
    lines.push_back({"bytes", measure(ask(of_bytes, some.x()))});
    lines.push_back({"float32", measure(ask(of_numbers, numbers))});
    // Dependent multiplications, as long as a prediction.
    const auto rounds = static_cast<int64_t>(lines[0].ns.p50 / 1.2);
    lines.push_back({"fixed work", measure([&](size_t) {
                       float x = sink;
                       for (int64_t i = 0; i < rounds; ++i) x = x * 0.999F;
                       sink = x;
                     })});
    lines.push_back({"nothing", measure([](size_t) {})});
    json ? print_json(lines) : print_text(lines);
    return 0;
  } catch (const cornu::Error& error) {
    std::fprintf(stderr, "latency: %s\n", error.what());
    return 1;
  }
}
