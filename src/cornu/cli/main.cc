#include "cornu/cli/command_line.h"

int main(int argc, char** argv) {
  return cornu::cli::run_command({argv, argv + argc});
}
