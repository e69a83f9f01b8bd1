#include "cornu/initializers/initializer.h"

#include <utility>

#include "cornu/core/names.h"
#include "cornu/core/user_parts.h"
#include "cornu/initializers/constant.h"
#include "cornu/initializers/orthogonal.h"
#include "cornu/initializers/random.h"
#include "cornu/initializers/variance_scaling.h"

namespace cornu::inline v0 {
namespace {

template <class I>
constexpr InitializerEntry initializer_entry_of() {
  return {I::kName, field_names<typename I::Options>, [](const Value::Map& config) -> Initializer {
            typename I::Options options;
            fields_from_map(config, options, std::string(I::kName));
            return I(std::move(options));
          }};
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

constexpr std::pair<std::string_view, std::string_view> kOtherNamesOfInitializers[] = {
    {"uniform", "random_uniform"},
    {"normal", "random_normal"},
    {"one", "ones"},
    {"zero", "zeros"},
    {"eye", "identity"},
    {"IdentityInitializer", "identity"},
    {"OrthogonalInitializer", "orthogonal"},
};

constexpr AbsentName kAbsentInitializers[] = {{"stft", "constant"}};

}  // namespace

std::span<const InitializerEntry> initializer_table() {
  return kInitializers;
}

Initializer make_initializer(std::string_view given, const Value::Map& config) {
  std::string_view wanted = given;
  for (const auto& [other, ours] : kOtherNamesOfInitializers) {
    if (same_name(given, other)) wanted = ours;
  }
  std::vector<std::string> names;
  for (const InitializerEntry& each : kInitializers) {
    if (same_name(each.name, wanted)) return each.make(config);
    names.emplace_back(each.name);
  }
  refuse_absent("initializer", given, kAbsentInitializers);
  throw unknown_name("initializer", "initializer", given, names);
}

Initializer::Initializer(std::string_view name) : Initializer(make_initializer(name)) {}

Tensor Initializer::make(Shape shape, uint64_t key) const {
  Tensor weight(shape);
  const int64_t seed = description_->seed();
  description_->fill(weight.span<float>(), shape, seed < 0 ? key : static_cast<uint64_t>(seed));
  return weight;
}

Value to_value(const Initializer& x) {
  for (const InitializerEntry& each : kInitializers) {
    if (each.name == x.name() && each.make({}) == x) return x.name();
  }
  return to_value(NamedConfig{std::string(x.name()), x->config()});
}

void from_value(const Value& value, Initializer& x) {
  NamedConfig part;
  from_value(value, part);
  const auto* own = find_user_part<Initializer>("initializer", part.name);
  x = own == nullptr ? make_initializer(part.name, part.config) : (*own)(part.config);
}

}  // namespace cornu::inline v0
