#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cornu/cli/predict.h"

namespace cornu::inline v0::cli {

/// Whether an argument names a picture: NAME.png, .jpg or .jpeg, in capitals too.
bool is_picture_name(std::string_view argument);

/// Whether an argument names a picture by any ending that pictures have, of which some are not
/// read.
bool is_any_picture_name(std::string_view argument);

/// The pictures in a folder that has no folders, by their names; none for anything else.
std::vector<std::string> pictures_in(const std::string& folder);

/// `cornu predict MODEL PICTURE…`: a model of MNIST's digits is given each digit that is found in a
/// picture, made as MNIST's samples are; any other one the whole picture in its size. One that
/// cannot be predicted is told, and the others are. Returns the exit status, then 1.
int predict_pictures(const PredictOptions& options);

}  // namespace cornu::inline v0::cli
