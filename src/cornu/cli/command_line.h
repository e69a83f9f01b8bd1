#pragma once

#include <string>
#include <vector>

namespace cornu::inline v0::cli {

/// The command `cornu`: runs a command line, its program's name first, and returns the
/// exit status: 0 done, 2 an error in the command line, 1 any later error, 130 and 143 stopped by
/// SIGINT and SIGTERM.
int run_command(const std::vector<std::string>& command_line);

}  // namespace cornu::inline v0::cli
