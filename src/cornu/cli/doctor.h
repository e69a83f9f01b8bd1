#pragma once

#include <string>

namespace cornu::inline v0::cli {

struct DoctorOptions {
  std::string data_dir = {};
  bool json = false;
};

/// `cornu doctor`: what this command is, what this machine gives it, and where data sets are.
/// Returns the exit status.
int doctor(const DoctorOptions& options);

}  // namespace cornu::inline v0::cli
