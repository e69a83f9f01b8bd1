#pragma once

#include <string>

namespace cornu::inline v0::cli {

/// The lines of C++ that train on a user's table; examples/own_data.cc has the same.
extern const char* const kOwnDataProgram;

/// The lines of C++ that load that model and predict the class of a sample; the example ends so.
extern const char* const kOwnSampleProgram;

/// The text of `cornu help own-data`.
std::string own_data_help();

}  // namespace cornu::inline v0::cli
