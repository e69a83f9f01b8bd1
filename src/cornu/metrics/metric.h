#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/core/source.h"
#include "cornu/core/target_domain.h"

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
  /// What logs call it.
  virtual std::string_view name() const = 0;
  /// Its name in the table; of a metric of your own the same as name().
  virtual std::string_view kind() const { return name(); }
  virtual Value::Map config() const { return {}; }
  virtual std::string_view unit() const = 0;
  virtual bool higher_is_better() const = 0;
  /// The targets that it takes; others are refused as a batch is gathered.
  virtual TargetDomain domain() const { return TargetDomain::any; }
  /// Error when it cannot be counted on such targets and outputs.
  virtual void check(const Field& target, const Shape& y_pred) const = 0;
  virtual std::unique_ptr<MetricCounter> counter() const = 0;
};

/// Made from Keras's name or the short one ("accuracy", "acc", "mean_squared_error", "mse"), which
/// is what logs call it then, or from an object: Precision({.thresholds = 0.3}).
class CORNU_API Metric {
 public:
  Metric(std::string_view name);                                       // NOLINT: converts
  Metric(const char* name) : Metric(std::string_view(name)) {}         // NOLINT
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
  std::vector<std::string> (*fields)();
  Metric (*make)(const Value::Map& config);
};
CORNU_API std::span<const MetricEntry> metric_table();

/// The line of a metric by any of its names. Error with the names there are for an unknown one.
CORNU_API const MetricEntry& metric_entry(std::string_view name);

/// A metric from its name and options.
CORNU_API Metric make_metric(std::string_view name, const Value::Map& config = {});

}  // namespace cornu::inline v0
