#pragma once

#include "cornu/cli/data.h"
#include "cornu/cli/train_options.h"
#include "cornu/models/model.h"

namespace cornu::inline v0::cli {

/// The network that --net or --model describes, built for samples of the data and checked to
/// predict their targets. Error with the remedy.
Model network_of(const TrainOptions& options, const Data& data);

/// The option that describes the network, as errors name it.
std::string net_option(const TrainOptions& options);

}  // namespace cornu::inline v0::cli
