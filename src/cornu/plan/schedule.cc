// Divides the work among members, and decides where they wait for each other.

#include <algorithm>
#include <utility>
#include <vector>

#include "cornu/plan/passes.h"
#include "cornu/plan/share.h"
#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace {

using ops::Product;

// FLOPs that take less time than a barrier.
constexpr double kNotWorthMeeting = 5e5;

/// Chooses the split of each op, in order.
class Splits {
 public:
  Splits(const Plan& plan, Schedule& schedule)
      : plan_(plan), schedule_(schedule), uses_(plan, schedule.ops) {}

  void choose() {
    for (Op& op : schedule_.ops) {
      if (op.split != Split::one) op.split = split_of(op);
    }
  }

 private:
  // With the rows of a batch divided, no member waits until gradients are summed over rows. Where
  // weights are trained, a member that owns units keeps their weights and moments to itself.
  Split split_of(const Op& op) const {
    if (plan_.mode != Mode::training || op.phase == Phase::prepare) return Split::first_axis;
    if (const auto* product = std::get_if<Product>(&op.what)) return split_of_product(op, *product);
    const auto inputs = computed_inputs(op);
    const bool by_columns = !inputs.empty() && std::ranges::all_of(inputs, [&](SlotId in) {
      return wrote(in, Split::last_axis);
    });
    return by_columns && is_elementwise(op.what) ? Split::last_axis : Split::first_axis;
  }

  Split split_of_product(const Op& op, const Product& p) const {
    const Shape& y = plan_.slot(op.out[0]).shape;
    if (y.ndim() != 2 || y[1] < kFeatureGrain * schedule_.members) return Split::first_axis;
    // A gradient divided by rows stays so if that costs less than a barrier.
    const bool comes_by_rows = p.w_transposed && wrote(op.in[Product::kX], Split::first_axis);
    const bool is_small = flops(op, sizes_of(op, plan_.slots, plan_.capacity)) <= kNotWorthMeeting;
    return comes_by_rows && is_small ? Split::first_axis : Split::last_axis;
  }

  bool is_computed(SlotId id) const {
    const SlotKind kind = plan_.slot(plan_.base(id)).kind;
    return kind == SlotKind::activation || kind == SlotKind::gradient;
  }

  // Inputs that ops of this step share out among members.
  std::vector<SlotId> computed_inputs(const Op& op) const {
    std::vector<SlotId> inputs;
    for (SlotId in : op.in) {
      if (in != kNone && is_computed(in) && !is_prepared(in)) inputs.push_back(in);
    }
    return inputs;
  }

  bool is_prepared(SlotId id) const {
    return std::ranges::any_of(uses_.writers(id), [&](size_t writer) {
      return schedule_.ops[writer].phase == Phase::prepare;
    });
  }

  // Whether the ops that write a slot do it so; ops come in order, so they are decided.
  bool wrote(SlotId id, Split split) const {
    const bool as_columns = split != Split::last_axis || plan_.slot(id).shape.ndim() == 2 ||
                            plan_.slot(id).shape.ndim() == 1;
    return as_columns && std::ranges::all_of(uses_.writers(id), [&](size_t writer) {
             const Op& op = schedule_.ops[writer];
             const bool one_axis = plan_.slot(op.out[0]).shape.ndim() == 1;
             return op.split == split ||
                    (one_axis && op.split == Split::first_axis && split == Split::last_axis);
           });
  }

  const Plan& plan_;
  Schedule& schedule_;
  const Uses uses_;
};

/// A member's access to a slot's memory.
struct Access {
  SlotId slot;  ///< the one whose memory it is
  Shape shape;
  Share share;
  bool by_one, write;

  // Members meet unless each stays in the same part of the slot as before.
  bool conflicts(const Access& other) const {
    if (slot != other.slot || (!write && !other.write)) return false;
    if (by_one || other.by_one) return by_one != other.by_one;
    if (share == Share::all || share != other.share) return true;
    return share == Share::first_axis ? shape.extents()[0] != other.shape.extents()[0]
                                      : !(shape == other.shape);
  }
};

class Accesses {
 public:
  Accesses(const Plan& plan, const Schedule& schedule) : plan_(plan), schedule_(schedule) {}

  std::vector<Access> of(const Op& op) const {
    std::vector<Access> all;
    if (op.phase == Phase::prepare) return all;  // its slots have a copy for each step under way
    for (size_t i = 0; i < op.in.size(); ++i) add(all, op.in[i], reads(op, i), op, false);
    for (SlotId out : op.out) add(all, out, written_share(op), op, true);
    return all;
  }

  /// The slots that the first member reads when a step is done.
  std::vector<Access> of_results() const {
    std::vector<Access> all;
    const Op reader{.what = ops::Decode{}, .in = {}, .out = {}, .layer = {}, .split = Split::one};
    for (SlotId output : plan_.outputs) add(all, output, Share::all, reader, false);
    for (const LossTerm& loss : plan_.losses) add(all, loss.per_row, Share::all, reader, false);
    for (SlotId penalty : plan_.penalties) add(all, penalty, Share::all, reader, false);
    return all;
  }

 private:
  void add(std::vector<Access>& all, SlotId id, Share share, const Op& op, bool write) const {
    if (id == kNone) return;
    const SlotId base = plan_.base(id);
    if (plan_.slot(base).kind == SlotKind::input || schedule_.place(base).copies > 2) return;
    const Shape& shape = plan_.slot(id).shape;
    if (shape.ndim() == 1 && share == Share::last_axis) share = Share::first_axis;
    if (shape.ndim() == 0 && share != Share::all) share = Share::all;
    all.push_back({base, shape, share, op.split == Split::one, write});
  }

  const Plan& plan_;
  const Schedule& schedule_;
};

const Access* first_conflict(const std::vector<Access>& before, const std::vector<Access>& now) {
  for (const Access& access : now) {
    for (const Access& earlier : before) {
      if (access.conflicts(earlier)) return &access;
    }
  }
  return nullptr;
}

void append(std::vector<Access>& all, const std::vector<Access>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

Op* first_of_step(Schedule& schedule) {
  for (Op& op : schedule.ops) {
    if (op.phase != Phase::prepare) return &op;
  }
  return nullptr;
}

/// Which ops have to keep their order: those that touch the same slot, one of them writing.
class Order {
 public:
  explicit Order(const Plan& plan) : plan_(plan) {}

  bool is_kept_between(const Op& a, const Op& b) const {
    return writes_to(a, b) || writes_to(b, a);
  }

 private:
  bool writes_to(const Op& a, const Op& b) const {
    return std::ranges::any_of(a.out, [&](SlotId out) {
      const auto is_same = [&](SlotId id) {
        return id != kNone && plan_.base(id) == plan_.base(out);
      };
      return std::ranges::any_of(b.in, is_same) || std::ranges::any_of(b.out, is_same);
    });
  }

  const Plan& plan_;
};

// Marks the barriers inside a step. Every op comes as early as possible; an op that must wait for
// others comes after the next barrier. Returns the accesses after the last barrier.
std::vector<Access> mark_barriers(const Plan& plan, Schedule& schedule) {
  const Accesses accesses(plan, schedule);
  const Order order(plan);
  std::vector<Op> left = std::move(schedule.ops);
  schedule.ops.clear();
  std::vector<Access> since;
  for (bool barrier = false; !left.empty(); barrier = true) {
    since = {};
    std::vector<Op> later;
    for (Op& op : left) {
      const auto now = accesses.of(op);
      const auto waits_for = [&](const Op& other) { return order.is_kept_between(other, op); };
      if (first_conflict(since, now) != nullptr || std::ranges::any_of(later, waits_for)) {
        later.push_back(std::move(op));
        continue;
      }
      op.barrier = std::exchange(barrier, false);
      append(since, now);
      schedule.ops.push_back(std::move(op));
    }
    left = std::move(later);
  }
  const auto results = accesses.of_results();
  if (first_conflict(since, results) != nullptr) {
    schedule.barrier_at_end = true;
    since.clear();
  }
  append(since, results);
  return since;
}

// If a step accesses a slot that another member may still use in the step before, a slot of one
// step only gets a second copy; for others there is a barrier between steps.
void part_steps(const Plan& plan, Schedule& schedule, const std::vector<Access>& tail) {
  const Accesses accesses(plan, schedule);
  Op* const first = first_of_step(schedule);
  if (first == nullptr) return;
  bool meets = schedule.barrier_at_end;
  std::vector<SlotId> doubled;
  for (const Op& op : schedule.ops) {
    if (op.barrier) {
      meets = true;
      break;
    }
    for (const Access& access : accesses.of(op)) {
      if (first_conflict(tail, {access}) == nullptr) continue;
      const SlotKind kind = plan.slot(access.slot).kind;
      if (kind == SlotKind::weight || kind == SlotKind::state) {
        first->barrier = true;
        return;
      }
      doubled.push_back(access.slot);
    }
  }
  if (!meets) {
    first->barrier = true;
    return;
  }
  for (SlotId slot : doubled) schedule.place(slot).copies = 2;
}

}  // namespace

void share_work(const Plan& plan, Schedule& schedule) {
  if (schedule.members == 1) return;
  // A step is prepared while the one before it runs, and some may still be at the one before that.
  for (const Op& op : schedule.ops) {
    if (op.phase != Phase::prepare) continue;
    for (SlotId out : op.out) {
      const SlotId base = plan.base(out);
      if (plan.slot(base).kind == SlotKind::activation) schedule.place(base).copies = 3;
    }
  }
  Splits(plan, schedule).choose();
  const auto tail = mark_barriers(plan, schedule);
  part_steps(plan, schedule, tail);
}

}  // namespace cornu::inline v0
