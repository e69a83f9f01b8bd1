#include <nanobind/stl/string.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "arrays.h"
#include "bindings.h"
#include "cornu/datasets/load.h"

namespace cornu::python {
namespace {

nb::tuple arrays_of(const Dataset& part) {
  return nb::make_tuple(array_over(part.x(), part), array_over(part.y(), part));
}

// `read` gives bytes, or a text that says why there are none.
datasets::TransferFunction transfer_by(const nb::object& read) {
  return [&read](const std::string& address, uint64_t most, const datasets::TransferLimits& limits,
                 const std::function<void(uint64_t)>&) -> datasets::Transferred {
    const nb::gil_scoped_acquire gil;
    const nb::object got =
        read(address, most, limits.connect_seconds, limits.slow_seconds, limits.plain_http);
    if (nb::isinstance<nb::str>(got)) return {{}, nb::cast<std::string>(got)};
    const auto bytes = nb::cast<nb::bytes>(got);
    const auto* const begin = static_cast<const std::byte*>(bytes.data());
    return {{begin, begin + bytes.size()}, {}};
  };
}

// ((x_train, y_train), (x_test, y_test)), as they are stored. Where they are not found, `read`
// reads the files from the network.
nb::tuple load_data(const std::string& name, const std::string& folder, const nb::object& read) {
  DatasetParts parts;
  {
    const nb::gil_scoped_release released;
    parts = datasets::load(name, {.data_dir = folder, .transfer = transfer_by(read)});
  }
  return nb::make_tuple(arrays_of(parts.train), arrays_of(parts.test));
}

}  // namespace

void bind_datasets(nb::module_& m) {
  m.def("load_data", load_data);
}

}  // namespace cornu::python
