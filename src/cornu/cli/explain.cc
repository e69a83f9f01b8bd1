#include "cornu/cli/explain.h"

#include <array>

#include "cornu/cli/network_data.h"
#include "cornu/cli/output.h"
#include "cornu/cli/usage_error.h"

namespace cornu::inline v0::cli {
namespace {

Mode mode_named(const std::string& name) {
  const std::vector<std::string> names = {"training", "evaluate", "predict"};
  constexpr std::array kModes = {Mode::training, Mode::evaluate, Mode::predict};
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return kModes[i];
  }
  throw unknown_name("--mode", "mode", name, names);
}

// The data that the model was trained on, or for one that was not, float32 in its shapes.
Spec spec_of(const Model& model) {
  if (!model.data_spec().x.empty()) return model.data_spec();
  const Graph& graph = model.graph();
  const Shape output = graph.shape(graph.outputs()[0]).without_rows();
  Field target{output, {}};
  if (model.compiled() && model.compile_options().loss &&
      !needs_one_hot(*model.compile_options().loss)) {
    target = {Shape{}, {.dtype = DType::int64}};
  }
  return {.x = {{graph.shape(graph.inputs()[0]).without_rows(), {}}}, .y = {target}};
}

}  // namespace

int explain(const ExplainOptions& options) {
  check_execution(options.execution);
  if (!options.mode.empty()) on_command_line([&options] { return mode_named(options.mode); });
  Sequential model = load_model_of(options.model);
  model.execute_with(execution_of(options.execution));
  const bool trains = model.compiled() && model.compile_options().loss;
  const Mode mode = !options.mode.empty() ? mode_named(options.mode)
                    : trains              ? Mode::training
                                          : Mode::predict;
  print(model.explain(spec_of(model), mode, options.batch_size));
  return 0;
}

}  // namespace cornu::inline v0::cli
