#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "cornu/kernels/table.h"
#include "cornu/ops/builder.h"
#include "cornu/plan/passes.h"
#include "cornu/plan/uses_internal.h"
#include "cornu/plan/windows.h"

namespace cornu::inline v0 {
namespace {

using ops::Product;

/// A batch's data as they are stored, often with many zeros.
struct Stored {
  SlotId slot;
  uint8_t zero;  ///< the byte that stands for 0, if bytes are stored
};

std::optional<Stored> as_stored(const Plan& plan, SlotId slot, const ops::Decode& decode) {
  const double zero = decode.offset;
  const bool of_bytes = plan.slot(slot).dtype == DType::uint8;
  if (!of_bytes && plan.slot(slot).dtype != plan.real) return std::nullopt;
  if (zero < 0 || zero > (of_bytes ? 255 : 0) || zero != std::floor(zero)) return std::nullopt;
  return Stored{slot, static_cast<uint8_t>(zero)};
}

// The stored data that x is decoded from, in the product or before it. None if x is computed: such
// numbers are seldom zero.
std::optional<Stored> stored_data(Plan& plan, const Uses& uses, const Op& op) {
  const SlotId x = op.in[Product::kX];
  if (plan.slot(plan.base(x)).kind == SlotKind::input) {
    return as_stored(plan, x, op.fused.decode.value_or(ops::Decode{}));
  }
  const auto& writers = uses.writers(x);
  if (writers.size() != 1) return std::nullopt;
  const Op& writer = plan.ops[writers[0]];
  const auto* decode = std::get_if<ops::Decode>(&writer.what);
  if (decode == nullptr) return std::nullopt;
  const SlotId in = writer.in[0];
  return as_stored(plan, plan.reshaped(in, plan.slot(x).shape), *decode);
}

/// Makes the slots and ops that list zeros, one of each kind for each x.
class Lists {
 public:
  explicit Lists(Plan& plan) : plan_(plan) {}

  struct List {
    SlotId bits, listed;
  };

  List of(const Stored& x, bool transposed) {
    const auto key = std::pair(plan_.base(x.slot), transposed);
    if (const auto found = made_.find(key); found != made_.end()) return found->second;
    const int64_t depth = plan_.slot(x.slot).shape.back();
    List list;
    if (transposed) {
      const List rows = of(x, false);
      list = {slot("nonzero", {(plan_.capacity + kWord - 1) / kWord, depth}), rows.listed};
      emit(ops::TransposeNonzero{.depth = depth}, {rows.bits, rows.listed}, {list.bits});
      plan_.row_grain = kWord;  // one member writes a word of a transposed list
    } else {
      list = {slot("nonzero", {(depth + kWord - 1) / kWord, plan_.capacity}),
              slot("listed", {plan_.capacity})};
      emit(ops::Nonzero{.group = kernels::kSampleGroup, .zero = x.zero, .capacity = plan_.capacity},
           {x.slot}, {list.bits, list.listed});
    }
    return made_[key] = list;
  }

  /// The new ops, which come before all others.
  std::vector<Op> take() && { return std::move(ops_); }

 private:
  static constexpr int64_t kWord = 64;

  SlotId slot(const char* name, Shape shape) {
    plan_.slots.push_back({.name = name, .shape = shape, .dtype = DType::int64});
    return static_cast<SlotId>(plan_.slots.size() - 1);
  }

  void emit(What what, Slots in, Slots out) {
    ops_.push_back({.what = std::move(what),
                    .in = std::move(in),
                    .out = std::move(out),
                    .phase = Phase::prepare,
                    .layer = {}});
  }

  Plan& plan_;
  std::map<std::pair<SlotId, bool>, List> made_;
  std::vector<Op> ops_;
};

// Fewer elements side by side than a vector of the widest target has are not worth a list.
constexpr int64_t kWidestVector = 16;

// Whether it is a gradient of a convolution in which the elements that a term adds lie side by
// side, enough of them.
bool has_long_spans(const Op& op) {
  const auto is_long = [](const ops::Sliding& s) { return layout_of(s).span() >= kWidestVector; };
  if (const auto* back = std::get_if<ops::ConvolutionBack>(&op.what)) return is_long(back->sliding);
  const auto* kernel = std::get_if<ops::ConvolutionKernel>(&op.what);
  return kernel != nullptr && is_long(kernel->sliding);
}

}  // namespace

void skip_zeros(Plan& plan) {
  const Uses uses(plan);
  Lists lists(plan);
  for (Op& op : plan.ops) {
    op.fused.skips_zeros = has_long_spans(op);
    auto* product = std::get_if<Product>(&op.what);
    const SlotId x = product == nullptr ? kNone : op.in[Product::kX];
    if (x == kNone || plan.slot(x).shape.ndim() != 2 || product->w_transposed) continue;
    if (plan.slot(op.out[0]).shards > 1) continue;  // a list is of all rows of a batch
    const auto stored = stored_data(plan, uses, op);
    if (!stored) continue;
    const auto list = lists.of(*stored, product->x_transposed);
    op.add_fused_input(Fused::kNonzero, list.bits);
    op.add_fused_input(Fused::kListed, list.listed);
  }
  std::vector<Op> ops = std::move(lists).take();
  std::ranges::move(plan.ops, std::back_inserter(ops));
  plan.ops = std::move(ops);
}

}  // namespace cornu::inline v0
