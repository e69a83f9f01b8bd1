#include "cornu/cli/fetch.h"

#include <unistd.h>

#include <iostream>

#include "cornu/cli/network_data.h"
#include "cornu/cli/output.h"
#include "cornu/cli/usage_error.h"
#include "cornu/datasets/load.h"

namespace cornu::inline v0::cli {
int fetch(const FetchOptions& options) {
  const datasets::DatasetEntry& entry = on_command_line(
      [&]() -> const datasets::DatasetEntry& { return catalogue_entry(options.dataset); });
  const datasets::DatasetOptions places{
      .data_dir = options.data_dir, .progress = &std::cerr, .live = ::isatty(STDERR_FILENO) == 1};
  const datasets::DatasetLocation location = datasets::find(entry, places);
  const bool here = location.found();
  if (here) datasets::verify(entry, places);
  const std::string origin = here ? location.origin() : datasets::fetch(entry, places);
  if (options.json) {
    print_json(Value::Map{{"name", entry.name}, {"origin", origin}, {"downloaded", !here}});
  } else {
    print(std::string(entry.name) + (here ? " is already here: " : " was downloaded: ") + origin +
          "\nIts checksums match.\n");
  }
  return 0;
}

}  // namespace cornu::inline v0::cli
