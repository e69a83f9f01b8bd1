#include "cornu/cli/guesses.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cornu/cli/output_values.h"
#include "cornu/core/array.h"

namespace cornu::inline v0::cli {
namespace {

Value::Map document_of(const Guesses& guesses, const Guess& guess) {
  return {{"class", guess.index},
          {"label", guesses.name(guess)},
          {guesses.are_probabilities ? "probability" : "score", guess.value}};
}

}  // namespace

std::string Guesses::value_text(const Guess& guess) const {
  return are_probabilities ? fmt::format("{:.0f} %", 100 * guess.value)
                           : fmt::format("{:.4g}", guess.value);
}

Value::Map Guesses::document(size_t sample, Value::Map begin) const {
  for (auto& [key, value] : document_of(*this, samples[sample][0])) begin.emplace_back(key, value);
  Value::List top;
  for (const Guess& guess : samples[sample]) top.emplace_back(document_of(*this, guess));
  begin.emplace_back("top", std::move(top));
  return begin;
}

Guesses guesses_of(const Model& model, const Tensor& outputs, int64_t top,
                   std::vector<std::string> names) {
  const std::optional<Tensor> probabilities = class_probabilities(model, outputs);
  Guesses guesses{
      .samples = {}, .are_probabilities = probabilities.has_value(), .names = std::move(names)};
  const Tensor& values = probabilities ? *probabilities : outputs;
  const int64_t kept = std::min(top, values.shape()[1]);
  const TopK best = top_k(values, kept);
  for (int64_t row = 0; row < values.shape()[0]; ++row) {
    std::vector<Guess>& sample = guesses.samples.emplace_back();
    for (int64_t i = row * kept; i < (row + 1) * kept; ++i) {
      sample.push_back({static_cast<int64_t>(best.indices.at(i)), best.values.at(i)});
    }
  }
  return guesses;
}

}  // namespace cornu::inline v0::cli
