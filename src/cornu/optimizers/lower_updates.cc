#include <algorithm>

#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {
namespace {

void clip(const UpdateOptions& options, Builder& b, const std::vector<TrainedWeight>& weights) {
  if (options.clipvalue) {
    for (const TrainedWeight& each : weights) {
      b.update(ops::ClipValue{*options.clipvalue}, {each.dw}, {each.dw});
    }
  }
  if (!options.clipnorm && !options.global_clipnorm) return;
  Slots squares;
  for (const TrainedWeight& each : weights) {
    squares.push_back(b.update_one(ops::SquaredNorm{}, {each.dw}));
  }
  if (options.global_clipnorm && !squares.empty()) {
    const SlotId factor = b.update_one(ops::ClipFactor{*options.global_clipnorm}, squares);
    for (const TrainedWeight& each : weights) {
      b.update(ops::ScaleBy{}, {each.dw, factor}, {each.dw});
    }
    return;
  }
  for (size_t i = 0; i < weights.size(); ++i) {
    const SlotId factor = b.update_one(ops::ClipFactor{*options.clipnorm}, {squares[i]});
    b.update(ops::ScaleBy{}, {weights[i].dw, factor}, {weights[i].dw});
  }
}

}  // namespace

void lower_updates(const OptimizerDescription& optimizer, Builder& b,
                   const std::vector<TrainedWeight>& weights) {
  const UpdateOptions options = optimizer.update_options();
  const auto here = b.scope(optimizer.name());
  const auto state = [&b](const char* name, SlotId w) {
    const auto of = b.scope(b.slot(w).name);
    return b.state(name, b.slot(w).shape);
  };
  if (options.gradient_accumulation_steps > 1) {
    for (const TrainedWeight& each : weights) {
      b.change(ops::Accumulate{options.gradient_accumulation_steps}, {each.dw},
               {state("gradient_accumulator", each.w), each.dw});
    }
  }
  clip(options, b, weights);
  for (const TrainedWeight& each : weights) {
    if (options.weight_decay) b.update(ops::WeightDecay{*options.weight_decay}, {}, {each.w});
  }
  for (const TrainedWeight& each : weights) optimizer.lower(b, each.w, each.dw);
  if (!options.use_ema) return;
  for (const TrainedWeight& each : weights) {
    b.change(ops::MovingAverage{options.ema_momentum, options.ema_overwrite_frequency}, {},
             {state("average", each.w), each.w});
  }
}

}  // namespace cornu::inline v0
