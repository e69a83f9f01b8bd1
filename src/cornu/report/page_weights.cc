#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "cornu/report/page_sections_internal.h"

namespace cornu::inline v0 {
namespace {

constexpr int64_t kMostKernels = 64;
// Of all pictures, so that the file stays small.
constexpr int64_t kMostKernelPixels = 100'000;

/// A weight as pictures: of each unit the number at (y, x, channel) lies at
/// ((y · width + x) · channels + channel) · units + unit.
struct KernelPictures {
  std::string layer;
  Tensor weight;
  int64_t height = 0, width = 0, channels = 1, units = 0;

  double at(int64_t place, int64_t unit) const { return weight.at(place * units + unit); }
};

bool keeps_pixels(std::string_view type) {
  constexpr std::array kTypes = {"InputLayer", "Flatten",       "Reshape",    "Rescaling",
                                 "Dropout",    "GaussianNoise", "Activation", "GaussianDropout"};
  return std::ranges::find(kTypes, type) != kTypes.end();
}

// Those of the first layer with weights, if it sees the pixels themselves.
std::optional<KernelPictures> first_kernels(const Model& model, const Shape& sample) {
  if (model.inputs().size() != 1 || !is_picture(sample)) return std::nullopt;
  const int64_t channels = sample.ndim() == 3 ? sample[2] : 1;
  for (const Layer& layer : model.layers()) {
    if (layer.weights().empty() && keeps_pixels(layer.type())) continue;
    if (layer.weights().empty() || layer.weights()[0].name != "kernel") return std::nullopt;
    Tensor kernel = layer.weights()[0].value;
    const Shape shape = kernel.shape();
    if (layer.type() == "Conv2D" && shape[2] == channels) {
      return KernelPictures{layer.name(), kernel, shape[0], shape[1], channels, shape[3]};
    }
    if (layer.type() == "Dense" && shape[0] == sample.size()) {
      return KernelPictures{layer.name(), kernel, sample[0], sample[1], channels, shape[1]};
    }
    return std::nullopt;
  }
  return std::nullopt;
}

// Blue below 0, white at 0, red above: the ends of ColorBrewer's RdBu.
void add_diverging(std::vector<uint8_t>& bytes, double part) {
  constexpr std::array<double, 3> kZero = {247, 247, 247}, kBelow = {33, 102, 172},
                                  kAbove = {178, 24, 43};
  const auto& end = part < 0 ? kBelow : kAbove;
  for (size_t i = 0; i < 3; ++i) {
    const double mixed = kZero[i] + std::min(std::abs(part), 1.0) * (end[i] - kZero[i]);
    bytes.push_back(static_cast<uint8_t>(std::lround(mixed)));
  }
}

// Three channels are the colours themselves, 0 in the middle.
Pixels kernel_pixels(const KernelPictures& kernels, int64_t unit, double largest) {
  Pixels pixels{kernels.height, kernels.width, 3, {}};
  const int64_t count = kernels.height * kernels.width * kernels.channels;
  for (int64_t i = 0; i < count; ++i) {
    const double part = largest > 0 ? kernels.at(i, unit) / largest : 0;
    if (kernels.channels == 3) {
      pixels.values.push_back(static_cast<uint8_t>(std::lround(127.5 + 127.5 * part)));
    } else {
      add_diverging(pixels.values, part);
    }
  }
  return pixels;
}

}  // namespace

Value weights_section(const RunReport& report) {
  const auto kernels = first_kernels(report.model, report.sample);
  constexpr int64_t kLargestKernel = 96;
  if (!kernels || std::max(kernels->height, kernels->width) > kLargestKernel) return {};
  const int64_t count = std::min(
      {kernels->units, kMostKernels, kMostKernelPixels / (kernels->height * kernels->width)});
  double largest = 0;
  for (int64_t i = 0; i < kernels->height * kernels->width * kernels->channels; ++i) {
    for (int64_t unit = 0; unit < count; ++unit) {
      largest = std::max(largest, std::abs(kernels->at(i, unit)));
    }
  }
  if (!std::isfinite(largest)) return {};
  const bool is_dense = kernels->height == report.sample[0];
  const std::string kind = is_dense ? "unit" : "filter";
  Value::List items;
  for (int64_t unit = 0; unit < count; ++unit) {
    items.push_back(Value::Map{{"png", png_base64(kernel_pixels(*kernels, unit, largest))},
                               {"width", kernels->width},
                               {"height", kernels->height},
                               {"alt", kind + " " + std::to_string(unit)}});
  }
  std::string hint = kernels->layer + ": a picture for each " + kind + ", " +
                     std::to_string(kernels->height) + " × " + std::to_string(kernels->width);
  if (count < kernels->units) {
    hint += ", the first " + std::to_string(count) + " of " + std::to_string(kernels->units);
  }
  hint += kernels->channels == 3 ? "; grey is 0, its channels are red, green and blue." : ".";
  Value scale;
  if (kernels->channels == 1) {
    scale = Value::Map{{"low", significant(-largest, 3)}, {"high", significant(largest, 3)}};
  }
  return Value::Map{{"hint", hint},
                    {"shown", is_dense ? 56 : 44},
                    {"items", std::move(items)},
                    {"scale", std::move(scale)}};
}

}  // namespace cornu::inline v0
