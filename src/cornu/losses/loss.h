#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/core/part_table.h"
#include "cornu/core/source.h"
#include "cornu/core/target_domain.h"
#include "cornu/ops/builder.h"
#include "cornu/ops/expression.h"

namespace cornu::inline v0 {

/// The computation of a loss. Derive from this to write your own.
class CORNU_API LossDescription {
 public:
  virtual ~LossDescription() = default;
  /// Keras's function name, "categorical_crossentropy".
  virtual std::string_view name() const = 0;
  virtual Value::Map config() const { return {}; }
  /// Of a loss that chooses another by the shapes of targets and outputs, (None, …): that one's
  /// name.
  virtual std::optional<std::string_view> stands_for(const Shape& y_true,
                                                     const Shape& y_pred) const;
  /// The targets that it takes; others are an Error when a batch is gathered.
  virtual TargetDomain domain() const { return TargetDomain::any; }
  /// Error, with a hint at the fix, when targets of this kind do not go with outputs (None, …).
  virtual void check(const Field& target, const Shape& y_pred) const = 0;
  /// The slot that holds the losses: one value per row, or several, whose mean is minimized.
  virtual SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const = 0;
};

/// A loss as a function of targets and outputs of one shape, whose mean over samples and elements
/// is minimized: [](Expression y_true, Expression y_pred) { return square(y_pred - y_true); }.
using LossFormula = std::function<Expression(Expression y_true, Expression y_pred)>;

template <class F>
concept FunctionOfTargets = std::is_invocable_v<const F&, Expression, Expression>;

/// A loss; the mean of its values over the samples is minimized. Made from Keras's function, class
/// or short name ("mean_squared_error", "MeanSquaredError", "mse"), from an object such as
/// Huber({.delta = 2}), or from a function as shown at LossFormula. Copies share one description,
/// which never changes: threads may use them at the same time.
class CORNU_API Loss {
 public:
  Loss(std::string_view name);                                     // NOLINT: converts on purpose
  Loss(const char* name) : Loss(std::string_view(name)) {}         // NOLINT
  Loss(const std::string& name) : Loss(std::string_view(name)) {}  // NOLINT
  explicit Loss(std::shared_ptr<const LossDescription> description)
      : description_(std::move(description)) {}
  /// A function, and the name of the loss.
  Loss(std::string name, LossFormula function);
  template <FunctionOfTargets F>
  Loss(F function)  // NOLINT: converts on purpose
      : Loss("function", formula_of(std::move(function))) {}
  // A move is a copy: the source is unchanged.
  Loss(const Loss&) = default;
  Loss& operator=(const Loss&) = default;

  /// The loss that is computed for targets and outputs of these shapes: itself, or what it
  /// stands_for().
  Loss chosen(const Shape& y_true, const Shape& y_pred) const;

  const LossDescription* operator->() const { return description_.get(); }
  const LossDescription& operator*() const { return *description_; }

 private:
  template <class F>
  static LossFormula formula_of(F function) {
    constexpr bool kFits = std::is_invocable_r_v<Expression, const F&, Expression, Expression>;
    static_assert(kFits, "a loss function returns an Expression, made of y_true and y_pred");
    if constexpr (kFits) return function;
    return {};
  }

  std::shared_ptr<const LossDescription> description_;
};

/// The loss of one output of a network, or none, and its weight in the sum that is minimized.
struct OutputLoss {
  std::optional<Loss> loss = {};
  double weight = 1;

  OutputLoss() = default;
  OutputLoss(Loss given, double weighs = 1)  // NOLINT: converts on purpose
      : loss(std::move(given)), weight(weighs) {}
};

/// The options of a loss that has none.
struct NoLossOptions {
  static void visit_fields(auto&, auto&) {}
};

using LossEntry = PartEntry<Loss>;
template <>
CORNU_API const PartTable<Loss>& part_table<Loss>();
/// Cornu's losses.
CORNU_API std::span<const LossEntry> loss_table();

/// The name that a loss has today, for one of Keras 1 and 2; else the given one.
CORNU_API std::string_view todays_loss_name(std::string_view name);

/// The line of a loss by any of its names. Error for an unknown name; it lists known ones.
CORNU_API const LossEntry& loss_entry(std::string_view name);

/// A loss from its name and options.
CORNU_API Loss make_loss(std::string_view name, const Value::Map& config = {});

}  // namespace cornu::inline v0
