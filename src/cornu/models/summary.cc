#include <algorithm>

#include "cornu/core/names.h"
#include "cornu/layers/input.h"
#include "cornu/models/model_internal.h"
#include "cornu/plan/costs.h"

namespace cornu::inline v0 {
namespace {

using Row = std::vector<std::string>;

// The ends of the columns in the table of Keras in TensorFlow 2.0, without and with connections; a
// wider cell moves them right.
const std::vector<size_t> kEnds = {29, 55, 65};
const std::vector<size_t> kEndsConnected = {33, 55, 66, 98};
constexpr size_t kCostWidth = 14;

/// A table with a line after the rows of each layer.
class Table {
 public:
  Table(const std::vector<size_t>& ends, Row header) : header_(std::move(header)) {
    for (size_t i = 0; i < ends.size(); ++i) widths_.push_back(ends[i] - (i > 0 ? ends[i - 1] : 0));
    widths_.resize(header_.size(), kCostWidth);
    fit(header_);
  }

  void add(std::vector<Row> rows) {
    for (const Row& row : rows) fit(row);
    layers_.push_back(std::move(rows));
  }

  std::string text(const std::string& above, const std::string& below) const {
    size_t width = 0;
    for (const size_t each : widths_) width += each;
    const std::string thin = std::string(width, '_') + "\n";
    const std::string thick = std::string(width, '=') + "\n";
    std::string text = above + thin + line(header_) + thick;
    for (size_t i = 0; i < layers_.size(); ++i) {
      for (const Row& row : layers_[i]) text += line(row);
      text += i + 1 < layers_.size() ? thin : thick;
    }
    return text + below + thin;
  }

 private:
  // One space between two cells.
  void fit(const Row& row) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths_[i] = std::max(widths_[i], row[i].size() + (i + 1 < header_.size() ? 1 : 0));
    }
  }
  std::string line(const Row& row) const {
    std::string text;
    for (size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      text.append(widths_[i] - row[i].size(), ' ');
    }
    return text + "\n";
  }

  Row header_;
  std::vector<size_t> widths_;
  std::vector<std::vector<Row>> layers_;
};

// The output shapes of a layer's first call.
std::string shapes_text(const Graph& graph, const Graph::Node& node) {
  if (node.out.size() == 1) return graph.shape(node.out[0]).str();
  std::string text;
  for (const int out : node.out) text += (text.empty() ? "[" : ", ") + graph.shape(out).str();
  return text + "]";
}

std::string bytes_text(int64_t bytes) {
  return with_commas(bytes) + " B";
}

}  // namespace

std::string Model::summary(const SummaryOptions& options) const {
  impl_->require_built();
  const Graph& network = graph();
  const bool connected = type() != "Sequential";
  Row header = {"Layer (type)", "Output Shape", "Param #"};
  if (connected) header.push_back("Connected to");
  std::map<std::string, LayerCosts> costs;
  if (options.costs) {
    costs = layer_costs(network, compiled() ? &compile_options().optimizer : nullptr);
    header.insert(header.begin() + 3, {"FLOPs", "Activations", "Optimizer"});
  }
  std::vector<size_t> ends = connected && !options.costs ? kEndsConnected : kEnds;
  Table table(ends, std::move(header));
  const std::vector<std::vector<std::string>> connections = network.connections();
  std::vector<bool> listed(network.layers().size());
  LayerCosts all;
  for (const Graph::Node& node : network.nodes()) {
    const Layer& layer = node.layer;
    // Keras omits the input of a Sequential, and lists each layer of another network once.
    const size_t index = network.index_of(layer);
    const bool again = listed[index];
    if (connected ? again : layer.type() == Input::kType) continue;
    listed[index] = true;
    Row row = {layer.name() + " (" + std::string(layer.type()) + ")", shapes_text(network, node),
               std::to_string(layer.num_weights())};
    if (options.costs) {
      const LayerCosts& own = costs[layer.name()];
      row.push_back(with_commas(static_cast<int64_t>(own.flops)));
      row.push_back(bytes_text(own.activation_bytes));
      row.push_back(bytes_text(own.optimizer_bytes));
      if (!again) {
        all.flops += own.flops;
        all.activation_bytes += own.activation_bytes;
        all.optimizer_bytes += own.optimizer_bytes;
      }
    }
    std::vector<Row> rows = {std::move(row)};
    if (connected) {
      const std::vector<std::string>& from = connections[index];
      rows[0].push_back(from.empty() ? "" : from[0]);
      for (size_t i = 1; i < from.size(); ++i) {
        rows.emplace_back(rows[0].size());
        rows.back().back() = from[i];
      }
    }
    table.add(std::move(rows));
  }

  int64_t trainable = 0;
  int64_t fixed = 0;
  for (const NamedWeight& each : network.weights()) {
    (each.trainable ? trainable : fixed) += each.weight->value.size();
  }
  std::string below = "Total params: " + with_commas(trainable + fixed) + "\n" +
                      "Trainable params: " + with_commas(trainable) + "\n" +
                      "Non-trainable params: " + with_commas(fixed) + "\n";
  if (options.costs) {
    below += "FLOPs to predict a sample: " + with_commas(static_cast<int64_t>(all.flops)) + "\n";
    below += "Activations to train on a sample: " + bytes_text(all.activation_bytes) + "\n";
    below += compiled() ? "Optimizer state: " + bytes_text(all.optimizer_bytes) + "\n"
                        : "Optimizer state: none before compile()\n";
  }
  return table.text("Model: \"" + name() + "\"\n", below);
}

}  // namespace cornu::inline v0
