#include "cornu/initializers/variance_scaling.h"

#include <algorithm>
#include <cmath>

#include "cornu/initializers/draws.h"

namespace cornu::inline v0 {
namespace {

// Keras's fans: the last two axes are in and out, the ones before multiply both (a kernel's area).
struct Fans {
  double in = 1, out = 1;
};

Fans fans(const Shape& shape) {
  if (shape.ndim() == 0) return {};
  if (shape.ndim() == 1) return {static_cast<double>(shape[0]), static_cast<double>(shape[0])};
  double area = 1;
  for (int axis = 0; axis < shape.ndim() - 2; ++axis) area *= static_cast<double>(shape[axis]);
  return {area * static_cast<double>(shape[shape.ndim() - 2]),
          area * static_cast<double>(shape.back())};
}

void fill_scaled(const VarianceScalingOptions& o, std::span<float> values, const Shape& shape,
                 uint64_t key) {
  const Fans fan = fans(shape);
  // scale / n as one division, so that glorot's limit is √(6 / (in + out)) to the last bit.
  const bool is_average = o.mode == "fan_avg";
  const double count = is_average ? fan.in + fan.out : o.mode == "fan_in" ? fan.in : fan.out;
  const double scale = (is_average ? 2 : 1) * o.scale;
  const double n = std::max(1.0, count);
  if (o.distribution == "uniform") {
    const double limit = std::sqrt(3 * scale / n);
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>((2 * uniform_draw(key, i) - 1) * limit);
    }
    return;
  }
  const bool is_truncated = o.distribution == "truncated_normal";
  // The stddev of a standard normal that is cut off at ±2.
  const double stddev = std::sqrt(scale / n) / (is_truncated ? 0.87962566103423978 : 1);
  for (size_t i = 0; i < values.size(); ++i) {
    const double drawn = is_truncated ? truncated_normal_draw(key, i) : normal_draw(key, i);
    values[i] = static_cast<float>(stddev * drawn);
  }
}

class General final : public InitializerWith<VarianceScaling> {
 public:
  explicit General(VarianceScalingOptions given) : InitializerWith(todays(std::move(given))) {
    if (!(options.scale > 0)) {
      throw Error({.where = "VarianceScaling",
                   .expected = "scale above 0",
                   .found = shortest(options.scale)});
    }
    require_one_of("mode", options.mode, {"fan_in", "fan_out", "fan_avg"});
    require_one_of("distribution", options.distribution,
                   {"truncated_normal", "untruncated_normal", "uniform"});
  }
  void fill(std::span<float> values, const Shape& shape, uint64_t key) const override {
    fill_scaled(options, values, shape, key);
  }

 private:
  static VarianceScalingOptions todays(VarianceScalingOptions given) {
    if (given.distribution == "normal") given.distribution = "truncated_normal";  // as Keras does
    return given;
  }
  static void require_one_of(const char* what, const std::string& given,
                             const std::vector<std::string>& known) {
    if (std::ranges::find(known, given) != known.end()) return;
    throw unknown_name("VarianceScaling", what, given, known, what);
  }
};

/// An initializer whose name stands for a scale, a mode and a distribution.
template <class I>
class Named final : public InitializerWith<I> {
 public:
  Named(SeedOptions given, VarianceScalingOptions meant)
      : InitializerWith<I>(given), meant_(std::move(meant)) {}
  void fill(std::span<float> values, const Shape& shape, uint64_t key) const override {
    fill_scaled(meant_, values, shape, key);
  }

 private:
  VarianceScalingOptions meant_;
};

template <class I>
std::shared_ptr<const InitializerDescription> named(SeedOptions options, double scale,
                                                    const char* mode, const char* distribution) {
  return std::make_shared<Named<I>>(
      options, VarianceScalingOptions{.scale = scale, .mode = mode, .distribution = distribution});
}

}  // namespace

VarianceScaling::VarianceScaling(VarianceScalingOptions options)
    : Initializer(std::make_shared<General>(std::move(options))) {}
GlorotUniform::GlorotUniform(SeedOptions options)
    : Initializer(named<GlorotUniform>(options, 1, "fan_avg", "uniform")) {}
GlorotNormal::GlorotNormal(SeedOptions options)
    : Initializer(named<GlorotNormal>(options, 1, "fan_avg", "truncated_normal")) {}
HeUniform::HeUniform(SeedOptions options)
    : Initializer(named<HeUniform>(options, 2, "fan_in", "uniform")) {}
HeNormal::HeNormal(SeedOptions options)
    : Initializer(named<HeNormal>(options, 2, "fan_in", "truncated_normal")) {}
LecunUniform::LecunUniform(SeedOptions options)
    : Initializer(named<LecunUniform>(options, 1, "fan_in", "uniform")) {}
LecunNormal::LecunNormal(SeedOptions options)
    : Initializer(named<LecunNormal>(options, 1, "fan_in", "truncated_normal")) {}

}  // namespace cornu::inline v0
