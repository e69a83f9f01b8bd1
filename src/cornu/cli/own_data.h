#pragma once

#include <string>

namespace cornu::inline v0::cli {

/// The program that trains on a user's table and asks for later rows; examples/own_data.cc has the
/// same lines.
extern const char* const kOwnDataProgram;

/// The text of `cornu help own-data`.
std::string own_data_help();

}  // namespace cornu::inline v0::cli
