// Divides the work among members, and decides where they wait for each other.

#include <algorithm>
#include <numeric>
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
// Walking a list of nonzero numbers costs as much for few columns as for many. Members whose share
// would be at most this many columns divide rows instead, though they then read each other's
// weights at each step: for batches of at least kManyRows that costs less.
constexpr int64_t kNarrow = 32;
constexpr int64_t kManyRows = 64;

/// Chooses the split of each op, in order.
class Splits {
 public:
  Splits(const Plan& plan, Schedule& schedule)
      : plan_(plan),
        schedule_(schedule),
        uses_(plan, schedule.ops),
        has_few_rows_(leaves_idle(plan.capacity, schedule.members)) {}

  void choose() {
    for (Op& op : schedule_.ops) {
      if (op.of_slice) continue;
      // A single number cannot be divided.
      const bool is_number = plan_.slot(op.out[0]).shape.ndim() == 0;
      if (op.split == Split::one) continue;
      op.split = is_number ? Split::one : split_of(op);
      if (op.split == Split::first_axis) op.leading_axes = leading_axes_of(op);
    }
  }

 private:
  // Whether members would be idle for a fifth of the time if each computed whole rows.
  static bool leaves_idle(int64_t rows, int members) {
    const int64_t most = (rows + members - 1) / members;
    return 4 * most * members > 5 * rows;
  }

  // With the rows of a batch divided, no member waits until gradients are summed over rows. Where
  // weights are trained, a member that owns units keeps their weights and moments to itself.
  Split split_of(const Op& op) const {
    const bool trains = plan_.mode == Mode::training;
    if (op.phase == Phase::prepare || !(trains || has_few_rows_)) return Split::first_axis;
    if (const auto* product = std::get_if<Product>(&op.what)) {
      return trains || is_worth_meeting(op) ? split_of_product(op, *product) : Split::first_axis;
    }
    if (std::holds_alternative<ops::ConvolutionKernel>(op.what)) return split_of_kernel(op);
    const auto inputs = computed_inputs(op);
    const bool by_columns = !inputs.empty() && std::ranges::all_of(inputs, [&](SlotId in) {
      return wrote(in, Split::last_axis);
    });
    return by_columns && is_elementwise(op.what) ? Split::last_axis : Split::first_axis;
  }

  Split split_of_product(const Op& op, const Product& p) const {
    const Shape& y = plan_.slot(op.out[0]).shape;
    if (y.ndim() != 2 || y[1] < kFeatureGrain * schedule_.members) return Split::first_axis;
    const bool is_listed = op.fused_input(Fused::kListed) != kNone;
    if (is_listed && y[1] <= kNarrow * schedule_.members && plan_.capacity >= kManyRows) {
      return Split::first_axis;
    }
    // A gradient divided by rows stays so if that costs less than a barrier.
    const bool comes_by_rows = p.w_transposed && wrote(op.in[Product::kX], Split::first_axis);
    return comes_by_rows && !is_worth_meeting(op) ? Split::first_axis : Split::last_axis;
  }

  // A batch of few rows is divided further: the rows of each image, or its places if it has fewer
  // rows than there are members. Ops on single places keep to the parts that were written.
  int leading_axes_of(const Op& op) const {
    const Shape& y = plan_.slot(op.out[0]).shape;
    const int most = std::min(most_leading_axes(op), y.ndim() - 1);
    if (!has_few_rows_ || !y.has_rows() || op.phase == Phase::prepare || most < 2) return 1;
    if (most_leading_axes(op) == kAllButTheLast) {
      const int written = leading_axes_written(computed_inputs(op));
      if (written > 1 && written <= most) return written;
    }
    if (!is_worth_meeting(op)) return 1;
    return most > 2 && y[1] < schedule_.members ? 3 : 2;
  }

  // Of the ops that wrote these slots, those of samples; 1 if they differ.
  int leading_axes_written(const std::vector<SlotId>& slots) const {
    int all = 0;
    for (const SlotId slot : slots) {
      if (!plan_.slot(slot).shape.has_rows()) continue;
      for (const size_t writer : uses_.writers(slot)) {
        const int axes = schedule_.ops[writer].leading_axes;
        if (all != 0 && axes != all) return 1;
        all = axes;
      }
    }
    return all;
  }

  bool is_worth_meeting(const Op& op) const {
    return flops(op, sizes_of(op, plan_.slots, plan_.capacity)) > kNotWorthMeeting;
  }

  // Each member some lines of the kernel, or some of its filters: where there are few lines, or
  // where zeros of dy are left out, so that each of them is listed by one member.
  Split split_of_kernel(const Op& op) const {
    const Shape& w = plan_.slot(op.out[0]).shape;
    const int64_t enough = kFeatureGrain * schedule_.members;
    const bool by_filters = w[0] < 2 * enough || op.fused.skips_zeros;
    return by_filters && w[1] >= enough ? Split::last_axis : Split::first_axis;
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

  // Whether all ops that write a slot have this split; they come earlier, so theirs is chosen.
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
  const bool has_few_rows_;
};

/// A member's access to a slot's memory.
struct Access {
  SlotId base;
  const Slot* slot;
  Share share;
  int leading_axes;  ///< that Share::first_axis divides
  bool by_one, of_slice, write;

  // Members need a barrier unless each stays in the same part of the memory as before.
  bool conflicts(const Access& other) const {
    if (base != other.base || (!write && !other.write)) return false;
    if (!overlap(*slot, *other.slot)) return false;
    if (by_one || other.by_one) return by_one != other.by_one;
    if (of_slice || other.of_slice) return of_slice != other.of_slice;
    if (share == Share::all || share != other.share) return true;
    return share == Share::first_axis ? !has_parts_of(other) : !has_columns_of(other);
  }

 private:
  // Of each element of the first axis, the parts that may belong to several members.
  int64_t parts() const {
    int64_t parts = 1;
    for (int i = 1; i < leading_axes; ++i) parts *= slot->shape[i];
    return parts;
  }
  bool has_parts_of(const Access& other) const {
    const Shape& shape = other.slot->shape;
    if (slot->shape.extents()[0] != shape.extents()[0] || parts() != other.parts()) return false;
    if (parts() == 1 || (!slot->strides && !other.slot->strides)) return true;
    // Parts of a view lie where those of another slot do if both have the same distances.
    const Strides mine = strides_of(*slot);
    const Strides others = strides_of(*other.slot);
    const auto axes = static_cast<size_t>(leading_axes);
    return leading_axes == other.leading_axes &&
           std::equal(mine.begin(), mine.begin() + axes, others.begin()) &&
           slot->offset / mine[axes - 1] == other.slot->offset / mine[axes - 1];
  }
  bool has_columns_of(const Access& other) const {
    return slot->shape == other.slot->shape && slot->offset == other.slot->offset &&
           slot->strides == other.slot->strides;
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
    for (SlotId result : plan_.results()) add(all, result, Share::all, reader, false);
    return all;
  }

 private:
  void add(std::vector<Access>& all, SlotId id, Share share, const Op& op, bool write) const {
    if (id == kNone) return;
    const SlotId base = plan_.base(id);
    if (plan_.slot(base).kind == SlotKind::input || schedule_.place(base).copies > 2) return;
    const Slot& slot = plan_.slot(id);
    const bool of_slice = op.of_slice && share != Share::all;
    if (slot.shape.ndim() == 1 && share == Share::last_axis) share = Share::first_axis;
    if (slot.shape.ndim() == 0 && share != Share::all) share = Share::all;
    const int leading_axes = share == Share::first_axis ? op.leading_axes : 1;
    all.push_back({base, &slot, share, leading_axes, op.split == Split::one, of_slice, write});
  }

  const Plan& plan_;
  const Schedule& schedule_;
};

/// The accesses since the last barrier, by memory.
class Since {
 public:
  explicit Since(const Plan& plan) : by_slot_(plan.slots.size()) {}

  bool conflicts(const std::vector<Access>& now) const {
    return std::ranges::any_of(now, [&](const Access& access) { return conflicts(access); });
  }
  bool conflicts(const Access& access) const {
    return std::ranges::any_of(at(access.base),
                               [&](const Access& earlier) { return access.conflicts(earlier); });
  }
  void add(const std::vector<Access>& more) {
    for (const Access& access : more) {
      by_slot_[static_cast<size_t>(access.base)].push_back(access);
      touched_.push_back(access.base);
    }
  }
  void clear() {
    for (const SlotId slot : touched_) by_slot_[static_cast<size_t>(slot)].clear();
    touched_.clear();
  }

 private:
  const std::vector<Access>& at(SlotId slot) const { return by_slot_[static_cast<size_t>(slot)]; }

  std::vector<std::vector<Access>> by_slot_;
  std::vector<SlotId> touched_;
};

Op* first_of_step(Schedule& schedule) {
  for (Op& op : schedule.ops) {
    if (op.phase != Phase::prepare) return &op;
  }
  return nullptr;
}

/// The slots of the ops that wait for the next barrier. Ops that touch the same slot, one of them
/// writing, keep their order, and so do those that exchange messages with other processes.
class Waiting {
 public:
  explicit Waiting(const Plan& plan)
      : plan_(plan), read_(plan.slots.size()), written_(plan.slots.size()) {}

  /// Begins without ops; `round` is a new number each time, from 1.
  void begin(int round) {
    round_ = round;
    exchanges_ = false;
  }
  void add(const Op& op) {
    exchanges_ = exchanges_ || exchanges(op.what);
    for (SlotId in : op.in) mark(read_, in);
    for (SlotId out : op.out) mark(written_, out);
  }
  bool must_follow(const Op& op) const {
    if (exchanges_ && exchanges(op.what)) return true;
    const auto is_written = [&](SlotId id) { return is_marked(written_, id); };
    const auto is_read = [&](SlotId id) { return is_marked(read_, id); };
    return std::ranges::any_of(op.in, is_written) || std::ranges::any_of(op.out, is_written) ||
           std::ranges::any_of(op.out, is_read);
  }

 private:
  using Rounds = std::vector<int>;  // by slot: the last round in which it was touched

  void mark(Rounds& rounds, SlotId id) {
    if (id != kNone) rounds[static_cast<size_t>(plan_.base(id))] = round_;
  }
  bool is_marked(const Rounds& rounds, SlotId id) const {
    return id != kNone && rounds[static_cast<size_t>(plan_.base(id))] == round_;
  }

  const Plan& plan_;
  Rounds read_, written_;
  int round_ = 0;
  bool exchanges_ = false;
};

// Marks the barriers inside a step, and moves each op to the first interval between barriers that
// its dependencies allow. Leaves in `since` the accesses after the last barrier.
void mark_barriers(const Plan& plan, Schedule& schedule, Since& since) {
  const Accesses accesses(plan, schedule);
  std::vector<Op> ops = std::move(schedule.ops);
  schedule.ops.clear();
  std::vector<std::vector<Access>> of;
  for (const Op& op : ops) of.push_back(accesses.of(op));
  std::vector<size_t> left(ops.size());
  std::iota(left.begin(), left.end(), size_t{0});
  Waiting waiting(plan);
  std::vector<size_t> later;
  for (int round = 1; !left.empty(); ++round) {
    bool is_behind_barrier = round > 1;
    since.clear();
    waiting.begin(round);
    later.clear();
    for (const size_t i : left) {
      if (waiting.must_follow(ops[i]) || since.conflicts(of[i])) {
        waiting.add(ops[i]);
        later.push_back(i);
        continue;
      }
      ops[i].barrier = std::exchange(is_behind_barrier, false);
      since.add(of[i]);
      schedule.ops.push_back(std::move(ops[i]));
    }
    std::swap(left, later);
  }
  const auto results = accesses.of_results();
  if (since.conflicts(results)) {
    schedule.barrier_at_end = true;
    since.clear();
  }
  since.add(results);
}

// If a step accesses a slot that another member may still use in the step before, a slot that lives
// only during a step gets a second copy; for weights and states there is a barrier between steps.
void part_steps(const Plan& plan, Schedule& schedule, const Since& tail) {
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
      if (!tail.conflicts(access)) continue;
      const SlotKind kind = plan.slot(access.base).kind;
      if (kind == SlotKind::weight || kind == SlotKind::state) {
        first->barrier = true;
        return;
      }
      doubled.push_back(access.base);
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
  // A step is prepared while the one before runs; some members may still run the one before that.
  for (const Op& op : schedule.ops) {
    if (op.phase != Phase::prepare) continue;
    for (SlotId out : op.out) {
      const SlotId base = plan.base(out);
      if (plan.slot(base).kind == SlotKind::activation) schedule.place(base).copies = 3;
    }
  }
  Splits(plan, schedule).choose();
  Since tail(plan);
  mark_barriers(plan, schedule, tail);
  part_steps(plan, schedule, tail);
}

}  // namespace cornu::inline v0
