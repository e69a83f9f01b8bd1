// Concatenations, slices and croppings without copies: what they join or cut out becomes a view of
// the whole (ops/views.h).

#include <algorithm>
#include <array>
#include <optional>
#include <variant>
#include <vector>

#include "cornu/ops/views.h"
#include "cornu/plan/passes.h"
#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace {

// Fewer numbers side by side are copied: ops take longer to read and write short runs with gaps
// than a copy takes (docs/adr/0028).
constexpr int64_t kShortestRun = 128;

/// The element of `whole` that a part of it begins with, by axis.
struct Corner {
  SlotId whole;
  std::array<int64_t, kMaxNdim> element{};
};

Corner corner_along(SlotId whole, int64_t axis, int64_t begin) {
  Corner corner{whole, {}};
  corner.element[static_cast<size_t>(axis)] = begin;
  return corner;
}

/// Of what a cropping leaves; nullopt if it does anything else.
std::optional<Corner> corner_of(const ops::Rearrange& crop, SlotId whole) {
  Corner corner{whole, {}};
  for (size_t i = 0; i < ops::AxisNumbers::kMost; ++i) {
    const bool moves = crop.order.at[i] != static_cast<int32_t>(i);
    if (moves || crop.before.at[i] > 0 || crop.after.at[i] > 0) return std::nullopt;
    corner.element[i + 1] = -crop.before.at[i];
  }
  return corner;
}

/// Of what an op cuts out of its input.
std::optional<Corner> cut_corner(const Op& op) {
  if (const auto* slice = std::get_if<ops::Slice>(&op.what)) {
    if (slice->axis == 0) return std::nullopt;
    return corner_along(op.in[0], slice->axis, slice->begin);
  }
  const auto* crop = std::get_if<ops::Rearrange>(&op.what);
  return crop == nullptr ? std::nullopt : corner_of(*crop, op.in[0]);
}

class Views {
 public:
  explicit Views(Plan& plan)
      : plan_(plan), uses_(plan), slots_(plan.slots), dropped_(plan.ops.size()) {
    same_memory_.resize(plan.slots.size());
    for (size_t i = 0; i < plan.slots.size(); ++i) {
      const auto id = static_cast<SlotId>(i);
      same_memory_[static_cast<size_t>(plan.base(id))].push_back(id);
    }
  }

  void make() {
    // The last concatenation first, so that its inputs are concatenated where they are to lie.
    for (size_t i = plan_.ops.size(); i-- > 0;) {
      if (std::holds_alternative<ops::Concatenate>(plan_.ops[i].what)) join(i);
    }
    for (size_t i = 0; i < plan_.ops.size(); ++i) cut(i);
    std::vector<Op> kept;
    for (size_t i = 0; i < plan_.ops.size(); ++i) {
      if (!dropped_[i]) kept.push_back(std::move(plan_.ops[i]));
    }
    plan_.ops = std::move(kept);
    plan_.slots = std::move(slots_);
  }

 private:
  void join(size_t at) {
    const Op& op = plan_.ops[at];
    const int64_t axis = std::get<ops::Concatenate>(op.what).axis;
    if (axis == 0) return;
    int64_t begin = 0;
    int64_t copies = 0;
    for (const SlotId in : op.in) {
      const bool is_placed =
          is_last_written_before(in, at) && place(in, corner_along(op.out[0], axis, begin), at);
      if (!is_placed) ++copies;
      begin += plan_.slot(in).shape[static_cast<int>(axis)];
    }
    dropped_[at] = copies == 0;
  }

  void cut(size_t at) {
    const Op& op = plan_.ops[at];
    const auto corner = cut_corner(op);
    if (!corner || op.accumulate || uses_.writers(op.out[0]).size() != 1) return;
    dropped_[at] = is_last_written_before(op.in[0], at) && place(op.out[0], *corner, at);
  }

  // A view holds its numbers at any time, a copy those of the moment when it was made.
  bool is_last_written_before(SlotId id, size_t at) const {
    return std::ranges::all_of(uses_.writers(id), [&](size_t writer) { return writer < at; });
  }

  bool lies_in_arena(SlotId id) const {
    const SlotKind kind = plan_.slot(plan_.base(id)).kind;
    return kind == SlotKind::activation || kind == SlotKind::gradient;
  }

  // Makes `part` a view, if all ops but `copier` that touch its memory take it so.
  bool place(SlotId part, const Corner& corner, size_t copier) {
    const SlotId own = plan_.base(part);
    const Slot& whole = slot(corner.whole);
    const SlotId base = whole.base == kNone ? corner.whole : whole.base;
    if (slot(own).base != kNone || base == own || uses_.is_result(own)) return false;
    if (!lies_in_arena(own) || !lies_in_arena(corner.whole)) return false;
    const Shape& shape = slot(part).shape;
    const Strides strides = strides_of(whole);
    if (corner.element[0] != 0 || run_length(shape, strides) < kShortestRun) return false;
    int64_t offset = whole.offset;
    for (size_t i = 0; i < strides.size(); ++i) offset += corner.element[i] * strides[i];
    const std::vector<SlotId>& same = same_memory_[static_cast<size_t>(own)];
    std::vector<Strides> made;
    for (const SlotId id : same) {
      const auto of_slot = reshaped(shape, strides, slot(id).shape);
      if (!of_slot || !all_take(id, *of_slot, copier)) return false;
      made.push_back(*of_slot);
    }
    for (size_t i = 0; i < same.size(); ++i) {
      Slot& view = slots_[static_cast<size_t>(same[i])];
      view.base = base;
      view.offset = offset;
      view.strides = made[i];
      const bool is_even = has_layout(view.shape, made[i], Layout::lines);
      view.line = is_even ? line_stride(view.shape, made[i]) : 0;
    }
    return true;
  }

  bool all_take(SlotId id, const Strides& strides, size_t copier) const {
    const auto takes = [&](size_t at) {
      const Op& op = plan_.ops[at];
      return at == copier ||
             (op.phase != Phase::prepare && takes_strides(op, id, slot(id).shape, strides));
    };
    return std::ranges::all_of(uses_.writers(id), takes) &&
           std::ranges::all_of(uses_.readers(id), takes);
  }

  const Slot& slot(SlotId id) const { return slots_[static_cast<size_t>(id)]; }

  Plan& plan_;
  const Uses uses_;
  std::vector<Slot> slots_;  ///< those of the plan, with views
  std::vector<bool> dropped_;
  std::vector<std::vector<SlotId>> same_memory_;  ///< by the base in the plan
};

}  // namespace

void view_parts(Plan& plan) {
  Views(plan).make();
}

}  // namespace cornu::inline v0
