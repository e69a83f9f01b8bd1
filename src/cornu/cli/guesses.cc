#include "cornu/cli/guesses.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
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

Value::Map ClassValues::document(int64_t sample, Value::Map begin) const {
  const std::span<const float> row = values.view().row(sample).span<float>();
  const auto largest = static_cast<size_t>(std::ranges::max_element(row) - row.begin());
  begin.emplace_back("prediction", names[largest]);
  Value::Map classes;
  for (size_t i = 0; i < row.size(); ++i) classes.emplace_back(names[i], double{row[i]});
  begin.emplace_back(are_probabilities ? "probabilities" : "scores", std::move(classes));
  return begin;
}

ClassValues class_values(const Model& model, const Tensor& outputs,
                         std::vector<std::string> names) {
  std::optional<Tensor> probabilities = class_probabilities(model, outputs);
  const bool are_probabilities = probabilities.has_value();
  return {.values = are_probabilities ? std::move(*probabilities) : Tensor(outputs.view()),
          .are_probabilities = are_probabilities,
          .names = std::move(names)};
}

Guesses guesses_of(const Model& model, const Tensor& outputs, int64_t top,
                   std::vector<std::string> names) {
  ClassValues all = class_values(model, outputs, std::move(names));
  Guesses guesses{
      .samples = {}, .are_probabilities = all.are_probabilities, .names = std::move(all.names)};
  const int64_t kept = std::min(top, all.values.shape()[1]);
  const TopK best = top_k(all.values, kept);
  for (int64_t row = 0; row < all.values.shape()[0]; ++row) {
    std::vector<Guess>& sample = guesses.samples.emplace_back();
    for (int64_t i = row * kept; i < (row + 1) * kept; ++i) {
      sample.push_back({static_cast<int64_t>(best.indices.at(i)), best.values.at(i)});
    }
  }
  return guesses;
}

}  // namespace cornu::inline v0::cli
