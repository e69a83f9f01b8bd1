#pragma once

#include <cstdint>
#include <string>

#include "cornu/metrics/metric_with.h"

namespace cornu::inline v0::metrics {

struct BinaryCrossentropyOptions {
  bool from_logits = false;    ///< whether outputs are logits, before a sigmoid
  double label_smoothing = 0;  ///< moves targets toward 1/2 by this share, 0 to 1
  std::string name = {};       ///< name in logs; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("from_logits", self.from_logits);
    v("label_smoothing", self.label_smoothing);
    v("name", self.name);
  }
};

/// The mean over the samples of the cross-entropy of yes or no: −y_true·log y_pred − (1 −
/// y_true)·log(1 − y_pred) of each output. In fit and evaluate it is computed from the input of a
/// sigmoid that ends the network, as the loss of this name. Shapes: (None, …) both; (None,) targets
/// go with (None, 1). Error for other shapes, targets outside [0, 1], and a label_smoothing outside
/// [0, 1]. Its other names: "bce", "BCE".
class CORNU_API BinaryCrossentropy final : public Metric {
 public:
  static constexpr std::string_view kName = "binary_crossentropy";
  using Options = BinaryCrossentropyOptions;
  explicit BinaryCrossentropy(BinaryCrossentropyOptions options = {});
};

struct CategoricalCrossentropyOptions {
  bool from_logits = false;    ///< whether outputs are logits, before a softmax
  double label_smoothing = 0;  ///< moves targets toward 1/classes by this share, 0 to 1
  int64_t axis = -1;           ///< axis of the classes, which must be the last
  std::string name = {};       ///< name in logs; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("from_logits", self.from_logits);
    v("label_smoothing", self.label_smoothing);
    v("axis", self.axis);
    v("name", self.name);
  }
};

/// The mean over the samples of the cross-entropy of one-hot targets, −Σ_j y_true·log(y_pred) along
/// the last axis. In fit and evaluate it is computed from the input of a softmax that ends the
/// network, as the loss of this name. Shapes: (None, …, classes) both, of 2 classes or more. Error
/// for other shapes, another axis, and a label_smoothing outside [0, 1].
class CORNU_API CategoricalCrossentropy final : public Metric {
 public:
  static constexpr std::string_view kName = "categorical_crossentropy";
  using Options = CategoricalCrossentropyOptions;
  explicit CategoricalCrossentropy(CategoricalCrossentropyOptions options = {});
};

struct SparseCategoricalCrossentropyOptions {
  bool from_logits = false;  ///< whether outputs are logits, before a softmax
  int64_t axis = -1;         ///< axis of the classes, which must be the last
  std::string name = {};     ///< name in logs; empty: the name of the metric

  static void visit_fields(auto& self, auto& v) {
    v("from_logits", self.from_logits);
    v("axis", self.axis);
    v("name", self.name);
  }
};

/// The mean over the samples of the cross-entropy of labels, −log(y_pred[y_true]) along the last
/// axis. In fit and evaluate it is computed from the input of a softmax that ends the network, as
/// the loss of this name. Shapes: y_pred (None, …, classes), of 2 classes or more, y_true of any
/// type, (None, …) or (None, …, 1). Error for other shapes, another axis, and a label that is no
/// class.
class CORNU_API SparseCategoricalCrossentropy final : public Metric {
 public:
  static constexpr std::string_view kName = "sparse_categorical_crossentropy";
  using Options = SparseCategoricalCrossentropyOptions;
  explicit SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options = {});
};

/// The mean over the samples of how far outputs are from a distribution, Σ_j y_true·log(y_true /
/// y_pred) along the last axis, both clipped to [1e-7, 1]. Shapes: (None, …, classes) both. Error
/// for other shapes and targets outside [0, 1]. Its other names: "kld", "KLD".
class CORNU_API KLDivergence final : public Metric {
 public:
  static constexpr std::string_view kName = "kl_divergence";
  using Options = MetricOptions;
  explicit KLDivergence(MetricOptions options = {});
};

/// The mean over outputs and samples of the negative log-likelihood of counts, except for a term of
/// y_true alone: y_pred − y_true·log(y_pred + 1e-7). Outputs are rates, at least 0. Shapes: (None,
/// …) both; (None,) targets go with (None, 1). Error for other shapes and targets below 0.
class CORNU_API Poisson final : public Metric {
 public:
  static constexpr std::string_view kName = "poisson";
  using Options = MetricOptions;
  explicit Poisson(MetricOptions options = {});
};

}  // namespace cornu::inline v0::metrics
