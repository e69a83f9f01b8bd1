#include "cornu/initializers/initializer.h"

#include <utility>

#include "cornu/initializers/constant.h"
#include "cornu/initializers/orthogonal.h"
#include "cornu/initializers/random.h"
#include "cornu/initializers/variance_scaling.h"

namespace cornu::inline v0 {
namespace {

template <class I>
constexpr InitializerEntry initializer_entry_of() {
  return part_entry_of<Initializer, I>(I::kName);
}

constexpr InitializerEntry kInitializers[] = {
    initializer_entry_of<GlorotUniform>(),
    initializer_entry_of<Zeros>(),
    initializer_entry_of<Ones>(),
    initializer_entry_of<Constant>(),
    initializer_entry_of<RandomUniform>(),
    initializer_entry_of<RandomNormal>(),
    initializer_entry_of<TruncatedNormal>(),
    initializer_entry_of<GlorotNormal>(),
    initializer_entry_of<HeUniform>(),
    initializer_entry_of<HeNormal>(),
    initializer_entry_of<LecunUniform>(),
    initializer_entry_of<LecunNormal>(),
    initializer_entry_of<VarianceScaling>(),
    initializer_entry_of<Orthogonal>(),
    initializer_entry_of<Identity>(),
};

constexpr OtherName kOtherNamesOfInitializers[] = {
    {"uniform", "random_uniform"},
    {"normal", "random_normal"},
    {"one", "ones"},
    {"zero", "zeros"},
    {"eye", "identity"},
    {"IdentityInitializer", "identity"},
    {"OrthogonalInitializer", "orthogonal"},
};

constexpr AbsentName kAbsentInitializers[] = {{"stft", "constant"},
                                              {"STFTInitializer", "constant"}};

}  // namespace

std::span<const InitializerEntry> initializer_table() {
  return kInitializers;
}

template <>
const PartTable<Initializer>& part_table<Initializer>() {
  static constexpr PartTable<Initializer> table({.kind = "initializer",
                                                 .where = "initializer",
                                                 .others = kOtherNamesOfInitializers,
                                                 .absent = kAbsentInitializers},
                                                kInitializers);
  return table;
}

Initializer make_initializer(std::string_view name, const Value::Map& config) {
  return part_table<Initializer>().make(name, config);
}

Initializer::Initializer(std::string_view name) : Initializer(make_initializer(name)) {}

Tensor Initializer::make(Shape shape, uint64_t key) const {
  Tensor weight(shape);
  const int64_t seed = description_->seed();
  description_->fill(weight.span<float>(), shape, seed < 0 ? key : static_cast<uint64_t>(seed));
  return weight;
}

Value to_value(const Initializer& x) {
  if (part_table<Initializer>().has_defaults(x.name(), x->config())) return x.name();
  return to_value(NamedConfig{std::string(x.name()), x->config()});
}

void from_value(const Value& value, Initializer& x) {
  NamedConfig part;
  from_value(value, part);
  x = part_from_config<Initializer>(part);
}

}  // namespace cornu::inline v0
