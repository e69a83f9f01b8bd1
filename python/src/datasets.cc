#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "arrays.h"
#include "bindings.h"
#include "cornu/datasets/load.h"

namespace cornu::python {
namespace {

nb::tuple arrays_of(const Dataset& part) {
  return nb::make_tuple(array_over(part.x(), part), array_over(part.y(), part));
}

// `read` gives a text that says why the file is not whole, "" when it is, and whether trying again
// may help.
datasets::TransferFunction transfer_by(const nb::object& read) {
  return [&read](const std::string& address, uint64_t most, const datasets::TransferLimits& limits,
                 datasets::PartFile& part,
                 const std::function<void(uint64_t)>&) -> datasets::Transferred {
    const nb::gil_scoped_acquire gil;
    const bool is_begun = part.is_begun(address);
    bool is_resumed = is_begun;
    const auto restart = [&](const std::string& validator) {
      part.restart(address, validator);
      is_resumed = false;
    };
    const auto add = [&](const nb::bytes& bytes) {
      part.add({static_cast<const std::byte*>(bytes.data()), bytes.size()});
    };
    const nb::object got =
        read(address, most, limits.connect_seconds, limits.slow_seconds, limits.plain_http,
             is_begun ? part.bytes().size() : 0, is_begun ? part.validator() : std::string(),
             nb::cpp_function(restart), nb::cpp_function(add));
    const auto [reason, end] = nb::cast<std::pair<std::string, std::string>>(got);
    using End = datasets::TransferEnd;
    const auto end_of = [](const std::string& name) {
      if (name == "cut") return End::cut;
      if (name == "slow") return End::slow;
      return name == "wrong" ? End::wrong : name == "whole" ? End::whole : End::refused;
    };
    return {end_of(end), reason, is_resumed};
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
