#include "cornu/cli/train_network.h"

#include <fmt/format.h>

#include "cornu/cli/field_words.h"
#include "cornu/cli/net_text.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/file.h"
#include "cornu/models/keras_json.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0::cli {
namespace {

// The network that Keras describes in a file.
Model keras_model(const TrainOptions& options, const Data& data) {
  constexpr uint64_t kMostBytes = 64 << 20;
  const std::vector<std::byte> text = read_file(options.model, kMostBytes);
  // A header's length in eight bytes, then the header.
  const bool is_safetensors =
      text.size() > 8 && text[0] != std::byte{'{'} && text[8] == std::byte{'{'};
  if (is_safetensors) {
    throw Error({.where = options.model,
                 .what = "is a model of Cornu",
                 .expected = "a network as Keras's model.to_json() describes it",
                 .hint = "evaluate, predict, summary and explain take models; " +
                         option_hint("train", "continue")});
  }
  return model_from_json({reinterpret_cast<const char*>(text.data()), text.size()},
                         {.sample = data.input_shape,
                          .seed = static_cast<uint64_t>(options.seed),
                          .where = options.model});
}

Model net_model(const TrainOptions& options, const Data& data) {
  Sequential model(layers_from_text(*options.net), {.seed = static_cast<uint64_t>(options.seed)});
  if (!model.built()) model.build(data.input_shape);
  return model;
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
               .hint = "leave it out: the data set gives the shape"});
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

Model network_of(const TrainOptions& options, const Data& data) {
  Model model = options.model.empty() ? on_command_line([&] { return net_model(options, data); })
                                      : keras_model(options, data);
  on_command_line([&] {
    check_inputs(options, model, data);
    check_outputs(options, model, data);
  });
  return model;
}

}  // namespace cornu::inline v0::cli
