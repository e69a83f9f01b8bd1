#pragma once

#include <cstdint>

namespace cornu::inline v0 {

/// Numbers of the format of a model file: of a chain of layers, and of networks of any shape. A
/// reader that knows only the first rejects the other.
inline constexpr int64_t kChainFormat = 1;
inline constexpr int64_t kNetworkFormat = 2;

}  // namespace cornu::inline v0
