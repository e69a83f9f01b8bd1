// Divides the sums over the rows of a batch into shards.

#include <map>
#include <utility>

#include "cornu/plan/passes.h"
#include "cornu/plan/share.h"
#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace {

bool is_sum_over_rows(const Plan& plan, const Op& op) {
  const auto has_rows = [&](SlotId id) { return id != kNone && plan.slot(id).shape.has_rows(); };
  return std::ranges::any_of(op.in, has_rows) && std::ranges::none_of(op.out, has_rows);
}

/// The sums of shards that stand in for a slot, until the last op has added to them.
struct Parts {
  SlotId slot;
  size_t last;  ///< index of that op
};

class Division {
 public:
  explicit Division(Plan& plan) : plan_(plan), ops_(std::move(plan.ops)) {
    for (size_t i = 0; i < ops_.size(); ++i) {
      if (!is_sum_over_rows(plan_, ops_[i])) continue;
      for (const SlotId out : ops_[i].out) parts_of(out, ops_[i]).last = i;
    }
  }

  void divide() {
    plan_.ops.clear();
    for (size_t i = 0; i < ops_.size(); ++i) {
      Op op = std::move(ops_[i]);
      exchange_for(op);
      if (!is_sum_over_rows(plan_, op)) {
        append(std::move(op));
        continue;
      }
      const Op whole = op;
      for (SlotId& out : op.out) out = plan_.reshaped(parts_.at(plan_.base(out)).slot, shape(out));
      append(std::move(op));
      if (std::holds_alternative<ops::ColumnMoments>(whole.what)) {
        merge_moments(whole);
      } else {
        add_up(whole, i);
      }
    }
    exchange();
  }

 private:
  const Shape& shape(SlotId id) const { return plan_.slot(id).shape; }
  bool is_alone() const { return plan_.part.count == 1; }

  SlotId make(Slot slot) {
    plan_.slots.push_back(std::move(slot));
    return static_cast<SlotId>(plan_.slots.size() - 1);
  }

  Parts& parts_of(SlotId out, const Op& op) {
    const SlotId base = plan_.base(out);
    const auto found = parts_.find(base);
    if (found != parts_.end()) return found->second;
    Slot slot = plan_.slot(base);
    slot.name += " of shards";
    slot.shards = plan_.own_shards();
    if (std::holds_alternative<ops::ColumnMoments>(op.what)) slot.dtype = DType::float64;
    return parts_[base] = {make(std::move(slot)), 0};
  }

  // The ops behind the last one that adds to the sums of shards of some slots.
  void add_up(const Op& whole, size_t index) {
    for (const SlotId out : whole.out) {
      const SlotId base = plan_.base(out);
      const Parts& parts = parts_.at(base);
      if (parts.last != index) continue;
      if (is_alone()) {
        append(like(whole, ops::SumShards{}, {parts.slot}, {base}));
      } else {
        waiting_.push_back({parts.slot, base, send(whole, parts.slot)});
      }
    }
  }

  // Large sums are sent while others are computed. Returns where those of other processes arrive.
  SlotId send(const Op& whole, SlotId parts) {
    const Slot& sums = plan_.slot(parts);
    const int64_t slice =
        slice_of_process(sums.shape.size(), plan_.part.index, plan_.part.count).size();
    if (sums.shape.size() / plan_.part.count < kSentAlone) return kNone;
    const SlotId received = make({.name = sums.name + " of others",
                                  .kind = SlotKind::gradient,
                                  .shape = {slice * (plan_.shards - plan_.own_shards())},
                                  .dtype = sums.dtype});
    append_alone(like(whole, ops::SendSlices{}, {parts}, {received}));
    return received;
  }
  // Where little is left to compute, what was begun would only be waited for. What an earlier sum
  // has received had enough behind it, and stays.
  void end_sending() {
    double left = 0;
    for (size_t i = plan_.ops.size(); i-- > 0 && left < kWorthSending;) {
      const Op& op = plan_.ops[i];
      left += flops(op, sizes_of(op, plan_.slots, plan_.capacity));
      if (!std::holds_alternative<ops::SendSlices>(op.what)) continue;
      for (Waiting& each : waiting_) {
        if (each.received == op.out[0]) each.received = kNone;
      }
      plan_.ops.erase(plan_.ops.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  void merge_moments(const Op& whole) {
    Slots moments;
    for (const SlotId out : whole.out) moments.push_back(parts_.at(plan_.base(out)).slot);
    if (!is_alone()) {
      Slots all;
      for (const SlotId each : moments) {
        Slot slot = plan_.slot(each);
        slot.shards = plan_.shards;
        all.push_back(make(std::move(slot)));
      }
      append_alone(like(whole, ops::GatherShards{}, moments, all));
      moments = all;
    }
    append(like(whole, ops::MergeMoments{}, moments, whole.out));
  }

  // What waits to be summed over processes is, before an op that touches it, or one of an update,
  // which may begin with the weights.
  void exchange_for(const Op& op) {
    if (takes_slices(op.what)) return exchange();
    const auto touches = [&](SlotId id) {
      return id != kNone && std::ranges::any_of(waiting_, [&](const Waiting& each) {
               return plan_.base(id) == each.sum;
             });
    };
    if (std::ranges::any_of(op.in, touches) || std::ranges::any_of(op.out, touches)) exchange();
  }

  // Sums that are added to others, and those that are not.
  void exchange() {
    if (!waiting_.empty()) end_sending();
    Op spread{
        .what = ops::SpreadSlices{}, .in = {}, .out = {}, .phase = Phase::backward, .layer = {}};
    for (const bool adds : {false, true}) {
      Op op{.what = ops::SumSlices{}, .in = {}, .out = {}, .phase = Phase::backward, .layer = {}};
      Slots received;
      for (const Waiting& each : waiting_) {
        if (written_.contains(each.sum) != adds) continue;
        op.in.push_back(each.parts);
        op.out.push_back(each.sum);
        received.push_back(each.received);
      }
      op.in.insert(op.in.end(), received.begin(), received.end());
      op.accumulate = adds;
      spread.out.insert(spread.out.end(), op.out.begin(), op.out.end());
      if (!op.in.empty()) append_alone(std::move(op));
    }
    spread.in = spread.out;
    if (!spread.out.empty()) append_alone(std::move(spread));
    for (const Waiting& each : waiting_) written_.insert(each.sum);
    waiting_.clear();
  }

  static Op like(const Op& op, What what, Slots in, Slots out) {
    return {.what = std::move(what),
            .in = std::move(in),
            .out = std::move(out),
            .phase = op.phase,
            .layer = op.layer};
  }

  void append_alone(Op op) {
    op.split = Split::one;
    plan_.ops.push_back(std::move(op));
  }

  // The first of the ops that write a sum overwrites it, those after it add to it.
  void append(Op op) {
    const SlotId base = plan_.base(op.out[0]);
    const bool is_sum = std::holds_alternative<ops::SumShards>(op.what);
    if (plan_.slot(base).kind == SlotKind::gradient && (op.accumulate || is_sum)) {
      op.accumulate = written_.contains(base);
    }
    written_.insert(base);
    plan_.ops.push_back(std::move(op));
  }

  struct Waiting {
    SlotId parts, sum, received;
  };
  // Numbers of a slice for which a message of its own pays, and computations that hide its time.
  static constexpr int64_t kSentAlone = 16384;
  static constexpr double kWorthSending = 1e6;

  Plan& plan_;
  std::vector<Op> ops_;
  std::map<SlotId, Parts> parts_;
  std::vector<Waiting> waiting_;
  std::set<SlotId> written_;
};

}  // namespace

void divide_into_shards(Plan& plan, int shards, const Part& part) {
  plan.shards = shards;
  plan.part = part;
  if (part.count > 1) drop_unread(plan);  // it would seem to hide the time of messages
  if (shards > 1) Division(plan).divide();
  if (part.updates_slices && part.count > 1) divide_updates(plan);
}

}  // namespace cornu::inline v0
