#pragma once

#include <cstddef>
#include <span>
#include <thread>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// While it lives, another thread has the system give and clear the pages of new memory, from the
/// end of the last part on, while its owner writes to it from the beginning of the first. No byte
/// changes by it.
///
/// Nothing is done for less than 16 MiB, on one CPU, and where the system cannot do it (Linux
/// before 5.14).
class CORNU_API PagesAhead {
 public:
  /// The memory must live as long.
  explicit PagesAhead(std::vector<std::span<std::byte>> parts);

  /// Waits until every page is there.
  void finish();

 private:
  std::jthread thread_;
};

}  // namespace cornu::inline v0
