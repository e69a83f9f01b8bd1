#pragma once

#include <string>

#include "cornu/datasets/catalogue.h"
#include "cornu/datasets/dataset.h"
#include "cornu/datasets/load.h"
#include "cornu/models/load_model.h"

namespace cornu::inline v0::cli {

/// Images of bytes are divided by this.
inline constexpr double kImageDivisor = 255;

/// Which part of a published data set.
enum class Part { train, test };

/// The data set that a DATASET names. Error for an unknown one, with what leads on; UsageError,
/// with how C++ does it, for a file of the user's own.
const datasets::DatasetEntry& dataset_named(const std::string& name);

/// The data set of that name, looked for in `data_dir` first and downloaded where it is nowhere,
/// its progress on standard error.
DatasetParts load_data(const std::string& name, const std::string& data_dir);

/// Images of bytes scaled to [0, 1]; others as they are.
Dataset scaled(const Dataset& data);

/// Labels as `loss` needs them: one-hot rows of `classes`, or integers.
Dataset labelled(const Dataset& data, const Loss& loss, int64_t classes);
bool needs_one_hot(const Loss& loss);

/// Samples in the shape the model takes. Error when they have not as many elements.
Dataset in_shape_of(const Model& model, const Dataset& data);

/// Data as a model that was loaded takes them: bytes scaled as those it was trained on, samples in
/// its shape, labels as its loss needs them. Error when they have not as many elements.
Dataset fitted_to(const Model& model, const Dataset& data, int64_t classes);

/// The model file that a file or a run folder means. Error when there is none.
std::string model_file_of(const std::string& model);

/// The model of a file or of a run folder.
Model load_model_of(const std::string& model);

}  // namespace cornu::inline v0::cli
