#include "cornu/metrics/probabilistic.h"

#include <memory>
#include <utility>

#include "cornu/losses/binary_crossentropy.h"
#include "cornu/losses/categorical_crossentropy.h"
#include "cornu/losses/kl_divergence.h"
#include "cornu/losses/poisson.h"
#include "cornu/losses/sparse_categorical_crossentropy.h"
#include "cornu/metrics/mean_of_loss.h"

namespace cornu::inline v0::metrics {
namespace {

constexpr std::string_view kNats = "nats";

MeanOfLoss mean_of(const BinaryCrossentropyOptions& o) {
  return {
      v0::BinaryCrossentropy({.from_logits = o.from_logits, .label_smoothing = o.label_smoothing}),
      kNats};
}

MeanOfLoss mean_of(const CategoricalCrossentropyOptions& o) {
  return {.loss = v0::CategoricalCrossentropy(
              {.from_logits = o.from_logits, .label_smoothing = o.label_smoothing}),
          .unit = kNats,
          .axis = o.axis,
          .classes = true};
}

MeanOfLoss mean_of(const SparseCategoricalCrossentropyOptions& o) {
  return {.loss = v0::SparseCategoricalCrossentropy({.from_logits = o.from_logits}),
          .unit = kNats,
          .axis = o.axis,
          .classes = true};
}

template <class M>
std::shared_ptr<const MetricDescription> described(typename M::Options options, MeanOfLoss mean) {
  return std::make_shared<MeanOfLossDescription<M>>(std::move(options), std::move(mean));
}

}  // namespace

BinaryCrossentropy::BinaryCrossentropy(BinaryCrossentropyOptions options)
    : Metric(described<BinaryCrossentropy>(options, mean_of(options))) {}

CategoricalCrossentropy::CategoricalCrossentropy(CategoricalCrossentropyOptions options)
    : Metric(described<CategoricalCrossentropy>(options, mean_of(options))) {}

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(
    SparseCategoricalCrossentropyOptions options)
    : Metric(described<SparseCategoricalCrossentropy>(options, mean_of(options))) {}

KLDivergence::KLDivergence(MetricOptions options)
    : Metric(described<KLDivergence>(std::move(options), {v0::KLDivergence(), kNats})) {}

Poisson::Poisson(MetricOptions options)
    : Metric(described<Poisson>(std::move(options), {v0::Poisson(), kNats})) {}

}  // namespace cornu::inline v0::metrics
