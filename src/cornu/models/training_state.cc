#include "cornu/models/training_state.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cornu/models/model_internal.h"

namespace cornu::inline v0 {
namespace {

// A state of a weight has its shape; those of the optimizer itself are float64 numbers.
void check_states(const TrainingState& state, const Graph& graph, const std::string& optimizer) {
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

TrainingState Model::training_state() const {
  impl_->require_compiled();
  TrainingState state{.optimizer = {},
                      .steps = impl_->steps_begun,
                      .steps_before = impl_->steps_before,
                      .epochs_begun = impl_->epochs_begun,
                      .next_epoch = impl_->epoch_after,
                      .learning_rate = impl_->set_rate};
  for (const auto& [name, values] : impl_->optimizer_state) {
    state.optimizer.emplace_back(name, values);
  }
  return state;
}

void Model::set_training_state(TrainingState state) {
  impl_->require_built();
  impl_->require_compiled();
  impl_->use.require_none(impl_->where(), "set_training_state");
  check_states(state, impl_->graph, std::string(impl_->compiled->optimizer->name()));
  require("training state", state.steps >= 0 && state.steps_before >= 0 && state.next_epoch >= 0,
          "numbers of steps and epochs of 0 or more", "one below 0");
  std::map<std::string, Tensor> states;
  for (auto& [name, values] : state.optimizer) states.emplace(name, std::move(values));
  if (state.learning_rate && !impl_->has_schedule()) impl_->set_learning_rate(*state.learning_rate);
  // Executors point to the memory of the former states.
  impl_->executors.clear();
  impl_->optimizer_state = std::move(states);
  impl_->steps_begun = state.steps;
  impl_->steps_before = state.steps_before;
  impl_->epochs_begun = state.epochs_begun;
  impl_->epoch_after = state.next_epoch;
}

}  // namespace cornu::inline v0
