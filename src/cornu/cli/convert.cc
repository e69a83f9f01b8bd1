#include "cornu/cli/convert.h"

#include <filesystem>
#include <iostream>

#include "cornu/cli/network_data.h"
#include "cornu/cli/output.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/file.h"
#include "cornu/models/keras_json.h"

namespace cornu::inline v0::cli {
namespace {

bool is_json(const std::string& path) {
  return path.ends_with(".json");
}

bool is_weights(const std::string& path) {
  return path.ends_with(".weights.h5") || path.ends_with(".npz");
}

Model read(const std::string& path) {
  if (!is_json(path)) return load_model_of(path);
  const std::vector<std::byte> bytes = read_file(path);
  return model_from_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                         {.where = path});
}

// What the model has and the file cannot hold.
std::string left_out(const Model& model, const std::string& out) {
  const bool is_trained = model.compiled() && !model.training_state().optimizer.empty();
  const ModelCard& card = model.card();
  const std::string of_card =
      std::string(card.history.empty() ? "" : ", the history of its training") +
      (card.class_names.empty() ? "" : ", the names of classes");
  if (is_json(out)) {
    return "weights, what compile() was given, the optimizer's state" + of_card;
  }
  if (is_weights(out)) return "the network, what compile() was given" + of_card;
  if (out.ends_with(".safetensors") && is_trained) return "the optimizer's state";
  return "";
}

void write(const Model& model, const std::string& path) {
  if (is_json(path)) {
    replace_file(path, model.to_json(2) + "\n");
  } else if (is_weights(path)) {
    model.save_weights(path);
  } else {
    model.save(path);
  }
}

}  // namespace

int convert(const ConvertOptions& options) {
  std::error_code none;
  if (!options.overwrite && std::filesystem::is_regular_file(options.out, none)) {
    throw Error(
        {.where = options.out, .what = "exists already", .hint = "--overwrite replaces it"});
  }
  const Model model = read(options.in);
  write(model, options.out);
  if (const std::string lost = left_out(model, options.out); !lost.empty()) {
    std::cerr << "cornu: " << options.out
              << ": left out, since such a file cannot hold it: " << lost << std::endl;
  }
  return 0;
}

}  // namespace cornu::inline v0::cli
