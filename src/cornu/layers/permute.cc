#include "cornu/layers/permute.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

class PermuteDescription final : public LayerWith<PermuteOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Permute::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    if (x[0].ndim() == std::ssize(options.dims) + 1) return;
    throw Error(
        {.where = where,
         .field = "dims",
         .expected = "samples of " + std::to_string(options.dims.size()) + " axes, as many as dims",
         .found = x[0].str()});
  }

  Slots lower(Builder& b, Slots x, Mode) const override {
    ops::Rearrange op;
    for (size_t i = 0; i < options.dims.size(); ++i) {
      op.order.at[i] = static_cast<int32_t>(options.dims[i] - 1);
    }
    return b.emit(op, x);
  }
};

PermuteOptions checked(PermuteOptions options) {
  std::vector<int64_t> sorted = options.dims;
  std::ranges::sort(sorted);
  bool holds = !sorted.empty() && sorted.size() < static_cast<size_t>(kMaxNdim);
  for (size_t i = 0; holds && i < sorted.size(); ++i) {
    holds = sorted[i] == static_cast<int64_t>(i) + 1;
  }
  require<Permute>(holds, options, "dims", "the axes from 1 on, each once",
                   Value(to_value(options.dims)).str(), "the batch axis, 0, stays where it is");
  return options;
}

}  // namespace

Permute::Permute(PermuteOptions options)
    : Layer(std::make_shared<PermuteDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
