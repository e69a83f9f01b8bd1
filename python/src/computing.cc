// Losses, metrics and initializers on arrays, outside a model.

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "arrays.h"
#include "cornu/core/error.h"
#include "cornu/core/value.h"
#include "cornu/initializers/initializer.h"
#include "cornu/metrics/metric.h"
#include "cornu/plan/check_batch.h"
#include "cornu/plan/check_targets.h"
#include "cornu/plan/executor.h"
#include "functions.h"
#include "values.h"

namespace cornu::python {
namespace {

// One value for each sample and, of outputs of more axes, for each of the places before the last.
nb::object loss_values(const nb::object& given, const Dataset& samples) {
  const Loss loss = loss_from(given);
  const Spec spec = samples.spec();
  Tensor values;
  {
    const nb::gil_scoped_release released;
    std::vector<uint64_t> ids(static_cast<size_t>(spec.size));
    std::iota(ids.begin(), ids.end(), uint64_t{0});
    Batch batch = make_batch(spec, spec.size);
    fill(samples, ids, batch);
    Plan plan = make_loss_plan(loss, spec, {.mode = Mode::evaluate, .capacity = spec.size});
    BatchCheck(plan, spec)(batch, 0, batch.rows);
    const SlotId per_row = plan.losses[0].per_row;
    const auto executor = make_executor(
        std::move(plan), [](const Slot&) -> std::byte* { return nullptr; }, {.team = nullptr});
    const auto workspace = executor->make_workspace();
    executor->run(batch, {}, *workspace);
    values = Tensor(executor->value(per_row, *workspace, batch.rows));
  }
  return array_from(std::move(values));
}

/// A metric with its counts.
class MetricCount {
 public:
  explicit MetricCount(nb::handle given) : metric_(metric_from(given)) {}

  void update(const Array& y_true, const Array& y_pred, const std::optional<Array>& weights) {
    const Field target = checked(view_of(y_true), view_of(y_pred));
    counter_->update({.y_true = view_of(y_true),
                      .target = &target,
                      .y_pred = view_of(y_pred),
                      .sample_weight = weights ? view_of(*weights) : TensorView()});
  }
  double result() const { return counter_->result(); }
  void reset() { counter_->reset(); }

  /// The result for each sample alone.
  std::vector<double> values(const Array& y_true, const Array& y_pred) const {
    const TensorView targets = view_of(y_true);
    const TensorView outputs = view_of(y_pred);
    const Field target = checked(targets, outputs);
    std::vector<double> results;
    const auto alone = metric_->counter();
    for (int64_t row = 0; row < outputs.shape()[0]; ++row) {
      alone->reset();
      alone->update({.y_true = targets.rows(row, row + 1),
                     .target = &target,
                     .y_pred = outputs.rows(row, row + 1)});
      results.push_back(alone->result());
    }
    return results;
  }

 private:
  // The targets' field. Error if the metric cannot be counted on these arrays.
  Field checked(TensorView y_true, TensorView y_pred) const {
    const std::string where = "metric " + std::string(metric_->name());
    if (y_true.shape()[0] != y_pred.shape()[0]) {
      throw Error({.where = where,
                   .expected = "as many targets as outputs",
                   .found = std::to_string(y_true.shape()[0]) + " and " +
                            std::to_string(y_pred.shape()[0])});
    }
    const Field target{y_true.shape().without_rows(), {.dtype = y_true.dtype()}};
    metric_->check(target, y_pred.shape().without_rows().with_rows());
    const int64_t at = first_without_meaning(y_true, metric_->domain());
    if (at < 0) return target;
    const Words words = words_of(metric_->domain());
    throw Error({.where = where,
                 .expected = words.expected,
                 .found = shortest(y_true.at(at)),
                 .hint = words.hint});
  }

  const Metric metric_;
  const std::unique_ptr<MetricCounter> counter_ = metric_->counter();
};

// The first values of a weight. Without a seed of the initializer's, `seed` decides.
nb::object initial_values(const nb::object& initializer, const nb::object& shape, uint64_t seed) {
  Initializer made("zeros");
  from_value(value_from(initializer), made);
  return array_from(made.make(shape_from(shape), seed));
}

}  // namespace

void bind_computing(nb::module_& m) {
  m.def("loss_values", loss_values);
  m.def("initial_values", initial_values);
  nb::class_<MetricCount>(m, "MetricCount", "A metric with its counts.")
      .def("__init__",
           [](MetricCount* self, const nb::object& metric) { new (self) MetricCount(metric); })
      .def("update", &MetricCount::update, nb::arg("y_true"), nb::arg("y_pred"),
           nb::arg("sample_weight").none())
      .def("result", &MetricCount::result)
      .def("reset", &MetricCount::reset)
      .def("values", &MetricCount::values);
}

}  // namespace cornu::python
