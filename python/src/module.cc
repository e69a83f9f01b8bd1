#include "bindings.h"
#include "cornu/core/version.h"

NB_MODULE(_cornu, m) {
  using namespace cornu::python;
  // A model whose loss is a function of a script, and the script whose names hold the model, refer
  // to each other: neither is freed at exit, which nobody has to be told.
  nanobind::set_leak_warnings(false);
  m.attr("__version__") = CORNU_VERSION;
  bind_errors(m);
  bind_arrays(m);
  bind_parts(m);
  bind_layers(m);
  bind_user_layers(m);
  bind_numpy_ops(m);
  bind_operations(m);
  bind_checks(m);
  bind_callbacks(m);
  bind_computing(m);
  bind_models(m);
  bind_training(m);
  bind_saving(m);
  bind_datasets(m);
  bind_pictures(m);
}
