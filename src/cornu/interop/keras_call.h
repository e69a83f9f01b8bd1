#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "cornu/core/value.h"
#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

/// A tensor as Keras names it: the layer that gives it, the number of the call, that of the output.
using TensorName = std::tuple<std::string, int64_t, int64_t>;

/// The names in lists and maps of them, or in one alone; Keras sorts maps by key.
CORNU_API std::vector<TensorName> tensor_names(const Value& ends);

/// The arguments of a layer's call: tensors, and numbers with their places among the arguments.
struct KerasCall {
  std::vector<TensorName> tensors = {};
  std::vector<std::pair<size_t, double>> numbers = {};

  size_t size() const { return tensors.size() + numbers.size(); }
};

/// An entry of a layer's `inbound_nodes`, as Keras 3 or an older Keras writes it. Error for
/// an option of the call that would change its result.
CORNU_API KerasCall keras_call(const Value& node);

/// The description of a layer under today's class and with today's options: Keras 1 had Merge with
/// a mode for Add and others, nb_row and nb_col for kernel_size, and dim_ordering "th".
Value todays_layer(const Value& layer);

/// The class of a layer: Keras 3's name for what tf.keras calls a TFOpLambda of a function, such as
/// x * 2; otherwise what the description says. Error for another function.
CORNU_API std::string class_of_layer(const Value& layer);

/// A Rescaling for x · 2, 1 − x, …, which Keras writes as layers; nothing for another call.
CORNU_API std::optional<Layer> rescaling_of(std::string_view type, const std::string& name,
                                            const KerasCall& call);

}  // namespace cornu::inline v0
