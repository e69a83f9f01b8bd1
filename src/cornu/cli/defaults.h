#pragma once

#include <string>

#include "cornu/cli/data.h"
#include "cornu/cli/train_options.h"

namespace cornu::inline v0::cli {

/// The part of each class of a user's samples that validates, if their files have no test part.
inline constexpr double kTestFraction = 0.2;

/// Whether these are a user's own pictures, of classes.
bool are_own_pictures(const Data& data);

/// The options with each that was not given as suits the data: for images of the catalogue the
/// tutorial's network and settings; for a user's own pictures convolutions, for targets that are
/// numbers a hidden layer of relu and the mean squared error; for tables a network; for both a
/// learning rate by the number of samples. There is no --net beside --model.
TrainOptions completed(const TrainOptions& options, const Data& data);

}  // namespace cornu::inline v0::cli
