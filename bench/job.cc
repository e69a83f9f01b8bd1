// A training job that uses the public API, Cornu's part of every comparison: a dense network over
// MNIST, another data set of the catalogue or synthetic bytes, with validation after each epoch.
// Without options: the tutorial's job, with its floor, the time of its FLOP at one thread's peak.

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.h"
#include "cornu/core/version.h"
#include "cornu/cornu.h"
#include "fma_peak.h"
#include "synthetic.h"

namespace {

constexpr std::string_view kUsage =
    "usage: job [--dataset NAME | --dataset synthetic] [--units N[,N...]]\n"
    "           [--activation sigmoid|relu] [--batch-size N] [--epochs N] [--samples N]\n"
    "           [--density D | --all-ones] [--no-validation] [--threads N|auto]\n"
    "           [--without PASS[,PASS...]] [--data-dir FOLDER] [--json]\n"
    "Trains a dense network on one-hot classes with Adam and prints seconds and accuracy.\n"
    "--density is the fraction of non-zero synthetic bytes, and --all-ones makes each of them\n"
    "255. --samples takes the first N to train with. --without leaves passes of the plan out.\n";

struct Job {
  std::string dataset = "mnist";
  std::string data_dir = {};
  std::vector<int64_t> units = {64};
  std::string activation = "sigmoid";
  int64_t batch_size = 128, epochs = 10;
  std::optional<int64_t> samples = {};
  std::optional<double> density = {};
  bool all_ones = false, validation = true, json = false;
  int threads = 0;  // 0: as many as make steps fastest
  std::vector<std::string> without = {};
};

constexpr Program kProgram = {"job", kUsage};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Job parse(int argc, char** argv) {
  Job job;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    const auto value = [&]() -> std::string_view {
      if (i + 1 == argc) kProgram.refuse(std::string(option) + " needs a value");
      return argv[++i];
    };
    if (option == "--dataset") {
      job.dataset = value();
    } else if (option == "--data-dir") {
      job.data_dir = value();
    } else if (option == "--units") {
      job.units.clear();
      for (const auto& text : split(value())) {
        job.units.push_back(kProgram.number<int64_t>(option, text, 1));
      }
    } else if (option == "--activation") {
      job.activation = value();
      if (job.activation != "sigmoid" && job.activation != "relu") {
        kProgram.refuse("--activation: sigmoid or relu, got \"" + job.activation + "\"");
      }
    } else if (option == "--batch-size") {
      job.batch_size = kProgram.number<int64_t>(option, value(), 1);
    } else if (option == "--epochs") {
      job.epochs = kProgram.number<int64_t>(option, value(), 1);
    } else if (option == "--samples") {
      job.samples = kProgram.number<int64_t>(option, value(), 1);
    } else if (option == "--density") {
      job.density = kProgram.number<double>(option, value(), 0);
      if (*job.density > 1) kProgram.refuse("--density: at most 1");
    } else if (option == "--all-ones") {
      job.all_ones = true;
    } else if (option == "--no-validation") {
      job.validation = false;
    } else if (option == "--threads") {
      const std::string_view threads = value();
      job.threads = threads == "auto" ? 0 : kProgram.number<int>(option, threads, 1);
    } else if (option == "--without") {
      job.without = split(value());
    } else if (option == "--json") {
      job.json = true;
    } else {
      kProgram.refuse("unknown option \"" + std::string(option) + "\"");
    }
  }
  if (job.density && job.all_ones) kProgram.refuse("--density and --all-ones exclude each other");
  if ((job.density || job.all_ones) != (job.dataset == "synthetic")) {
    kProgram.refuse("--dataset synthetic goes with --density or --all-ones");
  }
  return job;
}

cornu::DatasetParts load(const Job& job) {
  cornu::DatasetParts parts;
  if (job.all_ones) {
    const auto ones = [](int64_t samples) {
      const cornu::Dataset zeros = cornu::bench::synthetic(samples, 0);
      cornu::Tensor x(zeros.x());
      std::ranges::fill(x.span<uint8_t>(), uint8_t{255});
      return cornu::Dataset(std::move(x), cornu::Tensor(zeros.y()));
    };
    parts = {ones(job.samples.value_or(60'000)), ones(10'000)};
  } else if (job.density) {
    parts = {cornu::bench::synthetic(job.samples.value_or(60'000), *job.density),
             cornu::bench::synthetic(10'000, *job.density)};
  } else {
    parts = cornu::datasets::load(job.dataset, {.data_dir = job.data_dir, .download = false});
    if (job.samples) parts.train = parts.train.take(*job.samples);
  }
  const auto prepare = [](const cornu::Dataset& d) {
    const int64_t features = d.x().shape().size() / d.size();
    return d.reshape({features}).divide(255).to_categorical(10);
  };
  return {prepare(parts.train), prepare(parts.test)};
}

cornu::History train(const Job& job, const cornu::DatasetParts& parts, int64_t features) {
  cornu::Sequential model;
  for (const int64_t units : job.units) {
    model.add(cornu::Dense({.units = units, .activation = job.activation}));
  }
  model.add(cornu::Dense({.units = 10, .activation = "softmax"}));
  model.build({features});
  model.compile(
      {.optimizer = "adam",
       .loss = "categorical_crossentropy",
       .metrics = {"accuracy"},
       .execution = {.team = job.threads == 0 ? cornu::process_team()
                                              : std::make_shared<cornu::Team>(job.threads),
                     .without = job.without}});
  cornu::FitOptions options{.batch_size = job.batch_size, .epochs = job.epochs, .verbose = 0};
  if (job.validation) options.validation_data = parts.test;
  return model.fit(parts.train, options);
}

/// Products only: 2 FLOP per weight and sample for forward, for the weight gradient, and for the
/// gradient of the layer's input (except the first layer's); forward alone in validation.
double job_flop(const Job& job, int64_t features, int64_t train_size, int64_t test_size) {
  double forward = 0, training = 0;
  int64_t inputs = features;
  std::vector<int64_t> outputs = job.units;
  outputs.push_back(10);
  for (size_t i = 0; i < outputs.size(); ++i) {
    const double product = 2.0 * static_cast<double>(inputs * outputs[i]);
    forward += product;
    training += product * (i == 0 ? 2 : 3);
    inputs = outputs[i];
  }
  const double an_epoch = training * static_cast<double>(train_size) +
                          (job.validation ? forward * static_cast<double>(test_size) : 0);
  return an_epoch * static_cast<double>(job.epochs);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string strings(const std::vector<std::string>& values) {
  std::vector<std::string> quoted;
  for (const auto& value : values) quoted.push_back('"' + value + '"');
  return '[' + joined(quoted) + ']';
}

std::string numbers(const std::vector<int64_t>& values) {
  std::vector<std::string> texts;
  for (const int64_t value : values) texts.push_back(std::to_string(value));
  return joined(texts);
}

void print_json(const Job& job, const cornu::History& history, int64_t samples) {
  std::vector<std::string> seconds;
  for (const auto& epoch : history.epochs) seconds.push_back(std::to_string(epoch.seconds));
  const std::string accuracy =
      job.validation ? std::to_string(history.last()["val_accuracy"]) : "null";
  std::printf(
      "{\"framework\": \"Cornu\", \"version\": \"%s\", \"dataset\": \"%s\", \"units\": [%s], "
      "\"activation\": \"%s\", \"batch_size\": %lld, \"samples\": %lld, \"threads\": %d, "
      "\"auto\": %s, \"team\": \"%s\", "
      "\"epochs\": %lld, \"settings\": {\"without\": %s}, \"compile_seconds\": 0, "
      "\"seconds\": %.6f, \"epoch_seconds\": [%s], \"val_accuracy\": %s}\n",
      CORNU_VERSION, job.dataset.c_str(), numbers(job.units).c_str(), job.activation.c_str(),
      static_cast<long long>(job.batch_size), static_cast<long long>(samples),
      history.team.members(), job.threads == 0 ? "true" : "false", history.team.text().c_str(),
      static_cast<long long>(job.epochs), strings(job.without).c_str(), history.seconds,
      joined(seconds).c_str(), accuracy.c_str());
}

void print_text(const Job& job, const cornu::History& history, double flop, double one_thread) {
  std::printf("%s, units %s (%s), batch %lld, %lld epochs, %d thread%s\n", job.dataset.c_str(),
              numbers(job.units).c_str(), job.activation.c_str(),
              static_cast<long long>(job.batch_size), static_cast<long long>(job.epochs),
              history.team.members(), history.team.members() == 1 ? "" : "s");
  std::printf("threads: %s\n", history.team.text().c_str());
  std::printf("%.3f s", history.seconds);
  if (job.validation) std::printf(", val_accuracy %.4f", history.last()["val_accuracy"]);
  std::printf("\n%.1f GFLOP", flop / 1e9);
  if (one_thread > 0) {
    std::printf(" at the %.1f GFLOP/s peak of one thread: floor %.3f s, job / floor %.2f",
                one_thread / 1e9, flop / one_thread, history.seconds * one_thread / flop);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("\npeak RSS %.0f MB\n", static_cast<double>(usage.ru_maxrss) * 1024 / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  const Job job = parse(argc, argv);
  try {
    const cornu::DatasetParts parts = load(job);
    const int64_t features = parts.train.spec().x.front().shape.size();
    if (job.json) {
      print_json(job, train(job, parts, features), parts.train.size());
      return 0;
    }
    const double before = cornu::bench::fma_peak();
    const cornu::History history = train(job, parts, features);
    print_text(job, history, job_flop(job, features, parts.train.size(), parts.test.size()),
               std::max(before, cornu::bench::fma_peak()));
    return 0;
  } catch (const cornu::Error& error) {
    std::fprintf(stderr, "job: %s\n", error.what());
    return 1;
  }
}
