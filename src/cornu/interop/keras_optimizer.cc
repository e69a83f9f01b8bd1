#include "cornu/interop/keras_optimizer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/finite.h"

namespace cornu::inline v0 {
namespace {

/// A state as Cornu names it and, if it belongs to a weight, that weight.
struct StateName {
  std::string name;
  const Weight* weight = nullptr;
};

/// Where the numbers for all weights together stand.
enum class Numbers { last, before_weights };

// The states in Keras's order, behind iteration and learning_rate.
std::vector<StateName> state_names(const Optimizer& optimizer,
                                   const std::vector<NamedWeight>& weights,
                                   Numbers numbers = Numbers::last) {
  std::vector<StateName> names;
  const std::string prefix = std::string(optimizer->name()) + "/";
  const auto add = [&](const NamedWeight& weight, const std::string& state) {
    names.push_back({prefix + weight.name + "/" + state, weight.weight});
  };
  const auto add_for_all = [&](const std::string& state) {
    for (const NamedWeight& each : weights) add(each, state);
  };
  const UpdateOptions options = optimizer->update_options();
  if (options.use_ema) add_for_all("average");
  if (options.gradient_accumulation_steps > 1) add_for_all("gradient_accumulator");
  const StateOrder order = optimizer->state_order();
  const auto add_numbers = [&] {
    for (const NumberState& state : order.last) names.push_back({prefix + state.name});
  };
  if (numbers == Numbers::before_weights) add_numbers();
  for (const NamedWeight& each : weights) {
    for (const std::string& state : order.by_weight) add(each, state);
  }
  for (const std::string& state : order.by_state) add_for_all(state);
  if (numbers == Numbers::last) add_numbers();
  return names;
}

bool has_shapes_of(std::span<const Tensor> variables, const std::vector<StateName>& names) {
  return std::ranges::equal(variables, names, [](const Tensor& variable, const StateName& name) {
    return variable.shape() == (name.weight == nullptr ? Shape{} : name.weight->value.shape());
  });
}

// As the optimizer's own op computes it, update by update.
double power(double base, int64_t updates) {
  double product = 1;
  // Beyond this it is 0, or 1.
  constexpr int64_t kMost = 10'000'000;
  for (int64_t i = 0; i < std::min(updates, kMost); ++i) product *= base;
  return product;
}

Tensor float64_number(double value) {
  return Tensor::of<double>({1}, {value});
}

Tensor checked(const Tensor& variable, const StateName& state, const std::string& where) {
  const Shape shape = state.weight == nullptr ? Shape{} : state.weight->value.shape();
  if (variable.dtype() != DType::float32 || !(variable.shape() == shape)) {
    throw Error(
        {.kind = ErrorKind::corrupt,
         .where = where + ": " + state.name,
         .expected = "float32 values of shape " + shape.str(),
         .found = std::string(name(variable.dtype())) + " of shape " + variable.shape().str()});
  }
  const auto values = variable.span<float>();
  if (first_not_finite(values) < values.size()) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where + ": " + state.name,
                 .expected = "finite numbers"});
  }
  return state.weight == nullptr ? float64_number(values[0]) : variable;
}

int64_t steps_in(const Tensor& iteration, const std::string& where) {
  const double steps = iteration.size() == 1 ? iteration.at(0) : -1;
  if (steps >= 0 && steps < 0x1p53 && steps == std::floor(steps)) {
    return static_cast<int64_t>(steps);
  }
  throw Error({.kind = ErrorKind::corrupt,
               .where = where + ": iteration",
               .expected = "a whole number of steps"});
}

// tf.keras 2.11 to 2.15 kept the rate elsewhere.
bool has_rate(const std::vector<Tensor>& variables, const Optimizer& optimizer, size_t states) {
  const bool is_own = optimizer->learning_rate().schedule() == nullptr;
  const bool fits = variables.size() == 2 || variables.size() == 2 + states;
  return is_own && fits && variables[1].shape().ndim() == 0;
}

double rate_in(const Tensor& variable, const std::string& where) {
  const double rate = variable.at(0);
  if (std::isfinite(rate) && rate >= 0) return rate;
  throw Error({.kind = ErrorKind::corrupt,
               .where = where + ": learning_rate",
               .expected = "a finite number of 0 or more"});
}

// What is written since tf.keras 2.11; before, "Adam/iter:0", "training/SGD/iterations:0",
// "param_0".
bool is_todays_first(const std::string& name) {
  const size_t slash = name.rfind('/');
  const std::string last = slash == std::string::npos ? name : name.substr(slash + 1);
  return last == "iteration" || last == "iteration:0";
}

std::string underscored(std::string name) {
  std::ranges::replace(name, '/', '_');
  return name;
}

// Keras calls Adam's m and v by other names.
std::string keras_state(const std::string& state) {
  if (state == "m") return "momentum";
  if (state == "v") return "velocity";
  if (state == "v_hat") return "velocity_hat";
  return state;
}

}  // namespace

KerasOptimizer optimizer_from_keras(const std::vector<Tensor>& variables,
                                    const Optimizer& optimizer,
                                    const std::vector<NamedWeight>& weights,
                                    const std::string& where) {
  KerasOptimizer state;
  if (variables.empty()) return state;
  state.steps = steps_in(variables[0], where);
  std::vector<StateName> names = state_names(optimizer, weights);
  const StateOrder order = optimizer->state_order();
  const size_t first = has_rate(variables, optimizer, names.size()) ? 2 : 1;
  if (first == 2) state.learning_rate = rate_in(variables[1], where);
  if (variables.size() == first) return state;  // it was never used
  // Keras 3.0 to 3.5 wrote Nadam's u_product before the momenta.
  const std::span<const Tensor> states = std::span(variables).subspan(first);
  if (!order.last.empty() && !has_shapes_of(states, names)) {
    auto earlier = state_names(optimizer, weights, Numbers::before_weights);
    if (has_shapes_of(states, earlier)) names = std::move(earlier);
  }
  const size_t found = states.size();
  const size_t in_tf_keras =
      names.size() - order.last.size() + order.unused.size() * weights.size();
  if (found != names.size() && found != in_tf_keras) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .expected = std::to_string(first + names.size()) + " variables of " +
                             std::string(optimizer->name()),
                 .found = std::to_string(variables.size()),
                 .hint = "without compiling it the model loads: {.compile = false}, in Python "
                         "compile=False"});
  }
  const std::string prefix = std::string(optimizer->name()) + "/";
  const int64_t updates =
      state.steps / std::max<int64_t>(1, optimizer->update_options().gradient_accumulation_steps);
  if (found != names.size()) {
    names.resize(names.size() - order.last.size());
    for (const NumberState& each : order.last) {
      state.states.emplace_back(prefix + each.name, float64_number(each.value(updates)));
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    state.states.emplace_back(names[i].name, checked(states[i], names[i], where));
  }
  for (const PowerState& each : order.powers) {
    state.states.emplace_back(prefix + each.name, float64_number(power(each.base, updates)));
  }
  return state;
}

std::vector<Tensor> in_todays_order(std::vector<Tensor> variables,
                                    const std::vector<std::string>& names,
                                    const Optimizer& optimizer,
                                    const std::vector<KernelForm>& forms) {
  if (names.empty() || is_todays_first(names[0])) return variables;
  // Keras 1 and 2 counted the steps of some optimizers only.
  if (variables.empty() || variables[0].shape().ndim() > 0) {
    variables.insert(variables.begin(), Tensor::of<int64_t>(Shape{}, {0}));
  }
  const size_t weights = forms.size();
  const StateOrder order = optimizer->state_order();
  const size_t kinds = order.by_weight.size() + order.by_state.size();
  // Keras 2.1 to 2.3 kept a number for each v_hat that Adam did not use.
  const size_t unused = order.by_weight.size() == 2 && order.by_state.empty() ? weights : 0;
  const size_t needed = 1 + kinds * weights;
  if (variables.size() != needed && variables.size() != needed + unused) return {};
  std::vector<Tensor> ordered = {std::move(variables[0])};
  const auto add = [&](size_t kind, size_t i) {
    Tensor& state = variables[1 + kind * weights + i];
    const bool is_todays =
        forms[i].is_todays() || state.dtype() != DType::float32 || state.shape().ndim() < 2;
    ordered.push_back(is_todays ? std::move(state) : forms[i].todays(state));
  };
  const size_t by_weight = order.by_weight.size();
  for (size_t i = 0; i < weights; ++i) {
    for (size_t kind = 0; kind < by_weight; ++kind) add(kind, i);
  }
  for (size_t kind = by_weight; kind < kinds; ++kind) {
    for (size_t i = 0; i < weights; ++i) add(kind, i);
  }
  return ordered;
}

std::vector<OptimizerVariable> optimizer_to_keras(const KerasOptimizer& state,
                                                  const Optimizer& optimizer,
                                                  const std::vector<NamedWeight>& weights) {
  std::vector<OptimizerVariable> variables;
  variables.push_back({"iteration", Tensor::of<int64_t>(Shape{}, {state.steps})});
  if (state.learning_rate) {
    variables.push_back(
        {"learning_rate", Tensor::of<float>(Shape{}, {static_cast<float>(*state.learning_rate)})});
  }
  std::map<std::string, const Tensor*> by_name;
  for (const auto& [name, values] : state.states) by_name.emplace(name, &values);
  const std::vector<StateName> names = state_names(optimizer, weights);
  const auto is_there = [&](const StateName& each) { return by_name.contains(each.name); };
  if (!std::ranges::all_of(names, is_there)) return variables;  // it was never used
  const size_t prefix = optimizer->name().size() + 1;
  for (const StateName& each : names) {
    const std::string name = each.name.substr(prefix);
    const size_t slash = name.rfind('/');
    const bool is_number = slash == std::string::npos;
    const std::string keras_name =
        is_number ? name
                  : underscored(name.substr(0, slash)) + "_" + keras_state(name.substr(slash + 1));
    const Tensor& values = *by_name.at(each.name);
    variables.push_back(
        {keras_name,
         is_number ? Tensor::of<float>(Shape{}, {static_cast<float>(values.at(0))}) : values});
  }
  return variables;
}

}  // namespace cornu::inline v0
