#pragma once

#include <optional>
#include <string>

#include "cornu/losses/loss.h"
#include "cornu/models/model.h"

namespace cornu::inline v0::cli {

/// What the numbers of a network's output can be, as far as its last operation tells.
enum class OutputValues {
  distribution,  ///< probabilities that sum to 1 along the last axis: a softmax
  unit,          ///< each from 0 to 1: a sigmoid
  any,           ///< any number, negative ones too: no activation, tanh, …
  unknown,       ///< what else an operation may give, such as a mean of other outputs
};

/// Of the network's first output, while it predicts.
OutputValues output_values(const Model& model);

/// The function that makes probabilities of what a network gives that is trained by `loss`.
enum class Link { none, softmax, sigmoid };
Link link_of(const Loss& loss);

/// Error, which `where` begins, for a network for classes whose outputs are certainly no
/// probabilities under a loss that takes them for such: it would train badly and say nothing.
void require_probabilities(const Model& model, const Loss& loss, const std::string& where);

/// The probabilities of classes, (n, classes), that `outputs` of the model mean; none where they
/// are no probabilities and nothing says how to make them.
std::optional<Tensor> class_probabilities(const Model& model, const Tensor& outputs);

}  // namespace cornu::inline v0::cli
