#include <cmath>
#include <map>
#include <utility>

#include "cornu/ops/builder.h"
#include "cornu/plan/passes.h"
#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace {

using ops::Product;

// The byte that a product reads as 0; -1 where there is none.
int zero_byte(const Product& p) {
  if (!p.decode) return 0;
  const double zero = p.decode->offset;
  return zero >= 0 && zero <= 255 && zero == std::floor(zero) ? static_cast<int>(zero) : -1;
}

// Whether x holds a batch's data, which may well be zero in many places; numbers in between
// seldom are.
bool is_data(const Plan& plan, const Uses& uses, SlotId x) {
  if (plan.slot(plan.base(x)).kind == SlotKind::input) {
    return plan.slot(x).dtype == DType::uint8 || plan.slot(x).dtype == plan.real;
  }
  const auto& writers = uses.writers(x);
  return writers.size() == 1 && std::holds_alternative<ops::Decode>(plan.ops[writers[0]].what);
}

/// Makes the slots and ops that list zeros, one of each kind for each x.
class Lists {
 public:
  explicit Lists(Plan& plan) : plan_(plan) {}

  struct List {
    SlotId bits, listed;
  };

  List of(SlotId x, uint8_t zero, bool transposed) {
    const auto key = std::pair(plan_.base(x), transposed);
    if (const auto found = made_.find(key); found != made_.end()) return found->second;
    const int64_t depth = plan_.slot(x).shape.back();
    List list;
    if (transposed) {
      const List rows = of(x, zero, false);
      list = {slot("nonzero", {(plan_.capacity + 63) / 64, depth}), rows.listed};
      emit(ops::TransposeNonzero{.depth = depth}, {rows.bits, rows.listed}, {list.bits});
    } else {
      list = {slot("nonzero", {(depth + 63) / 64, plan_.capacity}), slot("listed", {})};
      emit(ops::Nonzero{.group = kernels::kSampleGroup, .zero = zero, .capacity = plan_.capacity},
           {x}, {list.bits, list.listed});
    }
    return made_[key] = list;
  }

  /// The new ops, each to stand before the first op that reads it.
  std::vector<Op>& ops() { return ops_; }

 private:
  SlotId slot(const char* name, Shape shape) {
    plan_.slots.push_back(
        {.name = name, .shape = shape, .dtype = DType::int64, .replicated = true});
    return static_cast<SlotId>(plan_.slots.size() - 1);
  }

  void emit(What what, Slots in, Slots out) {
    ops_.push_back(
        {.what = std::move(what), .in = std::move(in), .out = std::move(out), .layer = {}});
  }

  Plan& plan_;
  std::map<std::pair<SlotId, bool>, List> made_;
  std::vector<Op> ops_;
};

}  // namespace

void skip_zeros(Plan& plan) {
  const Uses uses(plan);
  Lists lists(plan);
  std::vector<Op> rewritten;
  for (Op op : plan.ops) {
    auto* product = std::get_if<Product>(&op.what);
    const SlotId x = product == nullptr ? kNone : op.in[Product::kX];
    if (x != kNone && plan.slot(x).shape.ndim() == 2 && !product->w_transposed &&
        zero_byte(*product) >= 0 && is_data(plan, uses, x)) {
      const auto list =
          lists.of(x, static_cast<uint8_t>(zero_byte(*product)), product->x_transposed);
      op.in.resize(Product::kInputs, kNone);
      op.in[Product::kNonzero] = list.bits;
      op.in[Product::kListed] = list.listed;
    }
    for (Op& made : lists.ops()) rewritten.push_back(std::move(made));
    lists.ops().clear();
    rewritten.push_back(std::move(op));
  }
  plan.ops = std::move(rewritten);
}

}  // namespace cornu::inline v0
