#include "bindings.h"
#include "cornu/core/version.h"

NB_MODULE(_cornu, m) {
  using namespace cornu::python;
  m.attr("__version__") = CORNU_VERSION;
  bind_errors(m);
  bind_arrays(m);
  bind_parts(m);
  bind_layers(m);
  bind_callbacks(m);
  bind_functions(m);
  bind_models(m);
  bind_training(m);
  bind_saving(m);
  bind_datasets(m);
}
