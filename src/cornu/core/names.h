#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Keras's name for a class as an identifier: Dense -> dense, LeakyReLU -> leaky_re_lu,
/// SGD -> sgd.
CORNU_API std::string snake_case(std::string_view class_name);

/// A name in small letters without underscores.
CORNU_API std::string plain_name(std::string_view name);

/// Whether two names are equal or differ only in capitals and underscores: people write LeakyReLU,
/// leaky_relu and leaky_re_lu for the same part.
CORNU_API bool same_name(std::string_view a, std::string_view b);

/// `number` with commas between thousands: 50890 -> "50,890".
CORNU_API std::string with_commas(int64_t number);

}  // namespace cornu::inline v0
