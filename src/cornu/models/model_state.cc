#include "cornu/training/training_state.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>

#include "cornu/core/value.h"
#include "cornu/models/model_internal.h"

namespace cornu::inline v0 {
namespace {

// A state of a weight has its shape; those of the optimizer itself are float64 numbers.
void check_state(const TrainingState& state, const Graph& graph, const std::string& optimizer) {
  constexpr int64_t kMost = int64_t{1} << 53;
  for (const int64_t count : {state.steps, state.steps_before, state.next_epoch}) {
    require("training state", count >= 0 && count <= kMost,
            "numbers of steps and epochs from 0 to " + std::to_string(kMost),
            std::to_string(count));
  }
  require(
      "training state",
      !state.learning_rate || (std::isfinite(*state.learning_rate) && *state.learning_rate >= 0),
      "a learning rate of 0 or more", shortest(state.learning_rate.value_or(0)));
  std::map<std::string, const Weight*> weights;
  for (const NamedWeight& each : graph.weights()) {
    weights.emplace(optimizer + "/" + each.name, each.weight);
  }
  for (const auto& [name, values] : state.optimizer) {
    const auto weight = weights.find(name.substr(0, name.rfind('/')));
    const bool is_number = weight == weights.end();
    const Shape shape = is_number ? Shape{1} : weight->second->value.shape();
    const DType dtype = is_number ? DType::float64 : DType::float32;
    if (is_number && !name.starts_with(optimizer + "/")) {
      throw Error({.where = name, .expected = "a state of the optimizer " + optimizer});
    }
    if (!(values.shape() == shape) || values.dtype() != dtype) {
      throw Error({.where = name,
                   .expected = std::string(cornu::name(dtype)) + " of shape " + shape.str(),
                   .found = std::string(cornu::name(values.dtype())) + " of shape " +
                            values.shape().str()});
    }
  }
}

}  // namespace

TrainingState Model::Impl::training_state() const {
  TrainingState state{.optimizer = {},
                      .steps = steps_begun,
                      .steps_before = steps_before,
                      .epochs_begun = epochs_begun,
                      .next_epoch = epoch_after,
                      .learning_rate = set_rate};
  for (const auto& [name, values] : optimizer_state) state.optimizer.emplace_back(name, values);
  return state;
}

void Model::Impl::set_counts(const TrainingState& state) {
  steps_begun = state.steps;
  steps_before = state.steps_before;
  epochs_begun = state.epochs_begun;
  epoch_after = state.next_epoch;
}

// In place, as executors point to this memory.
void Model::Impl::resume(const TrainingState& state) {
  check_state(state, graph, std::string(compiled->optimizer->name()));
  for (const auto& own : optimizer_state) {
    const std::string& name = own.first;
    const bool is_given =
        std::ranges::any_of(state.optimizer, [&](const auto& each) { return each.first == name; });
    if (!is_given || state.optimizer.size() != optimizer_state.size()) {
      throw Error({.kind = ErrorKind::corrupt,
                   .where = "the state of a fit",
                   .expected = std::to_string(optimizer_state.size()) +
                               " states of the optimizer, among them " + name,
                   .found = std::to_string(state.optimizer.size())});
    }
  }
  for (const auto& [name, values] : state.optimizer) {
    std::memcpy(optimizer_state.at(name).data(), values.data(), values.nbytes());
  }
  set_rate = has_schedule() ? std::nullopt : state.learning_rate;
  set_counts(state);
}

TrainingState Model::training_state() const {
  impl_->require_compiled();
  return impl_->training_state();
}

void Model::set_training_state(TrainingState state) {
  impl_->require_built();
  impl_->require_compiled();
  impl_->use.require_none(impl_->where(), "set_training_state");
  check_state(state, impl_->graph, std::string(impl_->compiled->optimizer->name()));
  std::map<std::string, Tensor> states;
  for (auto& [name, values] : state.optimizer) states.emplace(name, std::move(values));
  if (state.learning_rate && !impl_->has_schedule()) impl_->set_learning_rate(*state.learning_rate);
  // Executors point to the memory of the former states.
  impl_->executors.clear();
  impl_->optimizer_state = std::move(states);
  impl_->set_counts(state);
}

}  // namespace cornu::inline v0
