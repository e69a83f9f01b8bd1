#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/core/part_table.h"
#include "cornu/core/source.h"
#include "cornu/core/target_domain.h"
#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// A batch as a metric sees it: the stored targets with their encoding, and the outputs, one row
/// per sample.
struct Outcome {
  TensorView y_true;
  const Field* target = nullptr;
  TensorView y_pred;
  TensorView sample_weight = {};  ///< float32, one per row; none: each counts once
  /// The values of the metric's loss(), one per row or several; none: the metric computes them.
  TensorView losses = {};
};

/// Targets as the network sees them, for user-defined metrics; none if they are stored like that.
CORNU_API std::optional<Tensor> decoded_targets(const Outcome& outcome);

/// A metric counted over an epoch, on one thread. Rows come in ascending order and are added in
/// float64.
class CORNU_API MetricCounter {
 public:
  virtual ~MetricCounter() = default;
  virtual void update(const Outcome& outcome) = 0;
  virtual double result() const = 0;
  virtual void reset() = 0;
  /// What it has counted so far, for another counter of the same metric: a fit can then be resumed
  /// within an epoch. None, and by default: only between epochs.
  virtual std::optional<std::vector<double>> state() const { return {}; }
  /// Error for a state of another metric; the counter is then as it was.
  virtual void set_state(std::span<const double> state);
};

/// Error, unless a counter's state has `size` numbers.
CORNU_API void check_counter_state(std::span<const double> state, size_t size);

/// A metric as a description. Derive from this to write your own.
class CORNU_API MetricDescription {
 public:
  virtual ~MetricDescription() = default;
  /// Its name in logs.
  virtual std::string_view name() const = 0;
  /// Its name in the table; for a user-defined metric the same as name().
  virtual std::string_view kind() const { return name(); }
  virtual Value::Map config() const { return {}; }
  virtual std::string_view unit() const = 0;
  virtual bool higher_is_better() const = 0;
  /// The loss whose values it averages, if it is such a mean: in fit and evaluate the plan of the
  /// network computes them, which knows the logits behind probabilities.
  virtual std::optional<Loss> loss() const { return {}; }
  /// The targets that it takes; others are an Error when a batch is gathered.
  virtual TargetDomain domain() const { return TargetDomain::any; }
  /// Error when it cannot be counted on such targets and outputs.
  virtual void check(const Field& target, const Shape& y_pred) const = 0;
  virtual std::unique_ptr<MetricCounter> counter() const = 0;
};

/// The result of a metric function for a batch: a number for each sample, or one for all of them.
class MetricValues {
 public:
  MetricValues(double for_all) : list_{for_all}, one_for_all_(true) {}  // NOLINT
  MetricValues(std::vector<double> list) : list_(std::move(list)) {}  // NOLINT: converts on purpose
  bool one_for_all() const { return one_for_all_; }
  const std::vector<double>& list() const { return list_; }

 private:
  std::vector<double> list_;
  bool one_for_all_ = false;
};

/// A metric as a function of a batch: targets as the network sees them, and outputs. Its results
/// are averaged over the samples of an epoch, each by its weight in `weighted_metrics`. A number
/// for the whole batch counts once for each of its samples, so that a smaller last batch counts
/// less.
using MetricFunction = std::function<MetricValues(TensorView y_true, TensorView y_pred)>;

template <class F>
concept FunctionOfOutcome = std::is_invocable_v<const F&, TensorView, TensorView>;

/// Made from Keras's name or the short one ("accuracy", "acc", "mean_squared_error", "mse"), which
/// is then its name in logs; from an object: Precision({.thresholds = 0.3}); or from a function:
/// Metric("bias", [](TensorView y_true, TensorView y_pred) { return …; }). Copies share one
/// description, which never changes: threads may use them at the same time.
class CORNU_API Metric {
 public:
  Metric(std::string_view name);                                       // NOLINT: converts
  Metric(const char* name) : Metric(std::string_view(name)) {}         // NOLINT
  Metric(const std::string& name) : Metric(std::string_view(name)) {}  // NOLINT
  explicit Metric(std::shared_ptr<const MetricDescription> description)
      : description_(std::move(description)) {}
  /// A function, and the metric's name in logs. Callbacks that watch it take smaller values for
  /// better ones, unless `higher_is_better`.
  Metric(std::string name, MetricFunction function, bool higher_is_better = false);
  /// A function without a name: logs call it "function".
  template <FunctionOfOutcome F>
  Metric(F function)  // NOLINT: converts on purpose
      : Metric("function", function_of(std::move(function))) {}
  // A move is a copy: the source is unchanged.
  Metric(const Metric&) = default;
  Metric& operator=(const Metric&) = default;

  const MetricDescription* operator->() const { return description_.get(); }

 private:
  template <class F>
  static MetricFunction function_of(F function) {
    constexpr bool kFits = std::is_invocable_r_v<MetricValues, const F&, TensorView, TensorView>;
    static_assert(kFits,
                  "a metric function returns a number, or a std::vector<double> of one "
                  "per sample");
    if constexpr (kFits) return function;
    return {};
  }

  std::shared_ptr<const MetricDescription> description_;
};

using MetricEntry = PartEntry<Metric>;
template <>
CORNU_API const PartTable<Metric>& part_table<Metric>();
/// Cornu's metrics.
CORNU_API std::span<const MetricEntry> metric_table();

/// The line of a metric by any of its names. Error for an unknown name; it lists known ones.
CORNU_API const MetricEntry& metric_entry(std::string_view name);

/// A metric from its name and options.
CORNU_API Metric make_metric(std::string_view name, const Value::Map& config = {});

}  // namespace cornu::inline v0
