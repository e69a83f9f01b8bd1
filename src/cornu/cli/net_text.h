#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/layers/layer.h"
#include "cornu/losses/loss.h"
#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0::cli {

/// Text in Keras's words that cannot be carried out, and the column where that shows.
class NetTextError final : public Error {
 public:
  /// `at` is the byte of `text` that is wrong; `where` names the option, "--net".
  NetTextError(std::string_view text, size_t at, const std::string& where, ErrorParts parts);

  /// The line of text with a caret under the column, for a terminal: two lines, none
  /// for an empty text.
  const std::string& caret() const { return caret_; }

 private:
  std::string caret_;
};

/// Layers from "flatten, dense(64, activation=sigmoid)": name(args), names as Keras's classes in
/// snake_case, at most two arguments by position and the others key=value, tuples (2, 2), strings
/// without quotes, case-sensitive. `where` names the option in errors.
std::vector<Layer> layers_from_text(std::string_view text, const std::string& where = "--net");

/// "adam" or "adam(0.01, beta_1=0.8)", read in the same way.
Optimizer optimizer_from_text(std::string_view text, const std::string& where = "--optimizer");

/// "mse" or "huber(delta=2)", read in the same way.
Loss loss_from_text(std::string_view text, const std::string& where = "--loss");
/// The text of such a loss; options at their defaults are left out.
std::string text_of(const Loss& loss);

}  // namespace cornu::inline v0::cli
