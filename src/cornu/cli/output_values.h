#pragma once

#include <optional>
#include <string>

#include "cornu/losses/loss.h"
#include "cornu/models/model.h"

namespace cornu::inline v0::cli {

/// The possible values of a network's output, as far as its last operation shows.
enum class OutputValues {
  distribution,  ///< probabilities that sum to 1 along the last axis: a softmax
  unit,          ///< each from 0 to 1: a sigmoid
  any,           ///< any number, negative ones too: no activation, tanh, …
  unknown,       ///< results of other operations, such as a mean of other outputs
};

/// Of the network's first output, while it predicts.
OutputValues output_values(const Model& model);

/// The function that turns the outputs of a network trained with `loss` into probabilities.
enum class Link { none, softmax, sigmoid };
Link link_of(const Loss& loss);

/// Error, beginning with `where`, for a network for classes whose outputs are certainly not
/// probabilities, with a loss that expects probabilities: it would train badly without any message.
void require_probabilities(const Model& model, const Loss& loss, const std::string& where);

/// The probabilities of classes, (n, classes), from `outputs` of the model; none if they are not
/// probabilities and cannot be turned into them.
std::optional<Tensor> class_probabilities(const Model& model, const Tensor& outputs);

}  // namespace cornu::inline v0::cli
