#include "cornu/losses/loss.h"

#include <utility>

#include "cornu/core/names.h"
#include "cornu/losses/binary_crossentropy.h"
#include "cornu/losses/categorical_crossentropy.h"
#include "cornu/losses/categorical_hinge.h"
#include "cornu/losses/cosine_similarity.h"
#include "cornu/losses/crossentropy.h"
#include "cornu/losses/hinge.h"
#include "cornu/losses/huber.h"
#include "cornu/losses/kl_divergence.h"
#include "cornu/losses/log_cosh.h"
#include "cornu/losses/mean_absolute_error.h"
#include "cornu/losses/mean_absolute_percentage_error.h"
#include "cornu/losses/mean_squared_error.h"
#include "cornu/losses/mean_squared_logarithmic_error.h"
#include "cornu/losses/poisson.h"
#include "cornu/losses/sparse_categorical_crossentropy.h"
#include "cornu/losses/squared_hinge.h"

namespace cornu::inline v0 {
namespace {

template <class L>
constexpr LossEntry loss_entry_of() {
  return {L::kName, field_names<typename L::Options>, [](const Value::Map& config) -> Loss {
            typename L::Options options;
            fields_from_map(config, options, "loss " + std::string(L::kName));
            return L(options);
          }};
}

constexpr LossEntry kLosses[] = {
    loss_entry_of<CategoricalCrossentropy>(),
    loss_entry_of<SparseCategoricalCrossentropy>(),
    loss_entry_of<BinaryCrossentropy>(),
    loss_entry_of<Crossentropy>(),
    loss_entry_of<MeanSquaredError>(),
    loss_entry_of<MeanAbsoluteError>(),
    loss_entry_of<MeanAbsolutePercentageError>(),
    loss_entry_of<MeanSquaredLogarithmicError>(),
    loss_entry_of<Huber>(),
    loss_entry_of<LogCosh>(),
    loss_entry_of<Hinge>(),
    loss_entry_of<SquaredHinge>(),
    loss_entry_of<CategoricalHinge>(),
    loss_entry_of<KLDivergence>(),
    loss_entry_of<Poisson>(),
    loss_entry_of<CosineSimilarity>(),
};

/// Other names that Keras has for some of them.
constexpr OtherName kOtherNamesOfLosses[] = {
    {"bce", "binary_crossentropy"},
    {"ce", "crossentropy"},
    {"kld", "kl_divergence"},
    {"mae", "mean_absolute_error"},
    {"mape", "mean_absolute_percentage_error"},
    {"mse", "mean_squared_error"},
    {"msle", "mean_squared_logarithmic_error"},
};

/// In files of Keras 1 and 2, and gone since.
constexpr std::pair<std::string_view, std::string_view> kOldNamesOfLosses[] = {
    {"kullback_leibler_divergence", "kl_divergence"},
};

constexpr AbsentName kAbsentLosses[] = {
    {"binary_focal_crossentropy", "binary_crossentropy"},
    {"categorical_focal_crossentropy", "categorical_crossentropy"},
    {"categorical_generalized_cross_entropy", "categorical_crossentropy"},
    {"circle", "cosine_similarity"},
    {"ctc", "sparse_categorical_crossentropy"},
    {"dice", "binary_crossentropy"},
    {"tversky", "binary_crossentropy"},
};

}  // namespace

std::span<const LossEntry> loss_table() {
  return kLosses;
}

std::string_view todays_loss_name(std::string_view name) {
  for (const auto& [old, ours] : kOldNamesOfLosses) {
    if (same_name(name, old)) return ours;
  }
  return name;
}

template <>
const PartTable<Loss>& part_table<Loss>() {
  static constexpr PartTable<Loss> table({.kind = "loss",
                                          .where = "loss",
                                          .others = kOtherNamesOfLosses,
                                          .absent = kAbsentLosses,
                                          .lists_others = true},
                                         kLosses);
  return table;
}

const LossEntry& loss_entry(std::string_view name) {
  return part_table<Loss>().entry(name);
}

Loss make_loss(std::string_view name, const Value::Map& config) {
  return loss_entry(name).make(config);
}

std::optional<std::string_view> LossDescription::stands_for(const Shape& /*y_true*/,
                                                            const Shape& /*y_pred*/) const {
  return std::nullopt;
}

Loss::Loss(std::string_view name) : Loss(make_loss(name)) {}

Loss Loss::chosen(const Shape& y_true, const Shape& y_pred) const {
  const auto other = description_->stands_for(y_true, y_pred);
  return other ? Loss(*other) : *this;
}

}  // namespace cornu::inline v0
