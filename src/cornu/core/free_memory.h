#pragma once

#include <cstdint>
#include <optional>

namespace cornu::inline v0 {

/// The bytes that this process may still take: what the system has available, and no more than its
/// own limit (ulimit -v) leaves. None where the system does not say.
std::optional<int64_t> free_memory();

}  // namespace cornu::inline v0
