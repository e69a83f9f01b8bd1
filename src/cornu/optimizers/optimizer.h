#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

/// How weights move along their gradients. Derive from this to write one of your own.
class CORNU_API OptimizerDescription {
 public:
  virtual ~OptimizerDescription() = default;
  /// Keras's name, "adam": its states live under it.
  virtual std::string_view name() const = 0;
  virtual Value::Map config() const = 0;
  virtual double learning_rate() const = 0;
  /// The update of one weight from its gradient. Called once a weight, in model order.
  virtual void lower(Builder& b, SlotId w, SlotId dw) const = 0;
};

/// Made from Keras's name, "adam" or "sgd", or from an object: Adam({.learning_rate = 0.01}).
class CORNU_API Optimizer {
 public:
  Optimizer(std::string_view name);                                          // NOLINT: converts
  Optimizer(const char* name) : Optimizer(std::string_view(name)) {}         // NOLINT
  Optimizer(const std::string& name) : Optimizer(std::string_view(name)) {}  // NOLINT
  explicit Optimizer(std::shared_ptr<const OptimizerDescription> description)
      : description_(std::move(description)) {}

  const OptimizerDescription* operator->() const { return description_.get(); }
  const OptimizerDescription& operator*() const { return *description_; }

 private:
  std::shared_ptr<const OptimizerDescription> description_;
};

/// One line of the table of optimizers.
struct OptimizerEntry {
  std::string_view name;
  std::vector<std::string> (*fields)();
  Optimizer (*make)(const Value::Map& config);
};
CORNU_API std::span<const OptimizerEntry> optimizer_table();

/// An optimizer from its name and options. Error with the names there are for an unknown one.
CORNU_API Optimizer make_optimizer(std::string_view name, const Value::Map& config = {});

}  // namespace cornu::inline v0
