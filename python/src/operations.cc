#include <nanobind/stl/string.h>

#include <string>
#include <vector>

#include "bindings.h"
#include "cornu/core/error.h"
#include "cornu/layers/operation.h"
#include "cornu/losses/loss.h"
#include "functions.h"
#include "traced.h"
#include "values.h"

namespace cornu::python {
namespace {

OperationOptions options_of(const std::string& function, const nb::dict& given) {
  OperationOptions options{.function = function};
  fields_from_map(map_from(given), options, "ops." + function);
  return options;
}

// Of expressions an expression; of tensors of a network a tensor, by a layer.
nb::object operate_on(const std::string& function, const nb::list& tensors, const nb::dict& given) {
  const OperationOptions options = options_of(function, given);
  std::vector<Expression> expressions;
  SymbolicTensors symbolic;
  for (const nb::handle each : tensors) {
    TracedTensor* traced = nullptr;
    if (nb::try_cast(each, traced)) {
      expressions.push_back(traced->value());
    } else {
      symbolic.push_back(nb::cast<SymbolicTensor>(each));
    }
  }
  if (!expressions.empty() && !symbolic.empty()) {
    throw Error({.where = "ops." + function,
                 .expected = "tensors of one kind",
                 .found = "tensors of a network, and of the call() of a layer inside it",
                 .hint = "call() computes only with what it is called on, weights and numbers"});
  }
  if (expressions.empty()) return nb::cast(Operation(options)(symbolic));
  return nb::cast(TracedTensor(operate(options, expressions)));
}

// A loss of the library inside one that is a function.
TracedTensor lower_loss(nb::handle loss, const TracedTensor& y_true, const TracedTensor& y_pred) {
  Builder& b = y_pred.value().builder();
  const SlotId made = loss_from(loss)->lower(b, y_true.value().slot(), y_pred.value().slot());
  return TracedTensor(Expression(b, made));
}

void bind_expression(nb::module_& m) {
  nb::class_<TracedTensor> type(m, "Expression",
                                "A value while a loss or the call() of a layer is computed.");
  type.def_prop_ro("shape", [](const TracedTensor& x) { return tuple_from(x.shape()); })
      .def_prop_ro("dtype", [](const TracedTensor&) { return "float32"; })
      .def("__repr__",
           [](const TracedTensor& x) { return "<tensor of shape " + x.shape().str() + ">"; });
}

}  // namespace

void bind_operations(nb::module_& m) {
  bind_expression(m);
  m.def("operate", operate_on);
  m.def("operation_names", [] {
    nb::list names;
    for (const std::string& each : operation_names()) names.append(each);
    return names;
  });
  m.def("lower_loss", lower_loss);
}

}  // namespace cornu::python
