// A step of training allocates nothing: bar none, on every thread. The functions that hand out
// memory are replaced for this whole program by ones that count, then do as glibc does; what is
// counted lies between the second time that a pass over the data asks for samples and the end of
// its last step. tests/CMakeLists.txt leaves this program out of the builds with sanitizers, which
// replace the same functions.

#include <execinfo.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <set>
#include <sstream>
#include <thread>

#include "cornu/core/rng.h"
#include "cornu/cornu.h"
#include "cornu/training/terminal_test.h"

namespace {

std::atomic<int64_t> count{0};
// The calls that led to the first allocation after it was armed: where to look when a test fails.
std::atomic<bool> armed{false};
std::array<void*, 24> calls{};
std::atomic<int> num_calls{0};

void count_one() {
  count.fetch_add(1, std::memory_order_relaxed);
  if (armed.exchange(false)) {
    num_calls = ::backtrace(calls.data(), static_cast<int>(calls.size()));
  }
}

}  // namespace

// operator new, in all its forms, comes to malloc or aligned_alloc. Shared libraries have to find
// these too.
#pragma GCC visibility push(default)
extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);

void* malloc(size_t size) noexcept {
  count_one();
  return __libc_malloc(size);
}
void* calloc(size_t many, size_t size) noexcept {
  count_one();
  return __libc_calloc(many, size);
}
void* realloc(void* old, size_t size) noexcept {
  count_one();
  return __libc_realloc(old, size);
}
void* memalign(size_t alignment, size_t size) noexcept {
  count_one();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(size_t alignment, size_t size) noexcept {
  count_one();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, size_t alignment, size_t size) noexcept {
  count_one();
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
}
#pragma GCC visibility pop

namespace cornu::inline v0 {
namespace {

/// What was allocated in the steps of every pass so far, from the second of each on.
class Witness {
 public:
  void begin_pass() { fills_ = steps_ = 0; }
  void filled() {
    if (++fills_ == 2) begin();
  }
  void stepped() {
    // Where the data are another's, a pass is counted from the end of its first step.
    if (++steps_ == 1 && fills_ == 0) begin();
    if (steps_ == 1) return;
    allocations_ = before_ + count - begin_;
    ++seen_;
  }

  int64_t allocations() const { return allocations_; }
  /// Steps that began and ended while counting.
  int64_t steps() const { return seen_; }
  /// For people: the calls that led to the first allocation.
  std::string where() const {
    std::string text;
    const std::unique_ptr<char*, void (*)(void*)> names(
        ::backtrace_symbols(calls.data(), num_calls), std::free);
    for (int i = 0; i < num_calls; ++i) text += std::string("\n    ") + names.get()[i];
    return text.empty() ? text : "; addr2line -Cfie names the calls:" + text;
  }

 private:
  void begin() {
    before_ = allocations_;
    ::backtrace(calls.data(), 1);  // allocates at its first call
    num_calls = 0;
    begin_ = count;
    armed = true;
  }

  int64_t fills_ = 0, steps_ = 0, seen_ = 0;
  int64_t begin_ = 0, before_ = 0, allocations_ = 0;
};

/// A data set that tells when a batch is asked for. `fill` may do more.
class WitnessedSource final : public Source {
 public:
  WitnessedSource(Dataset data, Witness& witness, std::function<void()> more)
      : data_(std::move(data)), witness_(witness), more_(std::move(more)) {}
  Spec spec() const override { return data_.spec(); }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    if (row == 0) {
      witness_.filled();
      if (more_) more_();
    }
    data_.fill(ids, row, batch);
  }
  void prefetch(std::span<const uint64_t> ids) const override { data_.prefetch(ids); }

 private:
  Dataset data_;
  Witness& witness_;
  std::function<void()> more_;
};

/// A metric that tells when a step is done; named last, it comes after all others.
class StepCounter final : public MetricCounter {
 public:
  explicit StepCounter(Witness& witness) : witness_(witness) { witness_.begin_pass(); }
  void update(const Outcome&) override { witness_.stepped(); }
  double result() const override { return 0; }
  void reset() override {}

 private:
  Witness& witness_;
};

class StepMetric final : public MetricDescription {
 public:
  explicit StepMetric(Witness& witness) : witness_(witness) {}
  std::string_view name() const override { return "a_name_too_long_to_lie_within_a_string"; }
  std::string_view unit() const override { return ""; }
  bool higher_is_better() const override { return true; }
  void check(const Field&, const Shape&) const override {}
  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<StepCounter>(witness_);
  }

 private:
  Witness& witness_;
};

/// One fit to be watched.
struct Case {
  std::vector<Layer> layers;
  std::function<Dataset(int64_t samples)> data;
  std::string loss = "categorical_crossentropy";
  Optimizer optimizer = "adam";
  int threads = 1;
  int64_t batch_size = 32;
  std::vector<std::string> without = {};
  double validation_split = 0;
  FitOptions fit = {.epochs = 2, .verbose = 0};
  std::function<void()> more = {};  ///< done at each fill
};

/// Bytes of which a fifth are not zero, as in images of strokes, and labels that go round.
Dataset images(int64_t samples) {
  Tensor x({samples, 28, 28}, DType::uint8), y({samples}, DType::uint8);
  uint64_t element = 0;
  for (uint8_t& byte : x.span<uint8_t>()) {
    const uint64_t h = mix(0, element++);
    byte = h % 5 == 0 ? static_cast<uint8_t>(h >> 8) : 0;
  }
  uint8_t label = 0;
  for (uint8_t& each : y.span<uint8_t>()) each = label++ % 10;
  return {std::move(x), std::move(y)};
}

Dataset flat_images(int64_t samples) {
  return images(samples).reshape({784}).divide(255).to_categorical(10);
}

Dataset small_images(int64_t samples) {
  const Dataset all = images(samples).reshape({784}).divide(255);
  Tensor x({samples, 30}, DType::uint8);
  for (int64_t i = 0; i < samples; ++i) {
    std::copy_n(all.x().row(i).span<uint8_t>().begin(), 30, x.span<uint8_t>().begin() + i * 30);
  }
  return Dataset(std::move(x), Tensor(all.y())).divide(255);
}

struct Result {
  Witness witness;
  int64_t steps = 0;  ///< that should have been seen
};

Result watch(const Case& each) {
  Result result;
  Witness& witness = result.witness;
  // Three batches and a part of one.
  const int64_t samples = 3 * each.batch_size + (each.batch_size + 1) / 2;
  WitnessedSource source(each.data(samples), witness, each.more);
  const auto team = std::make_shared<Team>(each.threads);
  Sequential model(each.layers);
  model.compile({.optimizer = each.optimizer,
                 .loss = each.loss,
                 .metrics = {"accuracy", Metric(std::make_shared<StepMetric>(witness))},
                 .execution = {.team = team, .minimum_work = 0, .without = each.without}});
  FitOptions options = each.fit;
  options.batch_size = each.batch_size;
  options.validation_split = each.validation_split;
  const auto later_steps = [&](int64_t size) {
    return (size + each.batch_size - 1) / each.batch_size - 1;
  };
  const int64_t training =
      static_cast<int64_t>(std::floor(static_cast<double>(samples) * (1 - each.validation_split)));
  model.fit(source, options);
  EXPECT_EQ(std::max(team->last_members(), 1), each.threads);
  result.steps = options.epochs * later_steps(training);
  if (training < samples) result.steps += options.epochs * later_steps(samples - training);
  if (options.validation_data) {
    result.steps += options.epochs * later_steps(options.validation_data->size());
  }
  model.evaluate(source, {.batch_size = each.batch_size});
  result.steps += later_steps(samples);
  return result;
}

void expect_none(const Case& each) {
  const Result result = watch(each);
  EXPECT_EQ(result.witness.steps(), result.steps);
  EXPECT_EQ(result.witness.allocations(), 0)
      << each.threads << " threads, batches of " << each.batch_size << ", "
      << each.optimizer->name() << result.witness.where();
}

std::vector<Optimizer> optimizers() {
  return {Adam(), SGD(), SGD({.momentum = 0.9}), SGD({.momentum = 0.9, .nesterov = true})};
}

/// A fit on each number of threads, batch size and optimizer, with zeros skipped and not.
void expect_none_anywhere(Case each) {
  for (const Optimizer& optimizer : optimizers()) {
    for (int threads = 1; threads <= 4; ++threads) {
      for (const int64_t batch_size : {1, 32, 128, 500}) {
        for (const bool skips : {true, false}) {
          each.optimizer = optimizer;
          each.threads = threads;
          each.batch_size = batch_size;
          each.without =
              skips ? std::vector<std::string>{} : std::vector<std::string>{"skip_zeros"};
          expect_none(each);
          if (::testing::Test::HasFailure()) return;
        }
      }
    }
  }
}

std::vector<Layer> tutorial_layers() {
  return {Dense({.units = 64, .activation = "sigmoid"}),
          Dense({.units = 10, .activation = "softmax"})};
}

std::vector<Layer> hello_layers() {
  std::vector<Layer> layers = tutorial_layers();
  layers.insert(layers.begin(), Flatten());
  return layers;
}

Case tutorial() {
  return {.layers = tutorial_layers(), .data = flat_images};
}

/// The network of every program in examples/, by its name.
std::map<std::string, Case> examples() {
  return {{"hello_mnist",
           {.layers = hello_layers(),
            .data = [](int64_t samples) { return images(samples).divide(255); },
            .loss = "sparse_categorical_crossentropy"}},
          {"mnist_tutorial", tutorial()}};
}

TEST(Allocations, OfEveryKindAreCounted) {
  const auto counted = [](const auto& allocate) {
    const int64_t before = count;
    void* volatile memory = allocate();  // or it might be left out
    const int64_t after = count;
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
  const int64_t before = count;
  team.run(3, [](Team::Member&) {
    void* volatile memory = std::malloc(8);
    std::free(memory);
  });
  EXPECT_EQ(count - before, 3);
}

TEST(Allocations, OfASourceAreSeenInItsSteps) {
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
    EXPECT_NE(result.witness.where(), "");
  }
}

TEST(Allocations, EveryExampleHasItsNetworkHere) {
  std::set<std::string> programs, networks;
  for (const auto& file :
       std::filesystem::directory_iterator(std::string(CORNU_SOURCE_DIR) + "/examples")) {
    const std::string name = file.path().stem();
    // Parts of one's own may allocate what they like.
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

TEST(Allocations, AreNoneWithEachActivation) {
  for (const ActivationEntry& entry : activation_table()) {
    SCOPED_TRACE(entry.name);
    expect_none_anywhere(
        {.layers = {Dense({.units = 33, .activation = entry.name}),
                    ActivationLayer({.activation = entry.name}),
                    Dense({.units = 10, .activation = "softmax"})},
         .data = [](int64_t samples) { return small_images(samples).to_categorical(10); }});
  }
}

TEST(Allocations, AreNoneWithDropout) {
  expect_none_anywhere(
      {.layers = {Dropout({.rate = 0.2F}), Dense({.units = 32, .activation = "relu"}), Dropout({}),
                  Dense({.units = 10, .activation = "softmax"})},
       .data = [](int64_t samples) { return small_images(samples).to_categorical(10); }});
}

TEST(Allocations, AreNoneWithVectorsOfIndicesAndPenalties) {
  const auto indices = [](int64_t samples) {
    Tensor x(Shape{samples, 6}, DType::int32);
    for (int64_t i = 0; i < x.size(); ++i) {
      x.span<int32_t>()[static_cast<size_t>(i)] = static_cast<int32_t>(i * 7 % 40);
    }
    return Dataset(std::move(x), Tensor(small_images(samples).y())).to_categorical(10);
  };
  expect_none_anywhere(
      {.layers = {Embedding({.input_dim = 40, .output_dim = 8}), Flatten(),
                  Dense({.units = 33, .kernel_regularizer = "l2"}), BatchNormalization(), PReLU(),
                  LayerNormalization(), GaussianNoise({.stddev = 0.1}),
                  Dense({.units = 10, .activation = "softmax"})},
       .data = indices});
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
    EXPECT_EQ(result.witness.allocations(), 0) << threads << " threads" << result.witness.where();
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
      const int64_t before = count;
      for (int64_t first = 0; first + rows <= 100; first += rows) {
        predictor.predict(x.view().rows(first, first + rows));
      }
      EXPECT_EQ(count - before, 0) << name(dtype) << ", " << rows << " rows";
    }
  }
}

}  // namespace
}  // namespace cornu::inline v0
