#pragma once

#include <string>

namespace cornu::inline v0::cli {

struct DoctorOptions {
  std::string data_dir = {};
  bool json = false;
};

/// `cornu doctor`: the version, the machine's resources, and the places of data sets.
/// Returns the exit status.
int doctor(const DoctorOptions& options);

}  // namespace cornu::inline v0::cli
