#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cornu/callbacks/early_stopping.h"
#include "cornu/callbacks/learning_rate_scheduler.h"
#include "cornu/callbacks/reduce_lr_on_plateau.h"
#include "cornu/callbacks/terminate_on_nan.h"
#include "cornu/core/error_of_test.h"
#include "cornu/core/processes_test.h"
#include "cornu/core/rng.h"
#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/convolution.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/dropout.h"
#include "cornu/layers/flatten.h"
#include "cornu/layers/input.h"
#include "cornu/layers/reshape.h"
#include "cornu/models/sequential.h"
#include "cornu/optimizers/adam.h"
#include "cornu/optimizers/sgd.h"
#include "cornu/training/process_times.h"

namespace cornu::inline v0 {
namespace distribute_test {

constexpr int64_t kSamples = 45;

/// Samples of 36 bytes and their classes of three.
Dataset samples() {
  Tensor x({kSamples, 36}, DType::uint8);
  Tensor y({kSamples}, DType::uint8);
  uint64_t word = 5;
  for (uint8_t& each : x.span<uint8_t>()) {
    word = mix(word, 1);
    each = word % 3 == 0 ? static_cast<uint8_t>(word >> 8) : 0;
  }
  for (uint8_t& each : y.span<uint8_t>()) each = static_cast<uint8_t>((word = mix(word, 2)) % 3);
  return Dataset(std::move(x), std::move(y)).divide(255);
}

/// What one process knows after a fit: history and weights.
struct Trained {
  std::vector<double> logs;
  std::vector<float> weights;
  friend bool operator==(const Trained&, const Trained&) = default;
};

Trained trained(int shards, std::shared_ptr<Communicator> processes, int threads = 1) {
  Sequential model({Input({36}), Reshape({6, 6, 1}), Conv2D(4, 3, "relu"), Flatten(),
                    BatchNormalization(), Dense(20, "relu"), Dropout(0.25F), Dense(3, "softmax")});
  model.compile({.optimizer = Adam({.clipnorm = 0.5}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy", "sparse_top_k_categorical_accuracy"},
                 .shards = shards,
                 .execution = {.team = std::make_shared<Team>(threads), .minimum_work = 0}});
  const History history = model.fit(samples(), {.batch_size = 16,
                                                .epochs = 3,
                                                .verbose = 0,
                                                .validation_split = 0.1,
                                                .class_weight = {{0, 2.0}},
                                                .validation_batch_size = 3,
                                                .distribute = std::move(processes)});
  Trained result;
  for (const EpochRecord& epoch : history.epochs) {
    for (const auto& [name, value] : epoch.logs) result.logs.push_back(value);
  }
  for (const auto& [name, values] : model.weights()) {
    const auto numbers = values.span<float>();
    result.weights.insert(result.weights.end(), numbers.begin(), numbers.end());
  }
  return result;
}

// The last batch of an epoch has 8 rows, and those of the validation have 3 and 2, so with 16
// shards processes have none of them.
void several_processes_have_the_bits_of_one() {
  for (const int shards : {2, 3, 4, 8, 16}) {
    const Trained one = trained(shards, nullptr);
    for (const int count : {1, 2, 3, 4, 8, 16}) {
      if (shards % count != 0) continue;
      std::vector<Trained> each(static_cast<size_t>(count));
      run_processes(count, [&](const std::shared_ptr<Communicator>& processes) {
        const int threads = processes->rank() % 2 + 1;
        each[static_cast<size_t>(processes->rank())] = trained(shards, processes, threads);
      });
      for (const Trained& of_process : each) {
        EXPECT_EQ(of_process.logs, one.logs) << shards << " shards, " << count << " processes";
        EXPECT_EQ(of_process.weights, one.weights);
      }
    }
  }
}

TEST(Distribute, SeveralProcessesHaveTheBitsOfOne) {
  several_processes_have_the_bits_of_one();
}
TEST(Distribute, SoDoProcessesOfSeveralMachines) {
  const WithoutSharedMemory several;
  several_processes_have_the_bits_of_one();
}

TEST(Distribute, ProcessesThatBeginElsewhereAreTold) {
  const auto error_where = [](uint64_t seed, int64_t epochs, int64_t take, float weight) {
    std::string first;
    run_processes(2, [&](const std::shared_ptr<Communicator>& processes) {
      const bool differs = processes->rank() == 1;
      Sequential model({Input({36}), Dense(3, "softmax")}, {.seed = differs ? seed : 0});
      if (differs && weight > 0) {
        model.set_weight("dense/bias", std::vector<float>(3, weight));
      }
      model.compile({.loss = "sparse_categorical_crossentropy", .shards = 2});
      const std::string text = error_of([&] {
        model.fit(samples().take(differs ? take : kSamples),
                  {.epochs = differs ? epochs : 2, .verbose = 0, .distribute = processes});
      });
      if (processes->rank() == 0) first = text;
    });
    return first;
  };
  using testing::HasSubstr;
  EXPECT_EQ(error_where(0, 2, kSamples, 0), "no error");
  EXPECT_THAT(error_where(1, 2, kSamples, 0), HasSubstr("process 1 has another seed"));
  EXPECT_THAT(error_where(0, 3, kSamples, 0), HasSubstr("has another number of epochs"));
  EXPECT_THAT(error_where(0, 2, 44, 0), HasSubstr("has another data set than process 0"));
  EXPECT_THAT(error_where(0, 2, kSamples, 0.5F), HasSubstr("has another set of weights"));
}

TEST(Distribute, FilesAreWrittenByTheFirst) {
  class Counted final : public Callback {
   public:
    explicit Counted(bool for_first) : for_first_(for_first) {}
    bool is_for_first() const override { return for_first_; }
    void on_epoch_end(EpochRecord&, const History&) override { ++epochs; }
    int epochs = 0;

   private:
    bool for_first_;
  };
  for (const bool for_first : {false, true}) {
    std::vector<int> epochs(2);
    run_processes(2, [&](const std::shared_ptr<Communicator>& processes) {
      const auto counted = std::make_shared<Counted>(for_first);
      Sequential model({Input({36}), Dense(3, "softmax")});
      model.compile({.loss = "sparse_categorical_crossentropy", .shards = 2});
      model.fit(samples(),
                {.epochs = 2, .verbose = 0, .callbacks = {counted}, .distribute = processes});
      epochs[static_cast<size_t>(processes->rank())] = counted->epochs;
    });
    EXPECT_EQ(epochs, (std::vector<int>{2, for_first ? 0 : 2}));
  }
}

// What two processes print with these callbacks, which are made for each of them.
std::string printed(double learning_rate, const std::function<Callbacks()>& callbacks) {
  testing::internal::CaptureStderr();
  run_processes(2, [&](const std::shared_ptr<Communicator>& processes) {
    Sequential model({Input({36}), Dense(1)});
    model.compile({.optimizer = SGD(learning_rate), .loss = "mse", .shards = 2});
    model.fit(samples(),
              {.epochs = 3, .verbose = 0, .callbacks = callbacks(), .distribute = processes});
  });
  return testing::internal::GetCapturedStderr();
}

TEST(Distribute, WhatACallbackSaysIsSaidByTheFirst) {
  constexpr double kNever = 1e9;
  EXPECT_EQ(printed(0.01,
                    [] {
                      Callbacks all;
                      all.emplace_back(
                          LearningRateScheduler([](int64_t, double rate) { return rate; }, 1));
                      all.emplace_back(ReduceLROnPlateau(
                          {.monitor = "loss", .patience = 1, .verbose = 1, .min_delta = kNever}));
                      all.emplace_back(EarlyStopping({.monitor = "loss",
                                                      .min_delta = kNever,
                                                      .patience = 2,
                                                      .verbose = 1,
                                                      .restore_best_weights = true}));
                      return all;
                    }),
            "Epoch 1: learning rate 0.01\nEpoch 2: learning rate 0.01\n"
            "Epoch 2: learning rate reduced to 0.001\nEpoch 3: learning rate 0.001\n"
            "Epoch 3: learning rate reduced to 1e-04\nEpoch 3: early stopping\n"
            "Restoring the weights of the best epoch, 1\n");
  EXPECT_EQ(printed(1e38, [] { return Callbacks{TerminateOnNaN()}; }),
            "Batch 1: the loss is not finite, terminating training\n");
}

TEST(Distribute, AStopOfOneStopsAllAfterTheSameStep) {
  std::vector<std::vector<float>> weights(3);
  run_processes(3, [&](const std::shared_ptr<Communicator>& processes) {
    class StopsAt final : public Callback {
     public:
      explicit StopsAt(StopToken stop) : stop_(std::move(stop)) {}
      void on_train_batch_begin(int64_t step) override {
        if (step == 3) stop_.request_stop();
      }

     private:
      StopToken stop_;
    };
    const StopToken stop;
    FitOptions options{.batch_size = 5, .epochs = 4, .verbose = 0, .stop = stop};
    options.distribute = processes;
    if (processes->rank() == 1) options.callbacks.emplace_back(StopsAt(stop));
    Sequential model({Input({36}), Dense(3, "softmax")});
    model.compile({.loss = "sparse_categorical_crossentropy", .shards = 3});
    const History history = model.fit(samples(), options);
    EXPECT_TRUE(history.stopped);
    EXPECT_EQ(history.epochs.size(), 1U);
    const auto numbers = model.weights()[0].second.span<float>();
    weights[static_cast<size_t>(processes->rank())] = {numbers.begin(), numbers.end()};
  });
  EXPECT_EQ(weights[0], weights[1]);
  EXPECT_EQ(weights[0], weights[2]);
}

TEST(Distribute, ACallbackThatStopsOneStopsAllAfterTheSameEpoch) {
  class StopsAt final : public Callback {
   public:
    void on_epoch_end(EpochRecord& record, const History&) override {
      if (record.epoch == 1) training().stop();
    }
  };
  run_processes(3, [](const std::shared_ptr<Communicator>& processes) {
    FitOptions options{.batch_size = 5, .epochs = 4, .verbose = 0, .distribute = processes};
    if (processes->rank() == 1) options.callbacks.emplace_back(StopsAt());
    Sequential model({Input({36}), Dense(3, "softmax")});
    model.compile({.loss = "sparse_categorical_crossentropy", .shards = 3});
    const History history = model.fit(samples(), options);
    EXPECT_EQ(history.epochs.size(), 2U);
    EXPECT_FALSE(history.stopped);  // by a callback, not from outside
  });
}

// On two threads each, of which one asks for steps ahead.
TEST(Distribute, AStopAtAnyMomentStopsAllAfterTheSameStep) {
  for (int round = 0; round < 30; ++round) {
    std::vector<std::vector<float>> weights(2);
    run_processes(2, [&](const std::shared_ptr<Communicator>& processes) {
      const StopToken stop;
      Sequential model({Input({36}), Dense(20, "relu"), Dense(3, "softmax")});
      model.compile({.loss = "sparse_categorical_crossentropy",
                     .shards = 2,
                     .execution = {.team = std::make_shared<Team>(2), .minimum_work = 0}});
      std::jthread asks;
      if (processes->rank() == 1) {
        asks = std::jthread([stop, round] {
          std::this_thread::sleep_for(std::chrono::microseconds(2000 + 100 * round));
          stop.request_stop();
        });
      }
      const History history = model.fit(samples(), {.batch_size = 2,
                                                    .epochs = 100'000,
                                                    .verbose = 0,
                                                    .validation_split = 0.5,
                                                    .distribute = processes,
                                                    .stop = stop});
      EXPECT_TRUE(history.stopped);
      const auto numbers = model.weights()[0].second.span<float>();
      weights[static_cast<size_t>(processes->rank())] = {numbers.begin(), numbers.end()};
    });
    EXPECT_EQ(weights[0], weights[1]);
  }
}

/// Samples by number that count how often each was asked for.
class CountedSamples final : public Source {
 public:
  explicit CountedSamples(Dataset samples) : samples_(std::move(samples)) {}
  Spec spec() const override { return samples_.spec(); }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    for (const uint64_t id : ids) ++counts[id];
    samples_.fill(ids, row, batch);
  }
  mutable std::map<uint64_t, int> counts;

 private:
  Dataset samples_;
};

/// Counts the steps of validations.
class CountedTests final : public Callback {
 public:
  bool watches_batches() const override { return true; }
  void on_test_batch_end(int64_t, const Logs&) override { ++steps; }
  int64_t steps = 0;
};

TEST(Distribute, EachSampleOfAValidationBelongsToOneProcess) {
  std::vector<std::map<uint64_t, int>> counts(3);
  run_processes(3, [&](const std::shared_ptr<Communicator>& processes) {
    const CountedSamples source(samples());
    Sequential model({Input({36}), Dense(3, "softmax")});
    model.compile({.loss = "sparse_categorical_crossentropy", .shards = 3});
    const auto tested = std::make_shared<CountedTests>();
    model.fit(source, {.batch_size = 8,
                       .epochs = 2,
                       .verbose = 0,
                       .callbacks = {tested},
                       .validation_split = 0.6,
                       .shuffle = false,
                       .distribute = processes});
    EXPECT_EQ(tested->steps, 2 * 4);  // of 27 samples
    counts[static_cast<size_t>(processes->rank())] = source.counts;
  });
  // Once for the comparison of the data, as the fit begins, and in two epochs.
  for (int64_t id = 18; id < kSamples; ++id) {
    // 8 samples of a batch are 3, 3 and 2, and its last 3 one each.
    const int64_t of_batch = (id - 18) % 8;
    const int64_t owner = id < 42 ? of_batch * 3 / 8 : of_batch;
    for (int64_t rank = 0; rank < 3; ++rank) {
      EXPECT_EQ(counts[static_cast<size_t>(rank)][static_cast<uint64_t>(id)], rank == owner ? 3 : 1)
          << id << " in process " << rank;
    }
  }
}

// All search for it alike, since they have lost the same number.
TEST(Distribute, ASampleThatIsNotFiniteIsNamedByAll) {
  for (const uint64_t bad : {17U, 44U}) {
    std::vector<std::string> errors(2);
    run_processes(2, [&](const std::shared_ptr<Communicator>& processes) {
      Tensor x({kSamples, 3});
      std::ranges::fill(x.span<float>(), 0.5F);
      x.span<float>()[bad * 3 + 1] = std::numeric_limits<float>::quiet_NaN();
      Sequential model({Input({3}), Dense(1)});
      model.compile({.loss = "mse", .shards = 2});
      errors[static_cast<size_t>(processes->rank())] = error_of([&] {
        model.fit(
            std::move(x), Tensor({kSamples, 1}),
            {.batch_size = 20, .verbose = 0, .validation_split = 0.5, .distribute = processes});
      });
    });
    EXPECT_THAT(errors[0],
                testing::HasSubstr("sample " + std::to_string(bad) + ": input 0 is not finite"));
    EXPECT_EQ(errors[1], errors[0]);
  }
}

/// Samples that take a while to come.
class SlowSamples final : public Source {
 public:
  explicit SlowSamples(Dataset samples, std::chrono::milliseconds delay)
      : samples_(std::move(samples)), delay_(delay) {}
  Spec spec() const override { return samples_.spec(); }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    std::this_thread::sleep_for(delay_);
    samples_.fill(ids, row, batch);
  }

 private:
  Dataset samples_;
  std::chrono::milliseconds delay_;
};

// What the others wait for it does not count as theirs.
TEST(Distribute, TheProcessThatIsSlowIsFound) {
  run_processes(3, [&](const std::shared_ptr<Communicator>& processes) {
    const bool is_slow = processes->rank() == 2;
    const SlowSamples source(samples(), std::chrono::milliseconds(is_slow ? 40 : 0));
    Sequential model({Input({36}), Dense(3, "softmax")});
    model.compile({.loss = "sparse_categorical_crossentropy", .shards = 3});
    const History history =
        model.fit(source, {.batch_size = 3, .epochs = 2, .verbose = 0, .distribute = processes});
    ASSERT_EQ(history.process_seconds.size(), 3U);
    EXPECT_GE(history.process_seconds[2], 30 * 0.04);
    const auto slow = slow_process(history.process_seconds);
    ASSERT_TRUE(slow);
    EXPECT_EQ(slow->rank, 2);
    EXPECT_GE(slow->factor, 2);
  });
}

TEST(Distribute, ShardsAreDividedAmongProcesses) {
  run_processes(3, [](const std::shared_ptr<Communicator>& processes) {
    EXPECT_EQ(error_of([&] { trained(4, processes); }),
              "fit: cannot divide a batch among 3 processes; expected shards that their number "
              "divides, such as 3 or 6, got 4. Hint: compile says how many, on the command line "
              "--shards; the bits of weights depend on it");
    EXPECT_NE(error_of([&] { trained(1, processes); }).find("such as 3, got 1"), std::string::npos);
  });
}

}  // namespace distribute_test
}  // namespace cornu::inline v0
