#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cornu/layers/layer.h"
#include "cornu/losses/loss.h"
#include "cornu/metrics/metric.h"
#include "cornu/optimizers/optimizer.h"
#include "cornu/training/evaluate.h"
#include "cornu/training/weighted_source.h"

namespace cornu::inline v0::cli {

/// Layers from "flatten, dense(64, activation=sigmoid)": calls as call_text.h reads them, or as
/// Keras's classes, "Flatten(), layers.Dense(64)". `where` names the option in errors.
std::vector<Layer> layers_from_text(std::string_view text, const std::string& where = "--net");

/// "adam" or "adam(0.01, beta_1=0.8)", read in the same way.
Optimizer optimizer_from_text(std::string_view text, const std::string& where = "--optimizer");

/// "mse" or "huber(delta=2)", read in the same way.
Loss loss_from_text(std::string_view text, const std::string& where = "--loss");
/// None, or "accuracy, precision(thresholds=0.3)", read in the same way.
std::vector<Metric> metrics_from_text(std::string_view text,
                                      const std::string& where = "--metrics");
/// "early_stopping(patience=3), csv_logger(log.csv)", read in the same way.
Callbacks callbacks_from_text(std::string_view text, const std::string& where = "--callback");
/// "0:0.5,3:2": a class and its weight. Error for one given twice and a weight below 0.
ClassWeight class_weight_from_text(std::string_view text,
                                   const std::string& where = "--class-weight");

/// The text of such a loss; options at their defaults are left out.
std::string text_of(const Loss& loss);

}  // namespace cornu::inline v0::cli
