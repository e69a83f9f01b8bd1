#include "cornu/cli/train_network.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <span>
#include <utility>
#include <vector>

#include "cornu/cli/net_text.h"
#include "cornu/cli/network_data.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/file.h"
#include "cornu/formats/file_kind.h"
#include "cornu/layers/reshape.h"
#include "cornu/models/clone_model.h"
#include "cornu/models/keras_json.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0::cli {
namespace {

// The network that Keras describes in a file.
Model keras_model(const TrainOptions& options, const Data& data) {
  constexpr uint64_t kMostBytes = 64 << 20;
  const std::vector<std::byte> text = read_file(options.model, kMostBytes);
  return model_from_json({reinterpret_cast<const char*>(text.data()), text.size()},
                         {.sample = data.input_shape,
                          .seed = static_cast<uint64_t>(options.seed),
                          .where = options.model});
}

// A new model, so that its shuffles and dropout are drawn by the seed of the run.
Model with_weights_of(const Model& start, uint64_t seed) {
  Model model = clone_model(start, seed);
  for (const auto& [name, values] : start.weights()) model.set_weight(name, values);
  return model;
}

// Grey images are stored without an axis for their channel. A network that needs it, such as one
// that begins with a convolution, gets it from a layer in front.
Model net_model(const TrainOptions& options, const Data& data) {
  const Shape& sample = data.input_shape;
  const auto built = [&](std::vector<Layer> layers) {
    for (Layer& each : layers_from_text(*options.net)) layers.push_back(std::move(each));
    Sequential model(std::move(layers), {.seed = static_cast<uint64_t>(options.seed)});
    if (!model.built()) model.build(sample);
    return model;
  };
  try {
    return built({});
  } catch (const Error&) {
    if (sample.ndim() != 2) throw;
    return built({Reshape({.target_shape = {sample[0], sample[1], 1}})});
  }
}

// A network that begins with an input layer may need flat samples.
void check_inputs(const TrainOptions& options, const Model& model, const Data& data) {
  const Graph& graph = model.graph();
  const std::string where = net_option(options);
  if (graph.inputs().size() != 1 || graph.outputs().size() != 1) {
    throw Error({.where = where,
                 .expected = "a network of one input and one output",
                 .found = std::to_string(graph.inputs().size()) + " and " +
                          std::to_string(graph.outputs().size())});
  }
  const Shape sample = graph.shape(graph.inputs()[0]).without_rows();
  if (sample.size() == data.input_shape.size()) return;
  throw Error({.where = where,
               .what = "the input layer does not fit the samples of " + data.name,
               .expected = "shape " + data.input_shape.str(),
               .found = sample.str(),
               .hint = options.model.empty() ? "leave it out: the data set gives the shape" : ""});
}

void check_outputs(const TrainOptions& options, const Model& model, const Data& data) {
  const Graph& graph = model.graph();
  const Shape& output = graph.shape(graph.outputs()[0]);
  const Shape expected = data.target_shape.with_rows();
  if (output == expected) return;
  const bool has_classes = data.classes() > 0;
  const int64_t units = data.target_shape.size();
  throw Error(
      {.where = net_option(options),
       .what = has_classes ? "the last layer does not fit the classes"
                           : "the last layer does not fit the targets",
       .expected = "an output of shape " + expected.str() + ", for the " +
                   (has_classes ? std::to_string(units) + " classes" : std::string("targets")) +
                   " of " + data.name,
       .found = output.str(),
       .hint = fmt::format("{}end with dense({}{})",
                           output.ndim() > 2 ? "begin with flatten, and " : "", units,
                           has_classes ? ", activation=softmax" : "")});
}

}  // namespace

std::string net_option(const TrainOptions& options) {
  return options.model.empty() ? "--net" : options.model;
}

std::optional<Model> starting_model(const TrainOptions& options) {
  if (options.model.empty()) return {};
  std::array<char, 512> first{};
  std::ifstream file(options.model, std::ios::binary);
  file.read(first.data(), first.size());
  const auto count = static_cast<size_t>(file.gcount());
  const std::string kind = formats::foreign_kind(std::as_bytes(std::span(first).first(count))).name;
  if (kind == formats::kJsonText) return {};
  return load_model_of(options.model);
}

Model network_of(const TrainOptions& options, const std::optional<Model>& start, const Data& data) {
  const auto seed = static_cast<uint64_t>(options.seed);
  Model model = start                   ? with_weights_of(*start, seed)
                : options.model.empty() ? on_command_line([&] { return net_model(options, data); })
                                        : keras_model(options, data);
  on_command_line([&] {
    check_inputs(options, model, data);
    check_outputs(options, model, data);
  });
  return model;
}

}  // namespace cornu::inline v0::cli
