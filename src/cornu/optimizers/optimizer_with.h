#pragma once

#include "cornu/core/range.h"
#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

/// The largest float32 below 1, the bound of a beta, since 1 − beta is a divisor.
inline constexpr double kBelowOne = 0x1.fffffep-1;

/// Implements name(), config(), learning_rate() and update_options() for an optimizer of class O.
template <class O>
class OptimizerWith : public OptimizerDescription {
 public:
  using Options = typename O::Options;
  explicit OptimizerWith(Options given) : options(given) {}
  std::string_view name() const override { return O::kName; }
  Value::Map config() const override { return fields_to_map(options); }
  LearningRate learning_rate() const override { return options.learning_rate; }
  UpdateOptions update_options() const override {
    return {.weight_decay = options.weight_decay,
            .clipnorm = options.clipnorm,
            .clipvalue = options.clipvalue,
            .global_clipnorm = options.global_clipnorm,
            .use_ema = options.use_ema,
            .ema_momentum = options.ema_momentum,
            .ema_overwrite_frequency = options.ema_overwrite_frequency,
            .gradient_accumulation_steps = options.gradient_accumulation_steps};
  }

 protected:
  /// A state of the weight's shape, under the weight's name.
  static SlotId state(Builder& b, SlotId w, const char* name, double initial = 0) {
    const auto of = b.scope(b.slot(w).name);
    return b.state(name, b.slot(w).shape, initial);
  }

  Options options;
};

/// Error for options shared by all optimizers that are out of range or exclude each other, and for
/// a negative or non-finite learning_rate.
void check_update_options(const char* where, const LearningRate& learning_rate,
                          const UpdateOptions& options);

/// The slot of numbers that are computed once per step for the updates of all weights; their op is
/// added on first use.
template <class Step>
SlotId step_numbers(Builder& b, const Step& step, const Slots& states) {
  for (const Op& op : b.ops()) {
    if (std::holds_alternative<Step>(op.what) && op.in[0] == states[0]) return op.out[0];
  }
  return b.step(step, states)[0];
}

}  // namespace cornu::inline v0
