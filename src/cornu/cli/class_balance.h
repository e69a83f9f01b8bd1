#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/report/terminal_image.h"

namespace cornu::inline v0::cli {

/// How many samples a class has.
struct ClassCount {
  std::string name;
  int64_t train = 0, test = 0;
};

/// "Adelie 152, Chinstrap 68", with those of the test part behind a plus; of many classes the first
/// ones.
std::string counts_text(const std::vector<ClassCount>& classes, bool has_test,
                        const TerminalOptions& terminal);

/// A line for each class: its samples, their share and a bar.
std::string balance_text(const std::vector<ClassCount>& classes, bool has_test,
                         const TerminalOptions& terminal);

}  // namespace cornu::inline v0::cli
