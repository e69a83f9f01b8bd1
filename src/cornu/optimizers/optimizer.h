#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/core/part_table.h"
#include "cornu/ops/builder.h"
#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

/// Visits the fields of UpdateOptions in an optimizer's options.
void visit_update_fields(auto& self, auto& v) {
  v("weight_decay", self.weight_decay);
  v("clipnorm", self.clipnorm);
  v("clipvalue", self.clipvalue);
  v("global_clipnorm", self.global_clipnorm);
  v("use_ema", self.use_ema);
  v("ema_momentum", self.ema_momentum);
  v("ema_overwrite_frequency", self.ema_overwrite_frequency);
  v("gradient_accumulation_steps", self.gradient_accumulation_steps);
}

/// Options that every optimizer has. At most one of the three clips may be given.
struct UpdateOptions {
  /// w −= w · weight_decay · learning_rate before each update; none: no decay.
  std::optional<double> weight_decay = {};
  /// The largest norm of each gradient, > 0; none: no bound.
  std::optional<double> clipnorm = {};
  /// The largest magnitude of a gradient element, > 0; none: no bound.
  std::optional<double> clipvalue = {};
  /// The largest norm of all gradients together, > 0; none: no bound.
  std::optional<double> global_clipnorm = {};
  /// Keeps a moving average of the weights, which replaces them when the fit ends.
  bool use_ema = false;
  /// The average's share of its old value at each step, 0 to 1.
  double ema_momentum = 0.99;
  /// The average replaces the weights every N steps; 0: only when a fit ends.
  int64_t ema_overwrite_frequency = 0;
  /// Steps whose mean gradient makes one update; 0 or 1: every step updates.
  int64_t gradient_accumulation_steps = 0;

  static void visit_fields(auto& self, auto& v) { visit_update_fields(self, v); }
};

/// A trained weight and its gradient.
struct TrainedWeight {
  SlotId w, dw;
};

/// A state that holds βᵗ after t updates.
struct PowerState {
  std::string name;
  double base;
};

/// A number for all weights together, and what it is after some updates.
struct NumberState {
  std::string name;
  std::function<double(int64_t updates)> value;
};

/// The states of an optimizer in the order in which Keras's files list its variables, by the names
/// that they have under each weight's or, those of all weights together, under the optimizer's.
struct StateOrder {
  std::vector<std::string> by_weight = {};  ///< all of a weight, then those of the next: m, v
  std::vector<std::string> by_state = {};   ///< after these: one of every weight, then the next
  std::vector<NumberState> last = {};       ///< after these; not in files of tf.keras
  std::vector<std::string> unused = {};     ///< by state; in files of tf.keras, and not needed
  std::vector<PowerState> powers = {};      ///< not in the files, which have the number of updates
};

/// How weights move along their gradients. Derive from this to write your own.
class CORNU_API OptimizerDescription {
 public:
  virtual ~OptimizerDescription() = default;
  /// Keras's name, "adam"; the names of its states begin with it.
  virtual std::string_view name() const = 0;
  virtual Value::Map config() const = 0;
  virtual LearningRate learning_rate() const = 0;
  virtual UpdateOptions update_options() const { return {}; }
  /// None by default: Keras's files then hold the number of updates alone.
  virtual StateOrder state_order() const { return {}; }
  /// The update of one weight from its gradient. Called once per weight, in model order.
  virtual void lower(Builder& b, SlotId w, SlotId dw) const = 0;
};

/// Made from Keras's name, "adam" or "sgd", or from an object: Adam({.learning_rate = 0.01}).
/// Copies share one description, which never changes: threads may use them at the same time.
class CORNU_API Optimizer {
 public:
  Optimizer(std::string_view name);                                          // NOLINT: converts
  Optimizer(const char* name) : Optimizer(std::string_view(name)) {}         // NOLINT
  Optimizer(const std::string& name) : Optimizer(std::string_view(name)) {}  // NOLINT
  explicit Optimizer(std::shared_ptr<const OptimizerDescription> description)
      : description_(std::move(description)) {}
  // A move is a copy: the source is unchanged.
  Optimizer(const Optimizer&) = default;
  Optimizer& operator=(const Optimizer&) = default;

  const OptimizerDescription* operator->() const { return description_.get(); }
  const OptimizerDescription& operator*() const { return *description_; }

 private:
  std::shared_ptr<const OptimizerDescription> description_;
};

/// Emits the ops that turn gradients into new weights, weights in model order.
CORNU_API void lower_updates(const OptimizerDescription& optimizer, Builder& b,
                             const std::vector<TrainedWeight>& weights);

using OptimizerEntry = PartEntry<Optimizer>;
template <>
CORNU_API const PartTable<Optimizer>& part_table<Optimizer>();
/// Cornu's optimizers.
CORNU_API std::span<const OptimizerEntry> optimizer_table();

/// The line of an optimizer by its name (same_name). Error for an unknown name; it lists known
/// ones.
CORNU_API const OptimizerEntry& optimizer_entry(std::string_view name);

/// An optimizer from its name and options.
CORNU_API Optimizer make_optimizer(std::string_view name, const Value::Map& config = {});

}  // namespace cornu::inline v0
