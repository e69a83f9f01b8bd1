#pragma once

#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/source.h"
#include "cornu/core/value.h"
#include "cornu/training/fit.h"

namespace cornu::inline v0 {

/// How fields are stored, as data: of settings, and of model files.
CORNU_API Value fields_config(const std::vector<Field>& fields);

/// A data set as settings: its fields, its size, and a fingerprint of at most 1,024 of its samples,
/// evenly spaced, in 64 bits.
Value data_settings(const Source& source);
/// The fields of a stream, whose samples cannot be read twice.
Value data_settings(const Spec& spec);

/// The options of a fit on which its result depends, but for the number of its epochs.
Value fit_settings(const FitOptions& options);

}  // namespace cornu::inline v0
