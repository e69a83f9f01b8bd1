#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/models/executor_cache.h"
#include "cornu/models/model.h"
#include "cornu/models/model_use.h"
#include "cornu/plan/passes.h"
#include "cornu/training/learner.h"

namespace cornu::inline v0 {

inline void require(const char* where, bool good, const std::string& expected,
                    const std::string& found) {
  if (!good) throw Error({.where = where, .expected = expected, .found = found});
}

/// The samples of a fit.
struct TrainingData {
  Spec spec;
  int64_t samples = 0, steps = 0;       ///< per epoch; 0: unknown
  TimedExchanges* processes = nullptr;  ///< that share its batches; null: this one is alone
  std::function<Value()> settings;      ///< that describe the data
};

/// The state that training returns to when a loss or weight is not finite.
struct Kept {
  std::vector<Tensor> weights;
  std::map<std::string, Tensor> states;
  uint64_t epochs_begun = 0;
  int64_t steps_begun = 0;
};

/// The content of a model: the network, the results of compile(), and the state of training.
struct Model::Impl final : Learner {
  ModelOptions options;
  std::string type;
  bool is_named = false;  ///< by its options; if not, it gets another name inside another model
  bool built = false;
  SymbolicTensors inputs, outputs;
  Graph graph;
  mutable std::optional<Layer> as_layer;
  std::optional<CompileOptions> compiled;
  CompiledOutputs compiled_outputs;  ///< once built and compiled
  ExecutionOptions execution;
  std::map<std::string, Tensor> optimizer_state;
  uint64_t epochs_begun = 0;
  int64_t steps_begun = 0;         ///< since it was compiled
  int64_t steps_before = 0;        ///< those before it was compiled last
  int64_t epoch_after = 0;         ///< number of the epoch after the last one
  std::optional<double> set_rate;  ///< set by a callback; replaces the optimizer's
  bool on_batch = false;           ///< within train_on_batch, which ends no fit
  Spec data_spec;
  Value origin;
  ModelCard card;
  std::vector<Tensor> stored_sample;
  Kept kept;
  mutable ExecutorCache executors;
  mutable ModelUse use;

  std::string where() const { return "model \"" + options.name + "\""; }
  void require_built() const;
  void require_compiled() const;
  void require_loss() const;
  /// Resolves the compile options for the network's outputs, once there are both.
  void resolve();
  /// Discards everything made for the former network.
  void network_changed();
  /// Error if data like `spec` cannot be fed to the network, its losses and metrics.
  void check_data(const Spec& spec) const;
  /// The fields of samples of this dtype: with the encoding of the training data if those have it
  /// too.
  Field field_of(size_t input, DType dtype) const;
  /// `spec`, where inputs without an encoding get that of the training data if the dtype is the
  /// same.
  Spec remembered(Spec spec) const;

  Plan plan(const Spec& spec, Mode mode, int64_t capacity, const Part& part = {}) const;
  Plan checked_plan(const Spec& spec, Mode mode, int64_t batch_size) const;
  /// Writes the present values of a weight, or the initial ones of a state, to `memory`.
  void set_initial(const Slot& slot, Tensor& memory) const;
  ExecutorOptions executor_options(const Plan& made) const;
  /// The memory of a weight or a state; a state is made and initialized when a plan first uses it.
  std::byte* bind(const Slot& slot);
  std::shared_ptr<const Executor> executor(const Spec& spec, Mode mode, int64_t capacity);
  /// One of batches that `processes` share, unless it is null, each of which updates all weights or
  /// its slice.
  std::shared_ptr<const Executor> executor_of(const std::shared_ptr<Communicator>& processes,
                                              const Spec& spec, Mode mode, int64_t batch_size,
                                              bool updates_slices = false);

  /// Keeps the first sample, and the names of classes, of the data of a fit.
  void keep_sample(const Source& source);
  /// `whole` is this model.
  History fit(const Model& whole, const Executor& training, Feed& feed, const TrainingData& data,
              SourceRange validation, const FitOptions& fitting);

  uint64_t seed() const override { return options.seed; }
  void set_seed(uint64_t seed) override { options.seed = seed; }
  TrainingState training_state() const override;
  void resume(const TrainingState& state) override;
  /// Sets its numbers of steps and epochs.
  void set_counts(const TrainingState& state);
  TrainedModel model() const override { return {graph, type, options.name}; }
  int64_t steps_of_life() const override { return steps_before + steps_begun; }
  int64_t next_epoch() const override { return epoch_after; }
  void set_next_epoch(int64_t number) override { epoch_after = number; }
  uint64_t epochs_of_life() const override { return epochs_begun; }
  uint64_t begin_epoch() override { return epochs_begun++; }
  Context begin_step(uint64_t epoch) override;
  void end_fit() override;
  double learning_rate() const override;
  bool has_schedule() const override;
  void set_learning_rate(double learning_rate) override;
  std::vector<Tensor> weights() const override;
  void set_weights(const std::vector<Tensor>& values) override;
  bool is_finite() const override;
  void keep() override;
  void go_back() override;
  std::unique_ptr<Executor> plain_training(const Spec& spec, int64_t capacity) override;
};

}  // namespace cornu::inline v0
