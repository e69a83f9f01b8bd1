// The model's part of a fit: the numbers that a step needs, and the state that outlives it.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "cornu/core/value.h"
#include "cornu/models/model_internal.h"

namespace cornu::inline v0 {

// A schedule counts steps, including those that only accumulate.
double Model::Impl::learning_rate() const {
  return set_rate ? *set_rate : compiled->optimizer->learning_rate().at(steps_begun);
}

Context Model::Impl::begin_step(uint64_t epoch) {
  const int64_t accumulated =
      std::max<int64_t>(1, compiled->optimizer->update_options().gradient_accumulation_steps);
  const double rate = learning_rate();
  const int64_t step = steps_begun++;
  return {.seed = seed(),
          .epoch = epoch,
          .learning_rate = rate,
          .updates = step / accumulated,
          .closes = (step + 1) % accumulated == 0};
}

// If moving averages of the weights are kept, they are the result of training.
void Model::Impl::end_fit() {
  if (on_batch || !compiled->optimizer->update_options().use_ema) return;
  const std::string prefix = std::string(compiled->optimizer->name()) + "/";
  for (const NamedWeight& each : graph.weights()) {
    const auto average = optimizer_state.find(prefix + each.name + "/average");
    if (average == optimizer_state.end()) continue;
    std::memcpy(each.weight->value.data(), average->second.data(), average->second.nbytes());
  }
}

bool Model::Impl::has_schedule() const {
  return compiled->optimizer->learning_rate().schedule() != nullptr;
}

void Model::Impl::set_learning_rate(double learning_rate) {
  require("learning_rate", std::isfinite(learning_rate) && learning_rate >= 0,
          "a finite number of 0 or more", shortest(learning_rate));
  require("learning_rate", !has_schedule(), "an optimizer whose learning_rate is a number",
          "one with a schedule");
  set_rate = learning_rate;
}

std::vector<Tensor> Model::Impl::weights() const {
  std::vector<Tensor> copies;
  for (const NamedWeight& each : graph.weights()) copies.push_back(each.weight->value);
  return copies;
}

void Model::Impl::set_weights(const std::vector<Tensor>& values) {
  const auto own = graph.weights();
  require("set_weights", values.size() == own.size(), std::to_string(own.size()) + " weights",
          std::to_string(values.size()));
  for (size_t i = 0; i < own.size(); ++i) {
    const Tensor& value = own[i].weight->value;
    require("set_weights", values[i].shape() == value.shape() && values[i].dtype() == value.dtype(),
            own[i].name + " of shape " + value.shape().str(), values[i].shape().str());
  }
  for (size_t i = 0; i < own.size(); ++i) {
    Tensor& value = own[i].weight->value;
    if (value.nbytes() > 0) std::memcpy(value.data(), values[i].data(), value.nbytes());
  }
}

bool Model::Impl::is_finite() const {
  return std::ranges::all_of(graph.weights(), [](const NamedWeight& each) {
    const auto values = std::as_const(each.weight->value).span<float>();
    return std::ranges::all_of(values, [](float x) { return std::isfinite(x); });
  });
}

void Model::Impl::keep() {
  kept = {weights(), optimizer_state, epochs_begun, steps_begun};
}

// In place, as executors point to this memory.
void Model::Impl::go_back() {
  set_weights(kept.weights);
  for (const auto& [name, values] : kept.states) {
    std::memcpy(optimizer_state.at(name).data(), values.data(), values.nbytes());
  }
  epochs_begun = kept.epochs_begun;
  steps_begun = kept.steps_begun;
}

std::unique_ptr<Executor> Model::Impl::plain_training(const Spec& spec, int64_t capacity) {
  std::vector<std::string> all;
  for (const Pass& pass : cpu_passes()) all.emplace_back(pass.name);
  Plan made =
      improve(make_plan(graph, spec, compiled_outputs.losses, &compiled->optimizer,
                        {.mode = Mode::training, .capacity = capacity, .shards = compiled->shards}),
              all);
  return make_executor(std::move(made), [this](const Slot& slot) { return bind(slot); },
                       {.target = execution.target, .team = nullptr, .without = all});
}

}  // namespace cornu::inline v0
