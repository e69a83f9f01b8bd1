#pragma once

#include <string_view>

#include "cornu/core/user_parts.h"
#include "cornu/layers/table.h"
#include "cornu/models/compile_options.h"
#include "cornu/models/custom_objects.h"
#include "cornu/models/keras_json.h"
#include "cornu/models/load_model.h"

namespace cornu::inline v0 {

/// Looks up user-defined parts by name while a file is loaded.
class LoadedParts final : public UserParts {
 public:
  explicit LoadedParts(const CustomObjects& objects) : objects_(objects) {}
  const void* find(std::string_view kind, std::string_view name) const override;

 private:
  const CustomObjects& objects_;
};

/// The row of a layer in a file. Error for one that Cornu does not have; it says how a layer of the
/// user's is given.
const LayerEntry& layer_in_file(std::string_view type);

/// The network that Keras's description gives, with new weights and not compiled. `keras_version`
/// is that of the Keras that wrote it; empty: as the document says, or today's.
Model model_from_document(const Value& document, const KerasJsonOptions& options,
                          std::string_view keras_version = {});

/// The model of a .keras or .h5 file, with its optimizer's state.
Model load_keras_model(const std::string& path, const LoadOptions& options);

/// The options that compile() was given. If a part cannot be made, the Error says how to load the
/// model without compiling it.
CompileOptions compile_from_config(const Value& config);

}  // namespace cornu::inline v0
