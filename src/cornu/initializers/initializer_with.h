#pragma once

#include "cornu/initializers/initializer.h"

namespace cornu::inline v0 {

/// The options half of an initializer's description.
template <class I>
class InitializerWith : public InitializerDescription {
 public:
  using Options = typename I::Options;
  explicit InitializerWith(Options given) : options(std::move(given)) {}
  std::string_view name() const override { return I::kName; }
  Value::Map config() const override { return fields_to_map(options); }
  int64_t seed() const override {
    if constexpr (requires { options.seed; }) return options.seed;
    return -1;
  }

 protected:
  Options options;
};

/// Options of an initializer that draws and has no other.
struct SeedOptions {
  int64_t seed = -1;  ///< key of the numbers, ≥ 0; -1: the model's seed and the weight's name

  static void visit_fields(auto& self, auto& v) { v("seed", self.seed); }
};

}  // namespace cornu::inline v0
