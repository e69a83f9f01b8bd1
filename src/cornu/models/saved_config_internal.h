#pragma once

#include "cornu/core/value.h"
#include "cornu/models/model.h"

namespace cornu::inline v0 {

/// The options of compile() as data; null if the model is not compiled.
Value compile_config(const Model& model);

/// What a model knows beside its network and its training, to which entries of its file are added:
/// `seed`, `inputs` and `targets` (how data were stored), `origin`, and its card.
void add_data_config(Value::Map& config, const Model& model);

/// Sets inputs, targets, origin and card from these entries, if they are there.
void set_data_config(Model& model, const Value& config);

}  // namespace cornu::inline v0
