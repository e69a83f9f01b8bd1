#pragma once

#include <string>

#include "cornu/core/error.h"

namespace cornu::inline v0 {

/// Error unless `holds`, about an option of a layer of class L; it names the layer as
/// `Dense "hidden"`.
template <class L>
void require(bool holds, const typename L::Options& options, const char* field,
             const std::string& expected, const std::string& found, const std::string& hint = {}) {
  if (holds) return;
  throw Error(
      {.where = std::string(L::kType) + (options.name.empty() ? "" : " \"" + options.name + "\""),
       .field = field,
       .expected = expected,
       .found = found,
       .hint = hint});
}

}  // namespace cornu::inline v0
