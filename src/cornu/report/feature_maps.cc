#include "cornu/report/feature_maps.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/layers/input.h"
#include "cornu/layers/layer.h"
#include "cornu/report/picture_internal.h"
#include "cornu/report/pixels_internal.h"

namespace cornu::inline v0 {
namespace {

constexpr const char* kWhere = "save_feature_maps";

/// The tensor of a network, and its numbers for the image.
struct Maps {
  SymbolicTensor tensor;
  Tensor values = Tensor();

  const Layer& layer() const { return tensor.call().layer; }
  bool is_input() const { return layer().type() == Input::kType; }
  int64_t channels() const { return tensor.shape().back(); }
};

// Those of images, in the order in which they are computed.
std::vector<Maps> images_in(const Model& model) {
  std::map<std::pair<uint64_t, size_t>, SymbolicTensor> met;
  SymbolicTensors open = model.outputs();
  while (!open.empty()) {
    const SymbolicTensor tensor = open.back();
    open.pop_back();
    if (!met.emplace(std::pair(tensor.call().order, tensor.index()), tensor).second) continue;
    for (const SymbolicTensor& each : tensor.call().in) open.push_back(each);
  }
  std::vector<Maps> images;
  for (const auto& [order, tensor] : met) {
    if (tensor.shape().ndim() == 4) images.push_back({tensor});
  }
  return images;
}

void compute(const Model& model, TensorView image, std::vector<Maps>& images) {
  SymbolicTensors outputs;
  for (const Maps& each : images) outputs.push_back(each.tensor);
  Model inner(model.inputs(), outputs);
  inner.set_data_spec({.x = model.data_spec().x, .y = {}});
  const Shape sample = model.inputs()[0].shape().without_rows();
  std::vector<Tensor> values = inner.predict_all({image.reshape(sample.with_rows().with_rows(1))});
  for (size_t i = 0; i < images.size(); ++i) images[i].values = std::move(values[i]);
}

// Dropout and noise pass an image on as it is.
bool changes_its_input(const Maps& maps, const std::vector<Maps>& all) {
  return std::ranges::none_of(all, [&maps](const Maps& before) {
    const SymbolicTensors& in = maps.tensor.call().in;
    return in.size() == 1 && before.tensor == in[0] &&
           before.values.shape() == maps.values.shape() &&
           std::memcmp(before.values.data(), maps.values.data(), maps.values.nbytes()) == 0;
  });
}

void keep_named(std::vector<Maps>& images, const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const Maps& each : images) known.push_back(each.layer().name());
  for (const std::string& each : names) {
    if (std::ranges::find(known, each) != known.end()) continue;
    throw unknown_name(kWhere, "layer with images", each, known);
  }
  std::erase_if(images, [&names](const Maps& each) {
    return !each.is_input() && std::ranges::find(names, each.layer().name()) == names.end();
  });
}

std::vector<Maps> drawn_maps(const Model& model, TensorView image,
                             const FeatureMapsOptions& options) {
  if (model.inputs().size() != 1) {
    throw Error({.where = kWhere,
                 .expected = "a network of one input",
                 .found = std::to_string(model.inputs().size())});
  }
  const Shape sample = model.inputs()[0].shape().without_rows();
  if (image.size() != sample.size()) {
    throw Error({.where = kWhere,
                 .expected = "an image of shape " + sample.str(),
                 .found = image.shape().str()});
  }
  if (options.most < 1) {
    throw Error({.where = std::string(kWhere) + ": most",
                 .expected = "1 or more",
                 .found = std::to_string(options.most)});
  }
  std::vector<Maps> images = images_in(model);
  if (std::ranges::all_of(images, [](const Maps& each) { return each.is_input(); })) {
    throw Error({.where = kWhere,
                 .expected = "a network with layers whose outputs are images, such as Conv2D",
                 .found = "none"});
  }
  compute(model, image, images);
  if (!options.layers.empty()) {
    keep_named(images, options.layers);
    return images;
  }
  std::vector<Maps> drawn;
  for (Maps& each : images) {
    if (changes_its_input(each, images)) drawn.push_back({each.tensor, each.values});
  }
  return drawn;
}

constexpr int64_t kMapsMargin = 16, kMapsGap = 6, kMapsTitle = 30;
// Small maps are enlarged, by whole factors, to about this many pixels.
constexpr int64_t kMapSize = 64;

/// The maps of a layer as they lie in the picture, below its title.
struct Band {
  std::string title;
  std::vector<Pixels> maps;
  int64_t factor = 1, y = 0;

  int64_t width() const { return count() * (maps[0].width * factor + kMapsGap) - kMapsGap; }
  int64_t height() const { return maps[0].height * factor; }
  int64_t count() const { return static_cast<int64_t>(maps.size()); }
};

// From 0 for the smallest number to 1 for the largest.
std::vector<Pixels> pixels_of_maps(const Maps& maps, int64_t count, float least, float most) {
  const Shape& shape = maps.values.shape();
  const float* const numbers = maps.values.span<float>().data();
  std::vector<Pixels> all;
  for (int64_t channel = 0; channel < count; ++channel) {
    Tensor map({shape[1], shape[2]});
    for (int64_t i = 0; i < map.size(); ++i) {
      const float number = numbers[i * maps.channels() + channel];
      map.span<float>()[static_cast<size_t>(i)] =
          most > least ? (number - least) / (most - least) : 0.0F;
    }
    all.push_back(pixels_of(map, kWhere));
  }
  return all;
}

Band band_of(const Maps& maps, int64_t most_maps) {
  const Shape& shape = maps.values.shape();
  const bool is_colour = maps.is_input() && maps.channels() == 3;
  const int64_t count = is_colour ? 3 : std::min(most_maps, maps.channels());
  float least = maps.values.span<float>()[0];
  float most = least;
  const auto numbers = maps.values.span<float>();
  for (int64_t i = 0; i < maps.values.size(); ++i) {
    if (i % maps.channels() >= count) continue;
    least = std::min(least, numbers[static_cast<size_t>(i)]);
    most = std::max(most, numbers[static_cast<size_t>(i)]);
  }
  Band band;
  band.title = fmt::format("{}: {} × {} × {}, from {:.3g} to {:.3g}",
                           maps.is_input() ? "input" : maps.layer().name(), shape[1], shape[2],
                           shape[3], least, most);
  if (count < maps.channels()) band.title += fmt::format(", the first {} maps", count);
  band.maps = pixels_of_maps(maps, count, least, most);
  band.factor = std::max<int64_t>(1, kMapSize / std::max(shape[1], shape[2]));
  return band;
}

}  // namespace

void save_feature_maps(const Model& model, TensorView image, const std::string& path,
                       const FeatureMapsOptions& options) {
  std::vector<Band> bands;
  int64_t height = kMapsMargin;
  int64_t width = 0;
  for (const Maps& each : drawn_maps(model, image, options)) {
    Band band = band_of(each, options.most);
    band.y = height + kMapsTitle;
    height = band.y + band.height();
    width = std::max({width, band.width(), static_cast<int64_t>(text_width(band.title, 13)) + 1});
    bands.push_back(std::move(band));
  }
  width += 2 * kMapsMargin;
  height += kMapsMargin;
  save_picture(path, width, height, [&](cairo_t* cr) {
    std::vector<PlacedPixels> placed;
    for (const Band& band : bands) {
      int64_t x = kMapsMargin;
      for (const Pixels& map : band.maps) {
        placed.push_back({&map, x, band.y, band.factor});
        x += map.width * band.factor + kMapsGap;
      }
    }
    draw_pixels(cr, width, height, placed);
    set_color(cr, kInk);
    set_font_size(cr, 13);
    for (const Band& band : bands) {
      draw_text(cr, band.title, static_cast<double>(kMapsMargin), static_cast<double>(band.y - 8),
                Align::left);
    }
  });
}

}  // namespace cornu::inline v0
