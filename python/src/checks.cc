#include <nanobind/stl/string.h>

#include <vector>

#include "bindings.h"
#include "cornu/testing/check.h"
#include "failure.h"
#include "values.h"

namespace cornu::python {
namespace {

// Whether it is right, what is wrong, and the number of derivatives compared.
nb::tuple check_layer(const Layer& layer, const nb::list& shapes, int64_t rows, uint64_t seed,
                      double smallest, double largest, int64_t indices, bool row_by_row,
                      int64_t max_entries, double atol, double rtol, double float32_error) {
  std::vector<Shape> samples;
  for (const nb::handle each : shapes) samples.push_back(shape_from(each));
  const testing::CheckOptions options{.rows = rows,
                                      .seed = seed,
                                      .smallest = smallest,
                                      .largest = largest,
                                      .indices = indices,
                                      .row_by_row = row_by_row,
                                      .max_entries = max_entries,
                                      .atol = atol,
                                      .rtol = rtol,
                                      .float32_error = float32_error};
  testing::CheckResult result;
  run_without_gil(nullptr, [&] { result = testing::check_layer(layer.clone(), samples, options); });
  return nb::make_tuple(result.ok, result.log, result.entries);
}

}  // namespace

void bind_checks(nb::module_& m) {
  m.def("check_layer", check_layer, nb::arg("layer"), nb::arg("shapes"), nb::kw_only(),
        nb::arg("rows"), nb::arg("seed"), nb::arg("smallest"), nb::arg("largest"),
        nb::arg("indices"), nb::arg("row_by_row"), nb::arg("max_entries"), nb::arg("atol"),
        nb::arg("rtol"), nb::arg("float32_error"));
}

}  // namespace cornu::python
