#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/core/source.h"
#include "cornu/core/target_domain.h"
#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

/// What a loss computes. Derive from this to write one of your own.
class CORNU_API LossDescription {
 public:
  virtual ~LossDescription() = default;
  /// Keras's function name, "categorical_crossentropy".
  virtual std::string_view name() const = 0;
  virtual Value::Map config() const { return {}; }
  /// The targets that it takes; others are refused as a batch is gathered.
  virtual TargetDomain domain() const { return TargetDomain::any; }
  /// Error that names the fix when targets of this kind do not go with outputs (None, …).
  virtual void check(const Field& target, const Shape& y_pred) const = 0;
  /// The slot that holds one value a row, or for outputs of more axes one a line along the last.
  virtual SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const = 0;
};

/// What is minimized: the mean of its values over the samples. Made from Keras's name, its
/// class's or the short one ("mean_squared_error", "MeanSquaredError", "mse"), or from an object
/// such as Huber({.delta = 2}).
class CORNU_API Loss {
 public:
  Loss(std::string_view name);                                     // NOLINT: converts on purpose
  Loss(const char* name) : Loss(std::string_view(name)) {}         // NOLINT
  Loss(const std::string& name) : Loss(std::string_view(name)) {}  // NOLINT
  explicit Loss(std::shared_ptr<const LossDescription> description)
      : description_(std::move(description)) {}

  const LossDescription* operator->() const { return description_.get(); }
  const LossDescription& operator*() const { return *description_; }

 private:
  std::shared_ptr<const LossDescription> description_;
};

/// What an output of a network is trained by: a loss that weighs so much in the sum that is
/// minimized, or nothing.
struct OutputLoss {
  std::optional<Loss> loss = {};
  double weight = 1;

  OutputLoss() = default;
  OutputLoss(Loss given, double weighs = 1)  // NOLINT: converts on purpose
      : loss(std::move(given)), weight(weighs) {}
};

/// What a loss without options takes.
struct NoLossOptions {
  static void visit_fields(auto&, auto&) {}
};

/// One line of the table of losses.
struct LossEntry {
  std::string_view name;
  std::vector<std::string> (*fields)();
  Loss (*make)(const Value::Map& config);
};
CORNU_API std::span<const LossEntry> loss_table();

/// The line of a loss by any of its names. Error with the names there are for an unknown one.
CORNU_API const LossEntry& loss_entry(std::string_view name);

/// A loss from its name and options.
CORNU_API Loss make_loss(std::string_view name, const Value::Map& config = {});

}  // namespace cornu::inline v0
