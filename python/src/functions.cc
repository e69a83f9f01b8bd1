#include "functions.h"

#include <nanobind/stl/string.h>

#include <string>
#include <vector>

#include "arithmetic.h"
#include "arrays.h"
#include "cornu/core/fields.h"
#include "cornu/losses/expression.h"
#include "held.h"
#include "values.h"

namespace cornu::python {
namespace {

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

// A number for the batch, or one for each sample.
MetricValues values_from(nb::handle result) {
  const Value value = value_from(result);
  if (value.is_number()) return value.as_double();
  std::vector<double> list;
  from_value(value, list);
  return list;
}

void bind_functions_of(nb::class_<Expression>& type) {
  type.def("square", [](const Expression& x) { return square(x); })
      .def("abs", [](const Expression& x) { return abs(x); })
      .def("exp", [](const Expression& x) { return exp(x); })
      .def("tanh", [](const Expression& x) { return tanh(x); })
      .def("sigmoid", [](const Expression& x) { return sigmoid(x); })
      .def("softplus", [](const Expression& x) { return softplus(x); })
      .def("relu", [](const Expression& x) { return relu(x); })
      .def("maximum", [](const Expression& x, const Expression& y) { return maximum(x, y); })
      .def("minimum", [](const Expression& x, const Expression& y) { return minimum(x, y); });
}

}  // namespace

Loss loss_from(nb::handle given) {
  if (!is_function(given)) {
    const NamedConfig named = named_from(given);
    return make_loss(named.name, named.config);
  }
  const Held function = hold(nb::borrow(given));
  return {name_of(given), [function](const Expression& y_true, const Expression& y_pred) {
            const nb::gil_scoped_acquire gil;
            return nb::cast<Expression>((*function)(y_true, y_pred));
          }};
}

Metric metric_from(nb::handle given) {
  // Logs call a metric by the name that it was given by.
  if (nb::isinstance<nb::str>(given)) return Metric(nb::cast<std::string>(given));
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

void bind_functions(nb::module_& m) {
  nb::class_<Expression> type(m, "Expression",
                              "A value in a loss: y_true, y_pred, or what is computed of them.");
  type.def_prop_ro("shape", [](const Expression& x) { return tuple_from(x.shape()); });
  bind_arithmetic(type);
  bind_functions_of(type);
}

}  // namespace cornu::python
