#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cornu/core/source.h"
#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

/// What a loss computes. Derive from this to write one of your own.
class CORNU_API LossDescription {
 public:
  virtual ~LossDescription() = default;
  /// Keras's function name, "categorical_crossentropy".
  virtual std::string_view name() const = 0;
  /// Error that names the fix when targets of this kind do not go with outputs (None, …).
  virtual void check(const Field& target, const Shape& y_pred) const = 0;
  /// The slot that holds one value a row.
  virtual SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const = 0;
};

/// What is minimized: the mean of its values over the samples. Made from Keras's name or from an
/// object such as CategoricalCrossentropy().
class CORNU_API Loss {
 public:
  Loss(std::string_view name);                                     // NOLINT: converts on purpose
  Loss(const char* name) : Loss(std::string_view(name)) {}         // NOLINT
  Loss(const std::string& name) : Loss(std::string_view(name)) {}  // NOLINT
  explicit Loss(std::shared_ptr<const LossDescription> description)
      : description_(std::move(description)) {}

  const LossDescription* operator->() const { return description_.get(); }

 private:
  std::shared_ptr<const LossDescription> description_;
};

/// One line of the table of losses.
struct LossEntry {
  std::string_view name;
  Loss (*make)();
};
CORNU_API std::span<const LossEntry> loss_table();

}  // namespace cornu::inline v0
