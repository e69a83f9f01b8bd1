// Measures the machine: probe [--json]. Exits 1 when the figures are not to be trusted.

#include "probe.h"

#include <string_view>

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::string_view(argv[1]) == "--json";
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: probe [--json]\n");
    return 2;
  }
  const cornu::bench::Probe probe = cornu::bench::probe();
  json ? print_json(probe) : print(probe);
  return probe.trusted() ? 0 : 1;
}
