#include "cornu/layers/repeat_vector.h"

#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

class RepeatVectorDescription final : public LayerWith<RepeatVectorOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return RepeatVector::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    if (x[0].ndim() == 2) return;
    throw Error({.where = where, .expected = "(None, features)", .found = x[0].str()});
  }
  Slots lower(Builder& b, Slots x, Mode) const override {
    return b.emit(ops::Repeat{.axis = 1, .extent = options.n}, x);
  }
};

RepeatVectorOptions checked(RepeatVectorOptions options) {
  require<RepeatVector>(options.n >= 1, options, "n", "n > 0", std::to_string(options.n));
  return options;
}

}  // namespace

RepeatVector::RepeatVector(RepeatVectorOptions options)
    : Layer(std::make_shared<RepeatVectorDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
