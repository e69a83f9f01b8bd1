#include "cornu/layers/merge.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

using ops::Combination;

class MergeDescription final : public LayerWith<MergeOptions> {
 public:
  MergeDescription(std::string_view type, Combination how, MergeOptions given)
      : LayerWith(std::move(given)), type_(type), how_(how) {}
  std::string_view type() const override { return type_; }

  bool takes(size_t) const override { return true; }
  void check_inputs(const Shapes& x, const std::string& where) const override {
    const bool is_pair = how_ == Combination::subtract;
    if (x.size() == 2 || (x.size() > 2 && !is_pair)) return;
    throw Error({.where = where,
                 .expected = is_pair ? "two inputs" : "two inputs or more",
                 .found = std::to_string(x.size()),
                 .hint = "call it on a list: " + std::string(type_) + "()({a, b})"});
  }

  Slots lower(Builder& b, Slots x, Mode) const override {
    SlotId y = x[0];
    for (size_t i = 1; i < x.size(); ++i) y = b.emit_one(ops::Combine{how_}, {y, x[i]});
    if (type_ == Average::kType) {
      y = b.emit_one(ops::Affine{.scale = 1 / static_cast<double>(x.size())}, {y});
    }
    return {y};
  }

 private:
  std::string_view type_;
  Combination how_;
};

std::shared_ptr<const LayerDescription> merge(std::string_view type, Combination how,
                                              MergeOptions options) {
  return std::make_shared<MergeDescription>(type, how, std::move(options));
}

}  // namespace

Add::Add(MergeOptions options) : Layer(merge(kType, Combination::add, std::move(options))) {}

Subtract::Subtract(MergeOptions options)
    : Layer(merge(kType, Combination::subtract, std::move(options))) {}

Multiply::Multiply(MergeOptions options)
    : Layer(merge(kType, Combination::multiply, std::move(options))) {}

Average::Average(MergeOptions options)
    : Layer(merge(kType, Combination::add, std::move(options))) {}

Maximum::Maximum(MergeOptions options)
    : Layer(merge(kType, Combination::maximum, std::move(options))) {}

Minimum::Minimum(MergeOptions options)
    : Layer(merge(kType, Combination::minimum, std::move(options))) {}

}  // namespace cornu::inline v0
