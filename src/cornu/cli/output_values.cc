#include "cornu/cli/output_values.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <variant>

#include "cornu/core/value.h"

namespace cornu::inline v0::cli {
namespace {

OutputValues values_of(const kernels::Function& function) {
  using kernels::Function;
  switch (function.kind) {
    case Function::sigmoid:
      return OutputValues::unit;
    case Function::rectifier: {
      const bool hard_sigmoid = function.a == 0 && function.b >= 0 && function.c <= 1;
      if (hard_sigmoid) return OutputValues::unit;
      return function.a > 0 ? OutputValues::any : OutputValues::unknown;
    }
    case Function::clip:
      if (function.b >= 0 && function.c <= 1) return OutputValues::unit;
      return function.b < 0 ? OutputValues::any : OutputValues::unknown;
    // The loss turns numbers above 0 into probabilities: it divides them by their sum.
    case Function::relu:
    case Function::exponential:
    case Function::softplus:
    case Function::sqrt:
      return OutputValues::unknown;
    case Function::linear:
    case Function::tanh:
    case Function::log:
    case Function::elu:
    case Function::gelu:
    case Function::silu:
    case Function::softsign:
      return OutputValues::any;
  }
  return OutputValues::unknown;
}

// Probabilities times a matrix of probabilities, such as known error rates of labels, are
// probabilities again.
bool mixes_probabilities(const Builder& b, const Op& product) {
  const Op* from = b.producer(product.in[ops::Product::kX]);
  const bool biased =
      product.in.size() > ops::Product::kStart && product.in[ops::Product::kStart] != kNone;
  return !biased && from != nullptr && std::holds_alternative<ops::Softmax>(from->what);
}

bool is_crossentropy(std::string_view loss) {
  constexpr std::array kNames = {"categorical_crossentropy", "sparse_categorical_crossentropy",
                                 "binary_crossentropy", "kl_divergence"};
  return std::find(kNames.begin(), kNames.end(), loss) != kNames.end();
}

bool from_logits(const Loss& loss) {
  for (const auto& [field, value] : loss->config()) {
    if (field == "from_logits") return value.as_bool();
  }
  return false;
}

void softmax_row(std::span<float> row) {
  const float largest = *std::max_element(row.begin(), row.end());
  double sum = 0;
  for (const float x : row) sum += std::exp(static_cast<double>(x) - largest);
  for (float& x : row) {
    x = static_cast<float>(std::exp(static_cast<double>(x) - largest) / sum);
  }
}

}  // namespace

OutputValues output_values(const Model& model) {
  const Graph& graph = model.graph();
  Builder b;
  graph.declare(b);
  Slots x;
  for (size_t i = 0; i < graph.inputs().size(); ++i) {
    x.push_back(b.input("x" + std::to_string(i), graph.shape(graph.inputs()[i]), DType::float32));
  }
  const SlotId output = graph.lower(b, x, Mode::predict)[0];
  const Op* last = b.producer(output);
  if (last == nullptr) return OutputValues::unknown;
  if (std::holds_alternative<ops::Softmax>(last->what)) {
    // A reshape after the softmax changes the rows.
    return last->out[0] == output ? OutputValues::distribution : OutputValues::unit;
  }
  if (std::holds_alternative<ops::LogSoftmax>(last->what)) return OutputValues::any;
  if (const auto* pointwise = std::get_if<ops::Pointwise>(&last->what)) {
    return values_of(pointwise->function);
  }
  if (std::holds_alternative<ops::Product>(last->what)) {
    return mixes_probabilities(b, *last) ? OutputValues::unknown : OutputValues::any;
  }
  return OutputValues::unknown;
}

Link link_of(const Loss& loss) {
  if (!from_logits(loss)) return Link::none;
  return loss->name() == "binary_crossentropy" ? Link::sigmoid : Link::softmax;
}

void require_probabilities(const Model& model, const Loss& given, const std::string& where) {
  const Graph& graph = model.graph();
  const Shape& one_hot = graph.shape(graph.outputs()[0]);
  const Loss loss = given.chosen(one_hot, one_hot);
  const std::string name(loss->name());
  if (!is_crossentropy(name) || from_logits(loss)) return;
  if (output_values(model) != OutputValues::any) return;
  const bool binary = name == "binary_crossentropy";
  std::string hint = std::string("end with activation=") + (binary ? "sigmoid" : "softmax");
  if (name != "kl_divergence") hint += ", or train by --loss \"" + name + "(from_logits=true)\"";
  throw Error({.where = where,
               .what = "the last layer gives any numbers, and " + name + " takes probabilities",
               .expected = binary ? "outputs from 0 to 1" : "outputs that a softmax gives",
               .hint = hint});
}

std::optional<Tensor> class_probabilities(const Model& model, const Tensor& outputs) {
  const OutputValues values = output_values(model);
  if (values == OutputValues::distribution || values == OutputValues::unit) return outputs;
  if (!model.compiled() || !model.compile_options().loss) return std::nullopt;
  const Link link = link_of(*model.compile_options().loss);
  if (link == Link::none) return std::nullopt;
  Tensor probabilities = outputs;
  const std::span<float> all = probabilities.span<float>();
  if (link == Link::sigmoid) {
    for (float& x : all) x = static_cast<float>(1 / (1 + std::exp(-static_cast<double>(x))));
    return probabilities;
  }
  const auto classes = static_cast<size_t>(outputs.shape().back());
  for (size_t at = 0; at < all.size(); at += classes) softmax_row(all.subspan(at, classes));
  return probabilities;
}

}  // namespace cornu::inline v0::cli
