#pragma once

#include <string>
#include <string_view>

namespace cornu::inline v0::cli {

/// The lines of C++ that train on a table of the user's own; examples/own_data.cc has the same.
extern const char* const kOwnDataProgram;

/// What `cornu help own-data` prints.
std::string own_data_help();

/// Whether a data set was meant by such an argument that is a file or a folder of the user's own.
bool looks_like_own_data(std::string_view argument);

/// UsageError that says that the command reads no data of the user's own, and shows how C++ does.
[[noreturn]] void refuse_own_data(const std::string& where, std::string_view argument);

}  // namespace cornu::inline v0::cli
