#pragma once

// Sums over the rows of a batch that is divided into shards: an op that sums over rows computes a
// sum for each shard, and these ops add them in the order of the shards. Which process computed
// which shard changes no bit.

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = ((x₀ + x₁) + x₂) + …, xₛ the sum of shard s; in = {x}. A shard without rows adds nothing.
/// Shapes: (…), for each shard -> the same.
struct SumShards {
  static constexpr std::string_view kName = "sum_shards";
  static constexpr bool kElementwise = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const SumShards&, const SumShards&) = default;
};

/// Mean and variance of the batch from those of its shards, with n rows each, in float64: mean =
/// Σ n·meanₛ / Σ n, variance = Σ n·(varianceₛ + (meanₛ − mean)²) / Σ n (Chan, Golub, LeVeque 1979);
/// in = {means, variances} -> {mean, variance}. Shapes: (n) for each shard -> (n).
struct MergeMoments {
  static constexpr std::string_view kName = "merge_moments";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const MergeMoments&, const MergeMoments&) = default;
};

/// Begins to send every other process its slice of the sums of this process's shards, and to
/// receive this one's slice of the sums of theirs, while ops that follow compute; in = {x} ->
/// {received}. Shapes: (…), for each own shard -> (numbers of the slice, of all shards of others).
struct SendSlices {
  static constexpr std::string_view kName = "send_slices";
  static constexpr bool kReadsItsShare = true;
  static constexpr bool kExchanges = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const SendSlices&, const SendSlices&) = default;
};

/// The same over the shards of all processes, in the order of the shards: yᵢ = Σ xᵢ, of which each
/// process computes its slice; in = {x₀, x₁, …, received₀, received₁, …}, the sums of this
/// process's shards and what SendSlices receives (without one, this op exchanges them), out = {y₀,
/// y₁, …} and then the weights that other processes may change from here on.
struct SumSlices {
  static constexpr std::string_view kName = "sum_slices";
  static constexpr bool kReadsItsShare = true;
  static constexpr bool kExchanges = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const SumSlices&, const SumSlices&) = default;
};

/// Gives every process all of the arrays of which each has its slice; in = out = {y₀, y₁, …}.
struct SpreadSlices {
  static constexpr std::string_view kName = "spread_slices";
  static constexpr bool kReadsItsShare = true;
  static constexpr bool kExchanges = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const SpreadSlices&, const SpreadSlices&) = default;
};

/// The numbers of the shards of all processes, in order; in = {x₀, x₁, …}, those of this process's
/// shards -> {y₀, y₁, …}.
struct GatherShards {
  static constexpr std::string_view kName = "gather_shards";
  static constexpr bool kReadsItsShare = true;
  static constexpr bool kExchanges = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const GatherShards&, const GatherShards&) = default;
};

Outputs outputs(const SendSlices&, const Builder&, const Slots& in);
Outputs outputs(const SumSlices&, const Builder&, const Slots& in);
Outputs outputs(const SpreadSlices&, const Builder&, const Slots& in);
Outputs outputs(const GatherShards&, const Builder&, const Slots& in);
inline double flops(const SumSlices&, const Op&, const Sizes& size) {
  double all = 0;
  for (const double each : size.out) all += each;
  return all;
}
inline double flops(const SendSlices&, const Op&, const Sizes&) {
  return 0;
}
inline double flops(const SpreadSlices&, const Op&, const Sizes&) {
  return 0;
}
inline double flops(const GatherShards&, const Op&, const Sizes&) {
  return 0;
}
inline void gradient(const SendSlices&, const Op&, Builder&) {}
inline void gradient(const SumSlices&, const Op&, Builder&) {}
inline void gradient(const SpreadSlices&, const Op&, Builder&) {}
inline void gradient(const GatherShards&, const Op&, Builder&) {}

Outputs outputs(const SumShards&, const Builder&, const Slots& in);
Outputs outputs(const MergeMoments&, const Builder&, const Slots& in);
inline double flops(const SumShards&, const Op&, const Sizes& size) {
  return size.in[0];
}
inline double flops(const MergeMoments&, const Op&, const Sizes& size) {
  return 6 * size.in[0];
}
inline void gradient(const SumShards&, const Op&, Builder&) {}
inline void gradient(const MergeMoments&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
