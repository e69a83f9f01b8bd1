#include "cornu/report/plot_model.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <tuple>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/layers/input.h"
#include "cornu/report/graph_layout.h"
#include "cornu/report/picture_internal.h"

namespace cornu::inline v0 {
namespace {

constexpr size_t kMostLayers = 2000;
constexpr double kBorder = 24, kPadding = 14, kLine = 20, kCorner = 7, kTitle = 30;
constexpr double kNameSize = 14, kTextSize = 12;
constexpr uint32_t kFaint = 0x707070, kArrow = 0x6b6b6b;
// The colours of a box's outline and background: for an input, a layer with weights, one without,
// and a model.
struct Hue {
  uint32_t edge, ground;
};
constexpr Hue kInput = {0x009e73, 0xeef8f4}, kWeights = {0x0072b2, 0xeef5fa},
              kPlain = {0x9a9a9a, 0xf6f6f6}, kModel = {0xcc79a7, 0xfbf3f8};

/// A box of the drawing; an expanded model has a drawing inside.
struct Drawing;
struct Node {
  std::string name, type;
  std::vector<std::string> lines;
  Hue hue;
  LayoutBox box;
  std::shared_ptr<Drawing> inside;
};
struct Drawing {
  std::vector<Node> nodes;
  std::vector<LayoutArrow> arrows;
  double width = 0, height = 0;
};

std::string shapes_text(const Graph& graph, const std::vector<int>& tensors) {
  std::string text;
  for (const int tensor : tensors) text += (text.empty() ? "" : ", ") + graph.shape(tensor).str();
  return text;
}

class Composer {
 public:
  explicit Composer(const PlotModelOptions& options) : options_(options) {}

  // One node per layer, as Keras draws it: a shared layer is one box with the arrows of all its
  // calls.
  Drawing compose(const Graph& graph) const {
    Drawing drawing;
    std::vector<Layer> layers;
    std::vector<size_t> source;  // of each tensor: the node it comes from
    const auto note = [&](int tensor, size_t node) {
      source.resize(std::max(source.size(), static_cast<size_t>(tensor) + 1), kNobody);
      source[static_cast<size_t>(tensor)] = node;
    };
    for (const Graph::Node& call : graph.nodes()) {
      const auto known = std::ranges::find(layers, call.layer);
      // If a layer is called on a tensor that depends on its own output, an arrow would point up:
      // then each of its calls is a box.
      const auto index = static_cast<size_t>(known - layers.begin());
      const bool again = known != layers.end() && !follows(drawing, call, source, index);
      const size_t node = again ? index : drawing.nodes.size();
      if (!again) {
        layers.push_back(call.layer);
        drawing.nodes.push_back(node_of(graph, call));
      }
      for (const int tensor : call.in) {
        const size_t from = static_cast<size_t>(tensor) < source.size()
                                ? source[static_cast<size_t>(tensor)]
                                : kNobody;
        if (from != kNobody && !has_arrow(drawing, from, node))
          drawing.arrows.push_back({from, node});
      }
      for (const int tensor : call.out) note(tensor, node);
    }
    in_order(drawing);
    place(drawing);
    return drawing;
  }

 private:
  static constexpr size_t kNobody = static_cast<size_t>(-1);

  static bool has_arrow(const Drawing& drawing, size_t from, size_t to) {
    return std::ranges::any_of(drawing.arrows, [&](const LayoutArrow& arrow) {
      return arrow.from == from && arrow.to == to;
    });
  }

  // Whether one of the call's inputs depends on the node.
  static bool follows(const Drawing& drawing, const Graph::Node& call,
                      const std::vector<size_t>& source, size_t node) {
    std::vector<size_t> left;
    for (const int tensor : call.in) {
      if (static_cast<size_t>(tensor) < source.size())
        left.push_back(source[static_cast<size_t>(tensor)]);
    }
    std::vector<bool> seen(drawing.nodes.size());
    while (!left.empty()) {
      const size_t now = left.back();
      left.pop_back();
      if (now == node) return true;
      if (now == kNobody || seen[now]) continue;
      seen[now] = true;
      for (const LayoutArrow& arrow : drawing.arrows) {
        if (arrow.to == now) left.push_back(arrow.from);
      }
    }
    return false;
  }

  // Renumbers the nodes so that arrows go from lower to higher numbers.
  static void in_order(Drawing& drawing) {
    const size_t count = drawing.nodes.size();
    std::vector<size_t> waits(count), order, number(count);
    for (const LayoutArrow& arrow : drawing.arrows) ++waits[arrow.to];
    while (order.size() < count) {
      for (size_t i = 0; i < count; ++i) {
        if (waits[i] != 0) continue;
        waits[i] = kNobody;
        number[i] = order.size();
        order.push_back(i);
        for (const LayoutArrow& arrow : drawing.arrows) {
          if (arrow.from == i) --waits[arrow.to];
        }
      }
    }
    std::vector<Node> nodes;
    for (const size_t i : order) nodes.push_back(std::move(drawing.nodes[i]));
    drawing.nodes = std::move(nodes);
    for (LayoutArrow& arrow : drawing.arrows) arrow = {number[arrow.from], number[arrow.to]};
  }

  Node node_of(const Graph& graph, const Graph::Node& call) const {
    const Layer& layer = call.layer;
    const Graph* network = layer.description().network();
    Node node{.name = options_.show_layer_names ? layer.name() : "",
              .type = std::string(layer.type()),
              .lines = {},
              .hue = network != nullptr             ? kModel
                     : layer.type() == Input::kType ? kInput
                     : layer.num_weights() > 0      ? kWeights
                                                    : kPlain,
              .box = {},
              .inside = nullptr};
    if (network != nullptr && options_.expand_nested) {
      node.inside = std::make_shared<Drawing>(compose(*network));
    } else {
      add_lines(graph, call, node);
    }
    return node;
  }

  void add_lines(const Graph& graph, const Graph::Node& call, Node& node) const {
    const Layer& layer = call.layer;
    const Value::Map config = layer.description().config();
    for (const auto& [field, value] : config) {
      if (!options_.show_layer_activations || field != "activation") continue;
      const Value& function = value.is_map() ? value["class_name"] : value;
      if (function != Value("linear")) node.lines.push_back(function.as_string());
    }
    if (options_.show_shapes) {
      const std::string out = shapes_text(graph, call.out);
      node.lines.push_back(layer.type() == Input::kType
                               ? out
                               : shapes_text(graph, call.in) + "  \xe2\x86\x92  " + out);
    }
    if (options_.show_trainable && layer.num_weights() > 0 && !layer.trainable()) {
      node.lines.emplace_back("does not train");
    }
  }

  bool sideways() const { return options_.rankdir == "LR"; }

  void measure(Node& node) const {
    double width = text_width(node.type, kTextSize);
    if (!node.name.empty()) width += text_width(node.name, kNameSize) + kPadding;
    for (const std::string& line : node.lines) width = std::max(width, text_width(line, kTextSize));
    node.box.width = width + 2 * kPadding;
    node.box.height = kPadding + kLine * static_cast<double>(1 + node.lines.size());
    if (node.inside == nullptr) return;
    node.box.width = std::max(node.box.width, node.inside->width + 2 * kPadding);
    node.box.height = kTitle + node.inside->height + kPadding;
  }

  // The sideways layout has the axes exchanged.
  void place(Drawing& drawing) const {
    std::vector<LayoutBox> boxes;
    for (Node& node : drawing.nodes) {
      measure(node);
      boxes.push_back(node.box);
      if (sideways()) std::swap(boxes.back().width, boxes.back().height);
    }
    std::tie(drawing.width, drawing.height) = lay_out(boxes, drawing.arrows);
    for (size_t i = 0; i < boxes.size(); ++i) drawing.nodes[i].box.at = boxes[i].at;
    if (!sideways()) return;
    std::swap(drawing.width, drawing.height);
    for (Node& node : drawing.nodes) std::swap(node.box.at.x, node.box.at.y);
    for (LayoutArrow& arrow : drawing.arrows) {
      for (LayoutPoint& point : arrow.through) std::swap(point.x, point.y);
    }
  }

  const PlotModelOptions& options_;
};

class Painter {
 public:
  Painter(cairo_t* cr, bool sideways) : cr_(cr), sideways_(sideways) {}

  void draw(const Drawing& drawing, double left, double top) const {
    for (const LayoutArrow& arrow : drawing.arrows) draw_arrow(arrow, left, top);
    for (const Node& node : drawing.nodes) draw_node(node, left, top);
  }

 private:
  void draw_arrow(const LayoutArrow& arrow, double left, double top) const {
    set_color(cr_, kArrow);
    cairo_set_line_width(cr_, 1.3);
    std::vector<LayoutPoint> points = arrow.through;
    for (LayoutPoint& point : points) point = {point.x + left, point.y + top};
    const LayoutPoint tip = points.back();
    (sideways_ ? points.back().x : points.back().y) -= 7;  // where its head begins
    cairo_move_to(cr_, points[0].x, points[0].y);
    for (size_t i = 1; i < points.size(); ++i) {
      const LayoutPoint a = points[i - 1];
      const LayoutPoint b = points[i];
      if (sideways_) {
        const double middle = (a.x + b.x) / 2;
        cairo_curve_to(cr_, middle, a.y, middle, b.y, b.x, b.y);
      } else {
        const double middle = (a.y + b.y) / 2;
        cairo_curve_to(cr_, a.x, middle, b.x, middle, b.x, b.y);
      }
    }
    cairo_stroke(cr_);
    cairo_move_to(cr_, tip.x, tip.y);
    if (sideways_) {
      cairo_line_to(cr_, tip.x - 9, tip.y - 4.5);
      cairo_line_to(cr_, tip.x - 9, tip.y + 4.5);
    } else {
      cairo_line_to(cr_, tip.x - 4.5, tip.y - 9);
      cairo_line_to(cr_, tip.x + 4.5, tip.y - 9);
    }
    cairo_close_path(cr_);
    cairo_fill(cr_);
  }

  void outline(double x, double y, double width, double height) const {
    using std::numbers::pi;
    cairo_new_sub_path(cr_);
    cairo_arc(cr_, x + width - kCorner, y + kCorner, kCorner, -pi / 2, 0);
    cairo_arc(cr_, x + width - kCorner, y + height - kCorner, kCorner, 0, pi / 2);
    cairo_arc(cr_, x + kCorner, y + height - kCorner, kCorner, pi / 2, pi);
    cairo_arc(cr_, x + kCorner, y + kCorner, kCorner, pi, 3 * pi / 2);
    cairo_close_path(cr_);
  }

  void draw_node(const Node& node, double left, double top) const {
    const double width = node.box.width;
    const double height = node.box.height;
    const double x = left + node.box.at.x - width / 2;
    const double y = top + node.box.at.y - height / 2;
    outline(x, y, width, height);
    set_color(cr_, node.inside ? 0xffffff : node.hue.ground);
    cairo_fill_preserve(cr_);
    set_color(cr_, node.hue.edge);
    cairo_set_line_width(cr_, node.inside ? 1.6 : 1.2);
    cairo_stroke(cr_);
    const double base = y + kPadding / 2 + kLine - 6;
    double text = x + kPadding;
    if (!node.name.empty()) {
      set_font_size(cr_, kNameSize);
      set_color(cr_, kInk);
      draw_text(cr_, node.name, text, base, Align::left);
      text = x + width - kPadding;
    }
    set_font_size(cr_, kTextSize);
    set_color(cr_, node.name.empty() ? kInk : kFaint);
    draw_text(cr_, node.type, text, base, node.name.empty() ? Align::left : Align::right);
    set_color(cr_, kFaint);
    for (size_t i = 0; i < node.lines.size(); ++i) {
      draw_text(cr_, node.lines[i], x + kPadding, base + kLine * static_cast<double>(i + 1),
                Align::left);
    }
    if (node.inside != nullptr) {
      draw(*node.inside, x + (width - node.inside->width) / 2, y + kTitle);
    }
  }

  cairo_t* cr_;
  const bool sideways_;
};

size_t count_of(const Graph& graph) {
  size_t count = graph.nodes().size();
  for (const Layer& layer : graph.layers()) {
    if (const Graph* network = layer.description().network()) count += count_of(*network);
  }
  return count;
}

}  // namespace

void plot_model(const Model& model, const std::string& path, const PlotModelOptions& options) {
  if (options.rankdir != "TB" && options.rankdir != "LR") {
    throw Error({.where = "plot_model",
                 .expected = "rankdir \"TB\" or \"LR\"",
                 .found = "\"" + options.rankdir + "\""});
  }
  if (const size_t count = count_of(model.graph()); count > kMostLayers) {
    throw Error({.where = "plot_model",
                 .expected = "at most 2,000 layers",
                 .found = with_commas(static_cast<int64_t>(count))});
  }
  const Drawing drawing = Composer(options).compose(model.graph());
  save_picture(path, static_cast<int64_t>(std::ceil(drawing.width + 2 * kBorder)),
               static_cast<int64_t>(std::ceil(drawing.height + 2 * kBorder)), [&](cairo_t* cr) {
                 Painter(cr, options.rankdir == "LR").draw(drawing, kBorder, kBorder);
               });
}

}  // namespace cornu::inline v0
