#include "functions.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "arrays.h"
#include "cornu/core/error.h"
#include "cornu/core/fields.h"
#include "cornu/losses/targets.h"
#include "held.h"
#include "traced.h"
#include "values.h"

namespace cornu::python {
namespace {

// Whether it is an object of a class that the user has written.
bool is_own(nb::handle given) {
  return nb::hasattr(given, "_is_own") && nb::cast<bool>(given.attr("_is_own"));
}

bool is_function(nb::handle given) {
  return PyCallable_Check(given.ptr()) == 1 && !nb::hasattr(given, "__cornu_value__");
}

std::string name_of(nb::handle function) {
  return nb::cast<std::string>(nb::str(nb::getattr(function, "__name__", nb::str("function"))));
}

NamedConfig named_from(nb::handle given) {
  NamedConfig named;
  from_value(value_from(given), named);
  return named;
}

/// A loss of a Python function of (y_true, y_pred), which takes and returns expressions.
class UserLoss final : public LossDescription {
 public:
  UserLoss(std::string name, Value::Map config, nb::object function)
      : name_(std::move(name)), config_(std::move(config)), function_(hold(std::move(function))) {}

  std::string_view name() const override { return name_; }
  Value::Map config() const override { return config_; }
  void check(const Field& target, const Shape& y_pred) const override {
    require_as_outputs(name_, target, y_pred);
  }
  SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const override {
    const nb::gil_scoped_acquire gil;
    const nb::object call = nb::module_::import_("cornu.keras._user_parts").attr("call_loss");
    const Tracing tracing;
    const nb::object made =
        call(*function_, TracedTensor(Expression(b, targets_as(y_pred, y_true, b))),
             TracedTensor(Expression(b, y_pred)));
    const Expression& loss = nb::cast<TracedTensor&>(made).value();
    if (loss.slot() != y_pred && loss.shape().has_rows()) return loss.slot();
    throw Error({.where = "loss " + name_,
                 .expected = "a value that is computed from y_pred, with the batch axis in front",
                 .found = loss.slot() == y_pred ? "y_pred itself" : loss.shape().str()});
  }

 private:
  const std::string name_;
  const Value::Map config_;
  const Held function_;
};

// A number for the batch, or one for each sample.
MetricValues values_from(nb::handle result) {
  const Value value = value_from(result);
  if (value.is_number()) return value.as_double();
  std::vector<double> list;
  from_value(value, list);
  return list;
}

/// Counts by a Python object's update_state(), result() and reset_state().
class UserCounter final : public MetricCounter {
 public:
  explicit UserCounter(nb::object metric) : metric_(hold(std::move(metric))) {}

  void update(const Outcome& outcome) override {
    const nb::gil_scoped_acquire gil;
    std::optional<Tensor> numbers = decoded_targets(outcome);
    const nb::object y_true = array_from(numbers ? std::move(*numbers) : Tensor(outcome.y_true));
    const nb::object y_pred = array_from(Tensor(outcome.y_pred));
    const nb::object update = metric_->attr("update_state");
    if (outcome.sample_weight.data() == nullptr) {
      update(y_true, y_pred);
    } else {
      update(y_true, y_pred, array_from(Tensor(outcome.sample_weight)));
    }
  }
  double result() const override {
    const nb::gil_scoped_acquire gil;
    return nb::cast<double>(metric_->attr("_cornu_result")());
  }
  void reset() override {
    const nb::gil_scoped_acquire gil;
    metric_->attr("reset_state")();
  }

 private:
  const Held metric_;
};

class UserMetric final : public MetricDescription {
 public:
  UserMetric(std::string kind, std::string name, Value::Map config, nb::object metric)
      : kind_(std::move(kind)),
        name_(std::move(name)),
        config_(std::move(config)),
        metric_(hold(std::move(metric))) {}

  std::string_view kind() const override { return kind_; }
  std::string_view name() const override { return name_; }
  Value::Map config() const override { return config_; }
  std::string_view unit() const override { return "as its class gives it"; }
  bool higher_is_better() const override { return false; }
  void check(const Field&, const Shape&) const override {}
  std::unique_ptr<MetricCounter> counter() const override {
    const nb::gil_scoped_acquire gil;
    return std::make_unique<UserCounter>(metric_->attr("_cornu_counter")());
  }

 private:
  const std::string kind_, name_;
  const Value::Map config_;
  const Held metric_;
};

}  // namespace

Loss loss_from(nb::handle given) {
  if (is_own(given)) {
    const auto [name, config, function] =
        nb::cast<std::tuple<std::string, nb::dict, nb::object>>(given.attr("_cornu_loss")());
    return Loss(std::make_shared<UserLoss>(name, map_from(config), function));
  }
  if (!is_function(given)) {
    const NamedConfig named = named_from(given);
    return make_loss(named.name, named.config);
  }
  return Loss(std::make_shared<UserLoss>(name_of(given), Value::Map{}, nb::borrow(given)));
}

Metric metric_from(nb::handle given) {
  // Logs call a metric by the name that it was given by.
  if (nb::isinstance<nb::str>(given)) return Metric(nb::cast<std::string>(given));
  if (is_own(given)) {
    const auto [kind, name, config] =
        nb::cast<std::tuple<std::string, std::string, nb::dict>>(given.attr("_cornu_metric")());
    return Metric(std::make_shared<UserMetric>(kind, name, map_from(config), nb::borrow(given)));
  }
  if (!is_function(given)) {
    const Value value = value_from(given);
    if (value.is_string()) return Metric(value.as_string());
    const NamedConfig named = named_from(given);
    return make_metric(named.name, named.config);
  }
  const Held function = hold(nb::borrow(given));
  return {name_of(given), [function](TensorView y_true, TensorView y_pred) {
            const nb::gil_scoped_acquire gil;
            return values_from((*function)(array_from(Tensor(y_true)), array_from(Tensor(y_pred))));
          }};
}

}  // namespace cornu::python
