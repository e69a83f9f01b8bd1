#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "cornu/cli/data.h"
#include "cornu/datasets/dataset.h"
#include "cornu/models/load_model.h"

namespace cornu::inline v0::cli {

/// The height, width and channels of the pictures that a model takes; none if it takes others.
std::optional<std::array<int64_t, 3>> picture_extents(const Model& model);

/// The samples that a DATASET names, read as the model was trained to read them.
Data described_for(const Model& model, const DatasetArgument& argument, DataOptions options);

/// Images of bytes scaled to [0, 1]; others unchanged.
Dataset scaled(const Dataset& data);

/// Labels as `loss` needs them: one-hot rows of `classes`, or integers; targets that are numbers,
/// of 0 classes, as they are.
Dataset labelled(const Dataset& data, const Loss& loss, int64_t classes);
bool needs_one_hot(const Loss& loss);

/// Samples in the shape the model takes. Error if their numbers of elements differ.
Dataset in_shape_of(const Model& model, const Dataset& data);

/// Data in the form that a loaded model needs: bytes scaled as in its training, samples in its
/// shape, labels as its loss needs them. Error if the samples' numbers of elements differ.
Dataset fitted_to(const Model& model, const Dataset& data, int64_t classes);

/// The model file for a path to a file or a run folder. Error when there is none.
std::string model_file_of(const std::string& model);

/// The model of a file or of a run folder.
Model load_model_of(const std::string& model);

}  // namespace cornu::inline v0::cli
