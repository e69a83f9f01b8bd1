#pragma once

#include <string>
#include <string_view>

namespace cornu::inline v0::cli {

/// The lines of C++ that train on a user's table; examples/own_data.cc has the same.
extern const char* const kOwnDataProgram;

/// The lines of C++ that load that model and predict the class of a sample; the example ends so.
extern const char* const kOwnSampleProgram;

/// What a verb reads a data set for.
enum class OwnDataFor { training, prediction };

/// The text of `cornu help own-data`.
std::string own_data_help();

/// Whether an argument in place of a data set is a user's file or folder.
bool looks_like_own_data(std::string_view argument);

/// UsageError that says that the command cannot read users' data, and shows the way in C++.
[[noreturn]] void refuse_own_data(const std::string& where, std::string_view argument,
                                  OwnDataFor purpose);

}  // namespace cornu::inline v0::cli
