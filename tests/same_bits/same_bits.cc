// Trains three small networks that hold every op there is, 200 steps each, and prints a hash of
// all that came out: weights, history, predictions. It needs the core library alone, so that it
// runs wherever that can be built: see emulated.sh.
//
//     same_bits [--target T] [--threads N] [--without PASS,…|all|none] [--golden FILE]
//     same_bits --all [--golden FILE]     threads 1 … 4 × targets × each pass left out, and all
//     same_bits --targets                 the targets of this CPU, best first

#include <algorithm>
#include <bit>
#include <cstdio>
#include <fstream>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/models/sequential.h"
#include "cornu/plan/passes.h"

namespace {

using cornu::Activation;
using cornu::Dataset;
using cornu::Dense;
using cornu::Dropout;
using cornu::Shape;
using cornu::Tensor;

constexpr int64_t kBatch = 16;
constexpr int64_t kSamples = 7 * kBatch + 5;
constexpr int64_t kSteps = 8;
constexpr int64_t kEpochs = 25;
static_assert(kSteps * kEpochs == 200 && (kSamples + kBatch - 1) / kBatch == kSteps);
constexpr int64_t kClasses = 5;

// FNV-1a, 64 bits (Fowler, Noll, Vo).
class Hash {
 public:
  void add(const void* data, size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    for (size_t i = 0; i < size; ++i) value_ = (value_ ^ bytes[i]) * 0x100000001B3U;
  }
  void add(std::string_view text) { add(text.data(), text.size()); }
  void add(cornu::TensorView tensor) { add(tensor.data(), tensor.nbytes()); }
  uint64_t value() const { return value_; }

 private:
  static_assert(std::endian::native == std::endian::little);
  uint64_t value_ = 0xCBF29CE484222325U;
};

Tensor labels() {
  Tensor y(Shape{kSamples}, cornu::DType::uint8);
  for (int64_t i = 0; i < kSamples; ++i) {
    y.span<uint8_t>()[static_cast<size_t>(i)] = static_cast<uint8_t>(i * 7 % kClasses);
  }
  return y;
}

// Bytes, most of them 0 (a column in five always), as pictures of digits have them.
Dataset bytes(int64_t columns) {
  Tensor x(Shape{kSamples, columns}, cornu::DType::uint8);
  for (int64_t i = 0; i < kSamples; ++i) {
    for (int64_t j = 0; j < columns; ++j) {
      const bool lit = j % 5 != 3 && (i * 7 + j * j * 3 + i % kClasses * j) % 4 == 0;
      x.span<uint8_t>()[static_cast<size_t>(i * columns + j)] =
          static_cast<uint8_t>(lit ? (i * i * 31 + j * 17) % 255 + 1 : 0);
    }
  }
  return Dataset(std::move(x), labels());
}

// Floats of both signs, by steps that are exact in binary.
Dataset floats(int64_t columns) {
  Tensor x(Shape{kSamples, columns}, cornu::DType::float32);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] =
        static_cast<float>((i * i * 13 + i * 5) % 257 - 128) / 64;
  }
  return Dataset(std::move(x), labels());
}

struct Case {
  Dataset data;
  std::vector<cornu::Layer> layers;
  cornu::Optimizer optimizer;
  cornu::Loss loss;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  all.push_back(
      {bytes(83).divide(255).to_categorical(kClasses),
       {Dense({.units = 70, .activation = "sigmoid"}), Dropout({.rate = 0.3F}),
        Dense({.units = 17, .activation = "relu"}), Dense({.units = 9, .activation = "tanh"}),
        Dense({.units = kClasses, .activation = "softmax"})},
       "adam",
       "categorical_crossentropy"});
  // A softmax within the network, and a loss of bare probabilities.
  all.push_back(
      {floats(12).to_categorical(kClasses),
       {Dense({.units = 33, .activation = "relu"}), Dropout({.rate = 0.5F}),
        Dense({.units = 7, .activation = "softmax"}), Dense({.units = 6, .use_bias = false}),
        Dense({.units = kClasses, .activation = "sigmoid"})},
       cornu::make_optimizer("sgd",
                             {{"learning_rate", 0.1}, {"momentum", 0.9}, {"nesterov", true}}),
       "categorical_crossentropy"});
  all.push_back({bytes(20),
                 {Dense({.units = 16, .activation = "tanh"}), Activation("relu"),
                  Dense({.units = kClasses, .activation = "sigmoid"})},
                 "sgd",
                 "sparse_categorical_crossentropy"});
  return all;
}

struct Run {
  cornu::kernels::Target target = cornu::kernels::best_target();
  int threads = 1;
  std::vector<std::string> without = {};

  std::string text() const {
    std::string passes;
    for (const std::string& pass : without) passes.append(passes.empty() ? "" : ",").append(pass);
    return std::string(cornu::kernels::name(target)) + ", " + std::to_string(threads) +
           " threads, without " + (passes.empty() ? "nothing" : passes);
  }
};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what);
}

struct Result {
  std::string hash;
  int threads;
};

Result result(const Run& run) {
  Hash hash;
  int fewest_threads = run.threads;
  for (const Case& each : cases()) {
    cornu::Sequential model(each.layers);
    const auto team = std::make_shared<cornu::Team>(run.threads);
    model.compile(
        {.optimizer = each.optimizer,
         .loss = each.loss,
         .metrics = {"accuracy"},
         .execution = {
             .target = run.target, .team = team, .minimum_work = 0, .without = run.without}});
    const cornu::History history =
        model.fit(each.data, {.batch_size = kBatch, .epochs = kEpochs, .verbose = 0});
    // A plan without some pass may be for one thread, and one thread may do without the team.
    const int planned = model.step_threads(each.data.spec(), kBatch);
    const int ran = std::max(1, team->last_members());
    if (ran != planned || (run.without.empty() && ran != run.threads)) {
      fail(run.text() + ": " + std::to_string(ran) + " threads ran, planned " +
           std::to_string(planned));
    }
    fewest_threads = std::min(fewest_threads, ran);
    for (const auto& [name, weight] : model.weights()) {
      hash.add(name);
      hash.add(weight);
    }
    for (const cornu::EpochRecord& epoch : history.epochs) {
      for (const auto& [name, value] : epoch.logs) {
        hash.add(name);
        hash.add(&value, sizeof value);
      }
    }
    hash.add(model.predict(each.data.take(13)));
    hash.add(model.predict(each.data.take(1)));
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash.value()));
  return {text, fewest_threads};
}

std::vector<std::string> all_passes() {
  std::vector<std::string> names;
  for (const cornu::Pass& pass : cornu::cpu_passes()) names.emplace_back(pass.name);
  return names;
}

template <size_t... kIndex>
std::set<std::string_view> op_names(std::index_sequence<kIndex...>) {
  return {std::variant_alternative_t<kIndex, cornu::What>::kName...};
}

// A new op that no case holds would be an op without this test.
void require_every_op() {
  auto missing = op_names(std::make_index_sequence<std::variant_size_v<cornu::What>>());
  for (const Case& each : cases()) {
    cornu::Sequential model(each.layers);
    model.compile({.optimizer = each.optimizer, .loss = each.loss});
    const cornu::Spec spec = each.data.spec();
    model.build(spec.x.front().shape);
    for (const std::vector<std::string>& without : {std::vector<std::string>{}, all_passes()}) {
      const cornu::Plan plan =
          cornu::improve(cornu::make_plan(model.graph(), spec, {&each.loss, 1}, &each.optimizer,
                                          {.mode = cornu::Mode::training, .capacity = kBatch}),
                         without);
      for (const cornu::Op& op : plan.ops) missing.erase(cornu::name(op.what));
    }
  }
  if (!missing.empty()) fail("no case holds the op " + std::string(*missing.begin()));
}

std::vector<Run> whole_product() {
  std::vector<std::vector<std::string>> left_out = {{}};
  for (const std::string& pass : all_passes()) left_out.push_back({pass});
  if (all_passes().size() > 1) left_out.push_back(all_passes());
  std::vector<Run> runs;
  for (const cornu::kernels::Target target : cornu::kernels::supported_targets()) {
    for (int threads = 1; threads <= 4; ++threads) {
      for (const auto& without : left_out) runs.push_back({target, threads, without});
    }
  }
  return runs;
}

cornu::kernels::Target target_named(std::string_view name) {
  using cornu::kernels::Target;
  for (const Target target : {Target::avx512, Target::avx2, Target::neon, Target::portable}) {
    if (cornu::kernels::name(target) == name) return target;
  }
  fail("no target is called " + std::string(name));
}

std::vector<std::string> separated(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    words.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return words;
}

int main_of(const std::vector<std::string_view>& arguments) {
  Run run;
  bool all = false;
  std::string wanted;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (name == "--all") {
      all = true;
    } else if (name == "--targets") {
      for (const auto target : cornu::kernels::supported_targets()) {
        std::printf("%s\n", std::string(cornu::kernels::name(target)).c_str());
      }
      return 0;
    } else if (i + 1 == arguments.size()) {
      fail("not understood: " + std::string(name));
    } else if (const std::string value(arguments[++i]); name == "--target") {
      run.target = target_named(value);
    } else if (name == "--threads") {
      run.threads = std::stoi(value);
    } else if (name == "--without") {
      run.without = value == "all"    ? all_passes()
                    : value == "none" ? std::vector<std::string>{}
                                      : separated(value);
    } else if (name == "--golden") {
      std::ifstream file(value);
      if (!(file >> wanted)) fail("no hash in " + value);
    } else {
      fail("not understood: " + std::string(name));
    }
  }
  require_every_op();
  const std::vector<Run> runs = all ? whole_product() : std::vector<Run>{run};
  int differ = 0;
  int on_fewer_threads = 0;
  for (const Run& each : runs) {
    const auto [found, threads] = result(each);
    on_fewer_threads += threads < each.threads ? 1 : 0;
    if (wanted.empty()) wanted = found;
    if (found != wanted) {
      std::fprintf(stderr, "%s: %s, expected %s\n", each.text().c_str(), found.c_str(),
                   wanted.c_str());
      ++differ;
    } else if (!all) {
      std::printf("%s: %s\n", each.text().c_str(), found.c_str());
    }
  }
  if (all) {
    std::printf("%zu runs, %d of them not %s; %d were planned for fewer threads than asked for\n",
                runs.size(), differ, wanted.c_str(), on_fewer_threads);
  }
  return differ == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return main_of({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "same_bits: %s\n", error.what());
    return 1;
  }
}
