#include "cornu/cli/command_line.h"

namespace cornu::inline v0::cli {

int run_command(const std::vector<std::string>&) { return 0; }

}  // namespace cornu::inline v0::cli
