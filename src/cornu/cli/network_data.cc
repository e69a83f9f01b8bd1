#include "cornu/cli/network_data.h"

#include <filesystem>

#include "cornu/core/error.h"
#include "cornu/core/nearest_file.h"
#include "cornu/report/run_folder.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0::cli {

std::optional<std::array<int64_t, 3>> picture_extents(const Model& model) {
  const Shape sample = model.inputs().at(0).shape().without_rows();
  if (sample.ndim() == 2) return {{sample[0], sample[1], 1}};
  const bool has_channels = sample.ndim() == 3 && (sample[2] == 1 || sample[2] == 3);
  if (!has_channels) return {};
  return {{sample[0], sample[1], sample[2]}};
}

Data described_for(const Model& model, const DatasetArgument& argument, DataOptions options) {
  options.preprocessing = model.card().preprocessing;
  options.class_names = model.card().class_names;
  if (const auto extents = picture_extents(model)) {
    const auto [height, width, channels] = *extents;
    options.pictures = {.height = height, .width = width, .channels = channels};
  }
  return described(argument, options);
}

Dataset scaled(const Dataset& data) {
  return data.x().dtype() == DType::uint8 ? data.divide(kImageDivisor) : data;
}

bool needs_one_hot(const Loss& loss) {
  return loss->name() != "sparse_categorical_crossentropy";
}

Dataset labelled(const Dataset& data, const Loss& loss, int64_t classes) {
  return classes > 0 && needs_one_hot(loss) ? data.to_categorical(classes) : data;
}

Dataset in_shape_of(const Model& model, const Dataset& data) {
  const Graph& graph = model.graph();
  const Shape sample = graph.shape(graph.inputs()[0]).without_rows();
  const Shape stored = data.spec().x[0].shape;
  if (stored == sample) return data;
  if (stored.size() == sample.size()) return data.reshape(sample);
  std::string hint;
  if (stored.size() == 3 * sample.size() && stored.extents().back() == 3) {
    hint =
        "the model takes grey pictures: in Python, x @ [0.299, 0.587, 0.114] makes them grey; "
        "PNG and JPEG files become grey by themselves";
  } else if (3 * stored.size() == sample.size() && sample.extents().back() == 3) {
    hint =
        "the model takes pictures in colour: in Python, numpy.stack([x, x, x], axis=-1); PNG "
        "and JPEG files get colours by themselves";
  }
  throw Error({.where = data.info().name,
               .what = "its samples do not fit the model",
               .expected = "samples of shape " + sample.str(),
               .found = stored.str(),
               .hint = hint});
}

Dataset fitted_to(const Model& model, const Dataset& data, int64_t classes) {
  const Spec& trained_on = model.data_spec();
  const bool as_trained =
      !trained_on.x.empty() && trained_on.x[0].encoding.dtype == data.x().dtype();
  Dataset fitted = as_trained ? data.divide(trained_on.x[0].encoding.divisor) : scaled(data);
  fitted = in_shape_of(model, fitted);
  if (model.compiled() && model.compile_options().loss) {
    fitted = labelled(fitted, *model.compile_options().loss, classes);
  }
  return fitted;
}

std::string model_file_of(const std::string& model) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(model, ignored)) return model;
  for (const char* const name : kModelFiles) {
    std::string file = (std::filesystem::path(model) / name).string();
    if (std::filesystem::exists(file, ignored)) return file;
  }
  const std::string latest = (std::filesystem::path(model) / "latest").string();
  const bool has_runs = std::filesystem::exists(latest, ignored);
  throw Error({.kind = ErrorKind::not_found,
               .where = model,
               .what = std::string("is a folder without a ") + run_model_file(),
               .expected = "the folder of a run that was saved, or a model file",
               .hint = has_runs
                           ? "it is a folder of runs, and the newest of them is " + latest
                           : "`cornu train --resume RUN` ends a run that was killed; the files in "
                             "RUN/checkpoints are models, too"});
}

Model load_model_of(const std::string& model) {
  const std::string file = model_file_of(model);
  try {
    return load_model(file);
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    if (!parts.hint.empty()) throw;
    if (parts.kind == ErrorKind::not_found && is_dataset_name(model)) {
      parts.what = "is a data set, not a model";
      parts.hint = "name a model file, or the folder of a run such as runs/latest";
    } else if (parts.kind == ErrorKind::not_found) {
      parts.hint = nearest_file_hint(model);
      if (parts.hint.empty()) {
        parts.hint = "name a model file, or the folder of a run such as runs/latest";
      }
    } else if (parts.kind == ErrorKind::corrupt) {
      parts.hint =
          "it is damaged or no model file; `cornu train` writes " + std::string(run_model_file());
    }
    throw Error(parts);
  }
}

}  // namespace cornu::inline v0::cli
