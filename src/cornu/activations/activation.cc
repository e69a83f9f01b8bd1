#include "cornu/activations/activation.h"

#include <vector>

namespace cornu::inline v0 {
namespace {

template <kernels::Function function>
SlotId pointwise(Builder& b, SlotId x) {
  return b.emit_one(ops::Pointwise{function}, {x});
}

constexpr ActivationEntry kTable[] = {
    {"linear", [](Builder&, SlotId x) { return x; }},
    {"sigmoid", pointwise<kernels::Function::sigmoid>},
    {"relu", pointwise<kernels::Function::relu>},
    {"tanh", pointwise<kernels::Function::tanh>},
    {"softmax", [](Builder& b, SlotId x) { return b.emit_one(ops::Softmax{}, {x}); }},
};

}  // namespace

std::span<const ActivationEntry> activation_table() {
  return kTable;
}

Activation::Activation(std::string_view name) {
  std::vector<std::string> names;
  for (size_t i = 0; i < std::size(kTable); ++i) {
    if (kTable[i].name == name) {
      index_ = i;
      return;
    }
    names.emplace_back(kTable[i].name);
  }
  throw unknown_name("activation", "activation", name, names);
}

std::string_view Activation::name() const {
  return kTable[index_].name;
}

SlotId Activation::lower(Builder& b, SlotId x) const {
  return kTable[index_].lower(b, x);
}

}  // namespace cornu::inline v0
