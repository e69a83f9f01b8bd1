#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/cli/network_data.h"

namespace cornu::inline v0::cli {

struct ShowMapsOptions {
  std::string model = {};
  std::string image = {};  ///< the name of a data set, or a .png
  std::string out = "maps.png";
  Part part = Part::test;
  int64_t sample = 0;
  std::string layers = {};  ///< names with commas between; empty: all
  int64_t most = 16;
  std::string data_dir = {};
};

/// `cornu show MODEL IMAGE`: a picture of what the layers of a network make of an image. Returns
/// the exit status.
int show_maps(const ShowMapsOptions& options);

}  // namespace cornu::inline v0::cli
