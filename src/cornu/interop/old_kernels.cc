#include "cornu/interop/old_kernels.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string>

#include "cornu/core/error.h"
#include "cornu/core/value.h"
#include "cornu/interop/keras_part.h"

namespace cornu::inline v0 {
namespace {

// The layer that has the weight.
const Layer* layer_of(const StoredLayer& stored, const Weight* weight) {
  if (!stored.layer) return nullptr;
  for (const StoredLayer& each : stored.inside) {
    if (const Layer* const found = layer_of(each, weight)) return found;
  }
  const auto& weights = stored.layer->weights();
  const bool has_it = std::ranges::any_of(weights, [&](const Weight& w) { return &w == weight; });
  return has_it ? &*stored.layer : nullptr;
}

bool is_of_keras_1(std::string_view name) {
  if (name.ends_with(":0")) name.remove_suffix(2);
  return name.ends_with("_W");
}

constexpr std::string_view kConvolutions[] = {"Conv1D", "Conv2D", "DepthwiseConv2D"};
constexpr std::string_view kPoolings[] = {"MaxPooling1D", "MaxPooling2D", "AveragePooling1D",
                                          "AveragePooling2D"};

template <class List>
bool contains(const List& list, const auto& value) {
  return std::ranges::find(list, value) != std::end(list);
}

// Theano's zeros are as many before as after, and for pooling another number.
bool has_todays_padding(const Layer& layer) {
  const Value config = layer.description().config();
  const auto all = [&](const char* option, const auto& holds) {
    return std::ranges::all_of(config[option].as_list(),
                               [&](const Value& each) { return holds(each.as_int()); });
  };
  const bool is_convolution = contains(kConvolutions, layer.type());
  if (!is_convolution && !contains(kPoolings, layer.type())) return true;
  if (config["padding"] != Value("same")) return true;
  const auto is_one = [](int64_t step) { return step == 1; };
  if (is_convolution) {
    return all("strides", is_one) && all("kernel_size", [](int64_t size) { return size % 2 == 1; });
  }
  const bool has_strides = !config["strides"].as_list().empty();
  return all(has_strides ? "strides" : "pool_size", is_one) &&
         all("pool_size", [](int64_t size) { return size == 1 || size == 3; });
}

}  // namespace

Shape KernelForm::todays(const Shape& stored) const {
  if (stored.ndim() != 4) return stored;
  if (filters_first) return {stored[2], stored[3], stored[1], stored[0]};
  if (has_width && stored[1] == 1) return {stored[0], stored[2], stored[3]};
  return stored;
}

Tensor KernelForm::todays(const Tensor& stored) const {
  Tensor today(todays(stored.shape()));
  const Shape& shape = today.shape();
  if (shape.ndim() < 2 || today.size() == 0) return today;
  const int64_t filters = shape.back();
  const int64_t channels = shape[shape.ndim() - 2];
  const int64_t pixels = today.size() / (channels * filters);
  const std::span<const float> from = stored.span<float>();
  int64_t at = 0;
  for (float& to : today.span<float>()) {
    const int64_t filter = at % filters;
    const int64_t channel = at / filters % channels;
    const int64_t pixel = at / filters / channels;
    const int64_t seen = is_turned ? pixels - 1 - pixel : pixel;
    const int64_t place = filters_first ? (filter * channels + channel) * pixels + seen
                                        : (seen * channels + channel) * filters + filter;
    to = from[static_cast<size_t>(place)];
    ++at;
  }
  return today;
}

bool is_of_theano(std::string_view name, std::string_view backend) {
  return backend == "theano" || (backend.empty() && is_of_keras_1(name) && !name.ends_with(":0"));
}

KernelForm kernel_form(const StoredLayer& stored, const Weight* weight, std::string_view name,
                       std::string_view backend) {
  const bool turns = is_of_theano(name, backend);
  const bool is_old = is_of_keras_1(name);
  if (!turns && !is_old) return {};
  const Layer* const layer = layer_of(stored, weight);
  if (layer == nullptr || weight->name != "kernel") return {};
  // Keras itself turned those of depthwise convolutions around, so that they lie as today.
  const bool is_sequence = layer->type() == "Conv1D";
  if (!is_sequence && layer->type() != "Conv2D") return {};
  const Value config = layer->description().config();
  const bool is_first = value_under(config, "data_format") == Value("channels_first");
  return {.filters_first = is_old && !is_sequence && is_first,
          .has_width = is_old && is_sequence,
          .is_turned = turns};
}

void require_padding_of_theano(const std::vector<StoredLayer>& layers) {
  for (const StoredLayer& each : layers) {
    require_padding_of_theano(each.inside);
    if (!each.layer || has_todays_padding(*each.layer)) continue;
    throw Error({.kind = ErrorKind::unsupported,
                 .where = each.layer->where(),
                 .what = "was saved by Keras on Theano, where padding \"same\" put other zeros "
                         "around images",
                 .expected = "strides of 1, and a kernel_size that is odd or a pool_size of 3",
                 .hint = "make the network anew, with ZeroPadding2D, and load_weights(path)"});
  }
}

}  // namespace cornu::inline v0
