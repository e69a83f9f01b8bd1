#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cornu/core/source.h"

namespace cornu::inline v0 {

/// What a metric sees of a batch: the stored targets with their encoding, and the outputs, row
/// for row.
struct Outcome {
  TensorView y_true;
  const Field* target = nullptr;
  TensorView y_pred;
  TensorView sample_weight = {};  ///< float32, one a row; none: each counts once
};

/// A metric counted over an epoch. Rows come in ascending order and are added in float64.
class CORNU_API MetricCounter {
 public:
  virtual ~MetricCounter() = default;
  virtual void update(const Outcome& outcome) = 0;
  virtual double result() const = 0;
  virtual void reset() = 0;
};

/// What a metric is. Derive from this to write one of your own.
class CORNU_API MetricDescription {
 public:
  virtual ~MetricDescription() = default;
  virtual std::string_view name() const = 0;
  virtual std::string_view unit() const = 0;
  virtual bool higher_is_better() const = 0;
  /// Error when it cannot be counted on such targets and outputs.
  virtual void check(const Field& target, const Shape& y_pred) const = 0;
  virtual std::unique_ptr<MetricCounter> counter() const = 0;
};

/// Made from Keras's name, "accuracy" (or "acc"), or from an object.
class CORNU_API Metric {
 public:
  Metric(std::string_view name);                                // NOLINT: converts on purpose
  Metric(const char* name) : Metric(std::string_view(name)) {}  // NOLINT
  Metric(const std::string& name) : Metric(std::string_view(name)) {}  // NOLINT
  explicit Metric(std::shared_ptr<const MetricDescription> description)
      : description_(std::move(description)) {}

  const MetricDescription* operator->() const { return description_.get(); }

 private:
  std::shared_ptr<const MetricDescription> description_;
};

/// One line of the table of metrics.
struct MetricEntry {
  std::string_view name;
  Metric (*make)();
};
CORNU_API std::span<const MetricEntry> metric_table();

}  // namespace cornu::inline v0
