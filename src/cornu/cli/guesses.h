#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/core/tensor.h"
#include "cornu/core/value.h"
#include "cornu/models/model.h"

namespace cornu::inline v0::cli {

/// A class of a sample, with its probability or score.
struct Guess {
  int64_t index;
  double value;
};

/// What a model makes of samples: the likeliest classes of each, in order.
struct Guesses {
  std::vector<std::vector<Guess>> samples;
  bool are_probabilities = true;  ///< else scores: the last layer's outputs
  std::vector<std::string> names;

  const std::string& name(const Guess& guess) const {
    return names[static_cast<size_t>(guess.index)];
  }
  /// 0.97 -> "97 %"; a score as it is.
  std::string value_text(const Guess& guess) const;
  /// {"class": …, "label": …, "probability": …, "top": […]} of a sample, behind `begin`.
  Value::Map document(size_t sample, Value::Map begin) const;
};

/// The numbers that a model gives each class of samples, (n, classes).
struct ClassValues {
  Tensor values;
  bool are_probabilities = true;  ///< else scores: the last layer's outputs
  std::vector<std::string> names;

  /// {"prediction": the likeliest class, "probabilities": {class: …}} of a sample, behind `begin`.
  Value::Map document(int64_t sample, Value::Map begin) const;
};

ClassValues class_values(const Model& model, const Tensor& outputs, std::vector<std::string> names);

/// The `top` likeliest classes by the model's outputs (n, classes).
Guesses guesses_of(const Model& model, const Tensor& outputs, int64_t top,
                   std::vector<std::string> names);

}  // namespace cornu::inline v0::cli
