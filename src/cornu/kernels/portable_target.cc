#define CORNU_PORTABLE

#include "cornu/kernels/table-inl.h"
#include "cornu/kernels/targets_internal.h"

namespace cornu::inline v0::kernels {

const TargetTables& portable_tables() {
  return portable::kTables;
}

}  // namespace cornu::inline v0::kernels
