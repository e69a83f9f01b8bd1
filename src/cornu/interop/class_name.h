#pragma once

#include <string>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Keras's class for the name of a part: huber -> Huber, sgd -> SGD.
CORNU_API std::string class_name_of(std::string_view name);

}  // namespace cornu::inline v0
