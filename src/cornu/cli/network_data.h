#pragma once

#include <string>

#include "cornu/cli/own_data.h"
#include "cornu/datasets/catalogue.h"
#include "cornu/datasets/dataset.h"
#include "cornu/datasets/load.h"
#include "cornu/models/load_model.h"

namespace cornu::inline v0::cli {

/// Images of bytes are divided by this.
inline constexpr double kImageDivisor = 255;

/// The part of a published data set.
enum class Part { train, test };

/// The data set that a DATASET names. Error with a hint for an unknown one; UsageError that shows
/// the way in C++ for a user's file, as refuse_own_data does.
const datasets::DatasetEntry& dataset_named(const std::string& name, OwnDataFor purpose);

/// The data set of that name, searched for in `data_dir` first and downloaded if not found,
/// its progress on standard error.
DatasetParts load_data(const std::string& name, const std::string& data_dir);

/// Images of bytes scaled to [0, 1]; others unchanged.
Dataset scaled(const Dataset& data);

/// Labels as `loss` needs them: one-hot rows of `classes`, or integers.
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
