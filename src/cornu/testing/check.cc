#include "cornu/testing/check.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>

#include "cornu/layers/table.h"
#include "cornu/testing/probe.h"

namespace cornu::inline v0::testing {
namespace {

// Small enough for the curvature, large enough for float64's rounding.
constexpr double kStep = 1e-5;

double derivative(Probe& probe, double& x) {
  const double at = x;
  x = at + kStep;
  probe.run();
  const double above = probe.objective();
  x = at - kStep;
  probe.run();
  const double below = probe.objective();
  x = at;
  return (above - below) / (2 * kStep);
}

void compare_with_differences(Probe& probe, const CheckOptions& options, CheckResult& result) {
  for (const Probe::Variable& variable : probe.variables()) {
    if (variable.is_input && options.indices > 0) continue;
    if (variable.gradient == kNone) {
      result.fail(variable.name + ": has no gradient");
      continue;
    }
    probe.run();
    const Tensor gradient(probe.value(variable.gradient));
    const auto values = variable.values->span<double>();
    const auto stride = std::max<int64_t>(1, gradient.size() / options.max_entries);
    for (int64_t i = 0; i < gradient.size(); i += stride) {
      const double found = gradient.at(i);
      const double expected = derivative(probe, values[static_cast<size_t>(i)]);
      ++result.entries;
      if (found == 0 && expected == 0) {
        ++result.zeros;
        continue;
      }
      if (std::abs(found) > options.substantial) ++result.substantial;
      if (std::abs(found - expected) <= options.atol + options.rtol * std::abs(expected)) continue;
      result.fail("d " + variable.name + "[" + std::to_string(i) + "]: " + shortest(found) +
                  ", central difference " + shortest(expected));
    }
  }
}

double relative_l2(TensorView found, TensorView expected) {
  double difference = 0;
  double size = 0;
  for (int64_t i = 0; i < expected.size(); ++i) {
    const double d = found.at(i) - expected.at(i);
    difference += d * d;
    size += expected.at(i) * expected.at(i);
  }
  return size == 0 ? std::sqrt(difference) : std::sqrt(difference / size);
}

bool same_bits(TensorView a, TensorView b) {
  return a.nbytes() == b.nbytes() && std::memcmp(a.data(), b.data(), a.nbytes()) == 0;
}

using MakePlan = std::function<Plan(DType real, int64_t rows)>;

void compare_targets(Probe& exact, const MakePlan& make, const std::vector<NamedWeight>& weights,
                     const CheckOptions& options, CheckResult& result) {
  exact.run();
  std::map<size_t, Tensor> first_bits;
  for (kernels::Target target : kernels::supported_targets()) {
    for (int threads : {1, 3}) {
      const std::string where =
          std::string(kernels::name(target)) + ", " + std::to_string(threads) + " threads, d ";
      Probe probe(make(DType::float32, options.rows), weights, target, threads);
      probe.draw(options);
      probe.run();
      const auto expected = exact.variables();
      const auto found = probe.variables();
      for (size_t i = 0; i < found.size(); ++i) {
        if (found[i].gradient == kNone || expected[i].gradient == kNone) continue;
        const TensorView gradient = probe.value(found[i].gradient);
        const double error = relative_l2(gradient, exact.value(expected[i].gradient));
        result.worst_float32 = std::max(result.worst_float32, error);
        if (!(error <= options.float32_error)) {
          result.fail(where + found[i].name + ": relative L2 error " + shortest(error));
        }
        const auto [first, is_first] = first_bits.emplace(i, gradient);
        if (!is_first && !same_bits(gradient, first->second)) {
          result.fail(where + found[i].name + ": other bits than the first target's");
        }
      }
    }
  }
}

// Row by row the outputs are those of the whole batch.
void compare_alone(const MakePlan& make, const std::vector<NamedWeight>& weights,
                   const CheckOptions& options, CheckResult& result) {
  const kernels::Target target = kernels::best_target();
  Probe whole(make(DType::float32, options.rows), weights, target, 1);
  Probe alone(make(DType::float32, 1), weights, target, 1);
  whole.draw(options);
  alone.draw(options);
  whole.run();
  const SlotId y = whole.plan().outputs[0];
  for (int64_t row = 0; row < options.rows; ++row) {
    for (size_t i = 0; i < whole.batch().x.size(); ++i) {
      const TensorView one = whole.batch().x[i].view().rows(row, row + 1);
      std::memcpy(alone.batch().x[i].data(), one.data(), one.nbytes());
    }
    const uint64_t id[] = {static_cast<uint64_t>(row)};
    alone.batch().sample = id;
    alone.run();
    if (!same_bits(alone.value(alone.plan().outputs[0]), whole.value(y).rows(row, row + 1))) {
      result.fail("row " + std::to_string(row) + ": other bits alone than in a batch");
    }
  }
}

void check_all(const MakePlan& make, const std::vector<NamedWeight>& weights,
               const CheckOptions& options, CheckResult& result) {
  Probe exact(make(DType::float64, options.rows), weights);
  exact.draw(options);
  compare_with_differences(exact, options, result);
  if (result.entries > 0 && !result.trusted()) {
    result.fail("proves little: " + std::to_string(result.substantial) + " of " +
                std::to_string(result.entries - result.zeros) +
                " derivatives that are not exactly 0 are over " + shortest(options.substantial));
  }
  compare_targets(exact, make, weights, options, result);
  if (options.row_by_row) compare_alone(make, weights, options, result);
}

// A user-defined part of a layer, such as an activation, cannot be found by its name.
void check_config(const LayerDescription& layer, const LayerEntry& entry, CheckResult& result) {
  const Value::Map config = layer.config();
  try {
    if (make_layer(entry.name, config).description().config() == config) return;
    result.fail("config: does not make the same layer again");
  } catch (const Error& error) {
    if (error.parts().kind != ErrorKind::not_found) result.fail(error.what());
  }
}

}  // namespace

void CheckResult::fail(const std::string& what) {
  ok = false;
  log += what + "\n";
}

CheckResult check_layer(const Layer& given, std::span<const Shape> samples,
                        const CheckOptions& options) {
  CheckResult result;
  Layer layer = given;
  if (!layer.named()) layer.set_name(layer.name().empty() ? "layer" : layer.name());
  Shapes x;
  for (const Shape& sample : samples) x.push_back(sample.with_rows());
  const Shapes promised = layer.description().output_shapes(x, layer.where());
  layer.build(x, options.seed);
  const std::vector<NamedWeight> weights = Probe::weights_of(layer);

  for (const LayerEntry& entry : layer_table()) {
    if (entry.name != layer.type()) continue;
    check_config(layer.description(), entry, result);
  }
  for (Mode mode : {Mode::training, Mode::evaluate, Mode::predict}) {
    const Plan plan = Probe::layer_plan(layer, x, mode, DType::float32, options.rows);
    Shapes made;
    for (const SlotId each : plan.outputs) made.push_back(plan.slot(each).shape);
    if (made == promised) continue;
    result.fail("outputs: promised " + text(promised) + ", made in " + std::string(name(mode)) +
                " " + text(made));
  }
  const MakePlan make = [&](DType real, int64_t rows) {
    return Probe::layer_plan(layer, x, Mode::training, real, rows);
  };
  check_all(make, weights, options, result);
  return result;
}

CheckResult check_gradients(const Graph& graph, const Loss& loss, const Field& target,
                            const CheckOptions& options) {
  CheckResult result;
  const MakePlan make = [&](DType real, int64_t rows) {
    return Probe::loss_plan(graph, loss, target, real, rows);
  };
  check_all(make, graph.weights(), options, result);
  return result;
}

}  // namespace cornu::inline v0::testing
