#include "cornu/core/names.h"
#include "cornu/layers/input.h"
#include "cornu/models/model.h"

namespace cornu::inline v0 {
namespace {

// Keras's table of TensorFlow 2.0: 65 characters, columns at 0, 29 and 55.
constexpr size_t kWidth = 65;
constexpr size_t kColumns[] = {29, 55, 65};

std::string row(const std::string& layer, const std::string& shape, const std::string& params) {
  std::string line;
  const std::string* cells[] = {&layer, &shape, &params};
  for (size_t i = 0; i < 3; ++i) {
    if (i > 0) line.back() = ' ';
    line = (line + *cells[i]).substr(0, kColumns[i]);
    line.append(kColumns[i] - line.size(), ' ');
  }
  return line + "\n";
}

}  // namespace

std::string Model::summary() const {
  const std::string thin = std::string(kWidth, '_') + "\n";
  const std::string thick = std::string(kWidth, '=') + "\n";
  std::string text =
      "Model: \"" + name() + "\"\n" + thin + row("Layer (type)", "Output Shape", "Param #") + thick;
  const auto& nodes = graph().nodes();
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Layer& layer = nodes[i].layer;
    // Keras lists no input of a Sequential.
    if (layer.type() == Input::kType) continue;
    text += row(layer.name() + " (" + std::string(layer.type()) + ")",
                graph().shape(nodes[i].out[0]).str(), std::to_string(layer.num_weights()));
    text += i + 1 < nodes.size() ? thin : thick;
  }
  int64_t trainable = 0;
  int64_t fixed = 0;
  for (const NamedWeight& each : graph().weights()) {
    (each.trainable ? trainable : fixed) += each.weight->value.size();
  }
  text += "Total params: " + with_commas(trainable + fixed) + "\n";
  text += "Trainable params: " + with_commas(trainable) + "\n";
  text += "Non-trainable params: " + with_commas(fixed) + "\n";
  return text + thin;
}

}  // namespace cornu::inline v0
