#pragma once

#include <string>

#include "cornu/core/value.h"
#include "cornu/models/model.h"

namespace cornu::inline v0 {

/// Adds the model's card, and a sample of its training data with the present prediction, to the
/// entries of its file.
void add_card(Value::Map& config, const Model& model);

/// Sets the card from these entries, if they are there.
void set_card_from(Model& model, const Value& config);

/// Error, unless the model predicts for the sample in these entries what it did when it was saved:
/// the numbers differ by 1e-5 of the largest at most.
void check_sample(const Model& model, const Value& config);

}  // namespace cornu::inline v0
