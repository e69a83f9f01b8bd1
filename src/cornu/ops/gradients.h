#pragma once

// Besides its fields, every op struct has these functions, as overloads on the struct:
//   Outputs outputs(const X&, const Builder&, const Slots& in);   slots it writes; checks inputs
//   double flops(const X&, const Op&, const Sizes&);              arithmetic of one run
//   void gradient(const X&, const Op&, Builder&);                 adds the backward ops
//   Share reads(const X&, const Op&, size_t input);               part of `input` a member reads
// In place of `reads`, a struct may state one of
//   static constexpr bool kElementwise = true;    each element written depends on the elements read
//                                                 at the same place, so any split will do
//   static constexpr bool kReadsItsShare = true;  each input is read over the share that is written
// An op that a process may carry out for its slice of the arrays alone states
//   static constexpr bool kTakesSlices = true;
// and one that exchanges messages with other processes
//   static constexpr bool kExchanges = true;
// A missing overload does not compile. Its slots may be views of others (ops/views.h) if it states
//   static constexpr Layout kLayout = Layout::lines;        how far apart their elements may lie
//   static constexpr Layout kFirstLayout = Layout::lines;   those of the first input, if not so
// Where a batch has few rows, members can divide more axes of
// the output than the first, if the struct states how many
//   static constexpr int kLeadingAxes = 2;        say the rows of the batch and those of each image

#include <concepts>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/ops/slot.h"
#include "cornu/ops/views.h"

namespace cornu::inline v0 {

class Builder;
struct Op;

/// How members of the team compute an op: each its share of the output, along the first axis (or
/// the leading ones, taken as one) or the last, or one member all of it.
enum class Split { first_axis, last_axis, one };

/// The part of a slot that a member touches: all of it, or its share along an axis.
enum class Share { all, first_axis, last_axis };

/// The shape and dtype of each slot that an op writes.
struct Output {
  Shape shape;
  DType dtype;
};
using Outputs = std::vector<Output>;

/// Numbers of elements of an op's slots, the batch axis counted as the rows of the run.
struct Sizes {
  std::vector<double> in, out;
};

/// The share of its outputs that a member writes.
CORNU_API Share written_share(const Op& op);
/// The same of an input that is read sample by sample, whatever part of them is written.
CORNU_API Share share_of_samples(const Op& op);
/// As `kLeadingAxes`: every axis but the last.
inline constexpr int kAllButTheLast = kMaxNdim;

namespace ops {

template <class X>
concept Elementwise = requires {
  requires X::kElementwise;
};

template <class X>
concept ReadsItsShare = Elementwise<X> || requires {
  requires X::kReadsItsShare;
};

template <ReadsItsShare X>
Share reads(const X&, const Op& op, size_t) {
  return written_share(op);
}

/// Whether the struct states how its inputs are read. Otherwise the schedule would have to guess,
/// and a member might read data that another is still writing.
template <class X>
concept StatesReads = requires(const X& x, const Op& op) {
  { reads(x, op, size_t{}) } -> std::same_as<Share>;
};

}  // namespace ops
}  // namespace cornu::inline v0
