#include "cornu/initializers/random.h"

#include <cmath>

#include "cornu/initializers/draws.h"
#include "cornu/initializers/initializer_with.h"

namespace cornu::inline v0 {
namespace {

class Uniform final : public InitializerWith<RandomUniform> {
 public:
  explicit Uniform(RandomUniformOptions given) : InitializerWith(given) {
    const bool finite = std::isfinite(options.minval) && std::isfinite(options.maxval);
    if (finite && options.minval <= options.maxval) return;
    throw Error({.where = "RandomUniform",
                 .expected = "minval <= maxval, both finite",
                 .found = shortest(options.minval) + " and " + shortest(options.maxval)});
  }
  void fill(std::span<float> values, const Shape&, uint64_t key) const override {
    const double width = options.maxval - options.minval;
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(options.minval + width * uniform_draw(key, i));
    }
  }
};

template <class I, double (*kDraw)(uint64_t key, uint64_t index)>
class Normal final : public InitializerWith<I> {
 public:
  explicit Normal(RandomNormalOptions given) : InitializerWith<I>(given) {
    const RandomNormalOptions& o = this->options;
    if (std::isfinite(o.mean) && std::isfinite(o.stddev) && o.stddev >= 0) return;
    throw Error({.where = std::string(I::kName),
                 .expected = "a finite mean and a stddev of 0 or more",
                 .found = shortest(o.mean) + " and " + shortest(o.stddev)});
  }
  void fill(std::span<float> values, const Shape&, uint64_t key) const override {
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(this->options.mean + this->options.stddev * kDraw(key, i));
    }
  }
};

}  // namespace

RandomUniform::RandomUniform(RandomUniformOptions options)
    : Initializer(std::make_shared<Uniform>(options)) {}
RandomNormal::RandomNormal(RandomNormalOptions options)
    : Initializer(std::make_shared<Normal<RandomNormal, normal_draw>>(options)) {}
TruncatedNormal::TruncatedNormal(RandomNormalOptions options)
    : Initializer(std::make_shared<Normal<TruncatedNormal, truncated_normal_draw>>(options)) {}

}  // namespace cornu::inline v0
