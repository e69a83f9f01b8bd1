#pragma once

// Products, the lists of the zeros that they leave out, and the ops fused into them, as one member
// carries them out.

#include <algorithm>
#include <variant>

#include "cornu/plan/frame.h"
#include "cornu/plan/run_updates.h"

namespace cornu::inline v0 {

// A listed k takes longer than one in a dense product: lists are faster below this part of all k.
constexpr double kListedBelow = 0.75;

template <class T>
bool few_enough(const Frame<T>& f, const uint64_t* bits, int64_t word, int64_t rows, int64_t depth,
                int64_t group) {
  const int64_t kept = f.kernels.count_bits(
      {.bits = bits, .bits_word = word, .rows = rows, .cols = depth, .group = group});
  const int64_t groups = (rows + group - 1) / group;
  return static_cast<double>(kept) < kListedBelow * static_cast<double>(groups * depth);
}

template <class T>
void run(const ops::Nonzero& x, const Op& op, const Frame<T>& f) {
  const Range own = f.gathered_rows();
  const Slot& stored = f.slot(op.in[0]);
  const int64_t depth = stored.shape.back();
  const int64_t word = f.slot(op.out[0]).shape.back();
  auto* const bits = f.template at<uint64_t>(op.out[0]) + own.begin;
  const auto* const rows = reinterpret_cast<const void* const*>(f.rows_of(op.in[0])) + own.begin;
  const auto list = [&](int64_t begin, int64_t end) {
    f.kernels.nonzero({.x = rows + begin,
                       .dtype = stored.dtype,
                       .zero = x.zero,
                       .rows = end - begin,
                       .cols = depth,
                       .bits = bits + begin,
                       .bits_word = word});
  };
  if (own.size() == 0) return;
  // Only the first rows are measured, so that dense data cost little.
  const int64_t sample = std::min<int64_t>(own.size(), 8 * x.group);
  list(0, sample);
  const bool listed = few_enough(f, bits, word, sample, depth, x.group);
  if (listed) list(sample, own.size());
  f.template at<int64_t>(op.out[1])[own.begin] = listed ? 1 : 0;
}

template <class T>
void run(const ops::TransposeNonzero& x, const Op& op, const Frame<T>& f) {
  const Range own = f.gathered_rows();
  if (own.size() == 0 || f.template at<int64_t>(op.in[1])[own.begin] == 0) return;
  f.kernels.transpose_bits(
      {.x = f.template at<uint64_t>(op.in[0]) + own.begin,
       .x_word = f.last(op.in[0]),
       .y = f.template at<uint64_t>(op.out[0]) + own.begin / 64 * f.last(op.out[0]),
       .y_word = f.last(op.out[0]),
       .rows = own.size(),
       .cols = x.depth});
}

// Whether every member has listed the zeros of its rows.
template <class T>
bool all_listed(SlotId listed, const Frame<T>& f) {
  const auto* const each = f.template at<int64_t>(listed);
  for (int member = 0; member < f.members; ++member) {
    const Range rows = f.rows_gathered_by(member);
    if (rows.size() > 0 && each[rows.begin] == 0) return false;
  }
  return true;
}

/// The ops fused behind the sums of an op, for outputs that begin `offset` elements into its slots.
template <class T>
kernels::EpilogueOf<T> epilogue(const Op& op, const Frame<T>& f, int64_t offset) {
  kernels::EpilogueOf<T> made = {.function = op.fused.function};
  if (const SlotId saved = op.fused_input(Fused::kSaved); saved != kNone) {
    made.saved = f.at(saved) + offset;
  }
  const SlotId numbers = op.fused_input(Fused::kNumbers);
  if (const auto* sgd = std::get_if<ops::SgdUpdate>(&op.fused.update)) {
    made.update = arguments(*sgd, op, f, offset, 0);
  } else if (const auto* adam = std::get_if<ops::AdamUpdate>(&op.fused.update)) {
    made.update = arguments(*adam, op, f, numbers, offset, 0);
  } else if (const auto* rule = std::get_if<ops::RuleUpdate>(&op.fused.update)) {
    made.update = arguments(*rule, op, f, numbers, offset, 0);
  }
  return made;
}

/// The slot for an op's sums: its output, or if an update takes them at once the slot for parts of
/// them; kNone where none is needed.
inline SlotId sums_slot(const Op& op) {
  if (!op.fused.has_update()) return op.out[0];
  return op.fused.keeps_sums ? op.out.back() : kNone;
}

template <class T>
void run(const ops::Product& p, const Op& op, const Frame<T>& f) {
  using ops::Product;
  const SlotId x = op.in[Product::kX];
  const SlotId w = op.in[Product::kW];
  const SlotId y = sums_slot(op);
  const Range rows = f.lines(op, op.out[0]);
  const Range cols = f.cols(op, op.out[0]);
  const auto written = f.columns(op.out[0], cols);
  const int64_t offset = written.at - f.at(op.out[0]) + rows.begin * written.row;
  const int64_t x_cols = f.last(x);
  const int64_t x_line = f.line(x);

  kernels::ProductArgsOf<T> a = {.x = f.at(x),
                                 .x_row = p.x_transposed ? 1 : x_line,
                                 .x_col = p.x_transposed ? x_line : 1,
                                 .w = nullptr,
                                 .w_row = 0,
                                 .w_col = 0,
                                 .start = nullptr,
                                 .start_row = 0,
                                 .y = y == kNone ? nullptr : f.at(y) + offset,
                                 .y_row = written.row,
                                 .rows = rows.size(),
                                 .cols = cols.size(),
                                 .depth = p.x_transposed ? f.size(x) / x_cols : x_cols,
                                 .pack = f.scratch,
                                 .epilogue = epilogue(op, f, offset)};
  if (p.w_transposed) {
    a.w_row = 1;
    a.w_col = f.line(w);
    a.w = f.at(w) + cols.begin * a.w_col;
  } else {
    const auto read = f.columns(w, cols);
    a.w_row = read.row;
    a.w_col = 1;
    a.w = read.at;
  }
  if (op.fused.sums_shards) {
    a.chains = f.plan.shards;
    a.chain_ends = f.shards->ends.data();
    a.chain_unit = a.depth / f.rows;
  }
  if (op.accumulate) {
    a.start = a.y;
    a.start_row = written.row;
  } else if (op.in[Product::kStart] != kNone) {
    a.start = f.at(op.in[Product::kStart]) + cols.begin;
  }
  if (op.fused.decode) {
    a.bytes = reinterpret_cast<const uint8_t* const*>(f.rows_of(x));
    a.bytes_transposed = p.x_transposed;
    if (p.x_transposed) {
      a.first_byte = rows.begin;
    } else {
      a.bytes += rows.begin;
    }
    a.decoded = f.numbers_of(*op.fused.decode);
    a.x = nullptr;
  } else {
    a.x += rows.begin * a.x_row;
  }
  // Weights are finite, or the fit that made them ends with an error.
  a.finite = f.slot(f.plan.base(w)).kind == SlotKind::weight;
  const SlotId listed = op.fused_input(Fused::kListed);
  if (listed != kNone && all_listed(listed, f)) {
    const SlotId nonzero = op.fused_input(Fused::kNonzero);
    a.nonzero = f.template at<uint64_t>(nonzero) + rows.begin;
    a.nonzero_word = f.last(nonzero);
  }
  f.kernels.product(a);
}

/// The numbers of scratch that a member needs for an op: for a product room for packed panels.
template <class T>
int64_t scratch_numbers(const ops::Product& p, const Op& op, const Plan& plan) {
  const SlotId x = op.in[ops::Product::kX];
  return kernels::product_pack_size(p.x_transposed ? plan.lines(x) : plan.slot(x).shape.back());
}

template <class T>
void run(const ops::SumRows&, const Op& op, const Frame<T>& f) {
  const auto own = f.cols(op, op.out[0]);
  const int64_t cols = f.last(op.in[0]);
  f.kernels.sum_rows({.x = f.at(op.in[0]) + own.begin,
                      .x_row = f.line(op.in[0]),
                      .y = f.at(op.out[0]) + own.begin,
                      .rows = f.size(op.in[0]) / cols,
                      .cols = own.size(),
                      .accumulate = op.accumulate});
}

}  // namespace cornu::inline v0
