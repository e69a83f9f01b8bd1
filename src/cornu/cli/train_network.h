#pragma once

#include <optional>

#include "cornu/cli/data.h"
#include "cornu/cli/train_options.h"
#include "cornu/models/model.h"

namespace cornu::inline v0::cli {

/// The model that --model names, if it is one: training goes on from its weights. None if --model
/// is a description of a network, or not given.
std::optional<Model> starting_model(const TrainOptions& options);

/// The network of that model, with its weights, or the one that --net or --model describes, built
/// for samples of the data; checked to predict their targets. Error with the remedy.
Model network_of(const TrainOptions& options, const std::optional<Model>& start, const Data& data);

/// The option that describes the network, as errors name it.
std::string net_option(const TrainOptions& options);

}  // namespace cornu::inline v0::cli
