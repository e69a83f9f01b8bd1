#include <gtest/gtest.h>

#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace schedule_test {

Graph dense_net(std::vector<int64_t> units) {
  Graph graph;
  auto at = graph.add(Flatten(), {graph.add_input({5, 4})});
  for (int64_t each : units) {
    at = graph.add(Dense({.units = each, .activation = "sigmoid"}), at);
  }
  graph.set_outputs(graph.add(Dense({.units = 3, .activation = "softmax"}), at));
  graph.build(0);
  return graph;
}

int barriers(const Schedule& schedule) {
  return static_cast<int>(std::count_if(schedule.ops.begin(), schedule.ops.end(),
                                        [](const Op& op) { return op.barrier; })) +
         (schedule.barrier_at_end ? 1 : 0);
}

SlotId slot_named(const Plan& plan, std::string_view name) {
  const auto found = std::ranges::find(plan.slots, name, &Slot::name);
  return static_cast<SlotId>(found - plan.slots.begin());
}

TEST(Schedule, OneHiddenLayerHasTwoBarriersPerStep) {
  const Plan plan = improve(plan_of(dense_net({64}), Mode::training));
  const Schedule schedule = make_schedule(plan, 2);
  EXPECT_EQ(barriers(schedule), 2);
  EXPECT_FALSE(schedule.barrier_at_end);
  EXPECT_EQ(plan.slot(schedule.ops.back().out[0]).kind, SlotKind::weight);
  // Members own units of the hidden layer; the small head and its gradients are shared by rows.
  // There is a barrier before the head, which needs all units, and one after it.
  std::vector<std::string> behind;
  for (const Op& op : schedule.ops) {
    const auto* product = std::get_if<ops::Product>(&op.what);
    if (op.barrier) behind.push_back(op.layer + ": " + std::string(name(op.what)));
    if (product == nullptr) continue;
    const bool hidden = op.layer == "dense";
    EXPECT_EQ(op.split, hidden ? Split::last_axis : Split::first_axis) << op.layer;
  }
  EXPECT_EQ(behind, (std::vector<std::string>{"dense_1: product", "dense_1: sum_rows"}));
  // When the hidden layer is written again, only the owners of its units may still read it.
  EXPECT_EQ(schedule.place(slot_named(plan, "dense/pointwise")).copies, 1);
}

TEST(Schedule, OpsThatNeedNotWaitRunBeforeABarrier) {
  // The gradient of the head's bias reads data written by all members; that of the hidden layer,
  // which comes later in the plan, does not.
  const Plan plan = improve(plan_of(dense_net({64}), Mode::training));
  const Schedule schedule = make_schedule(plan, 2);
  const auto at = [&](const auto& is) { return std::ranges::find_if(schedule.ops, is); };
  const auto bias = at([](const Op& op) { return std::holds_alternative<ops::SumRows>(op.what); });
  const auto back = at([](const Op& op) {
    const auto* product = std::get_if<ops::Product>(&op.what);
    return product != nullptr && product->w_transposed;
  });
  EXPECT_LT(back, bias);
  EXPECT_FALSE(back->barrier);
  EXPECT_TRUE(bias->barrier);
}

TEST(Schedule, OneMemberHasNoBarriers) {
  const Plan plan = improve(plan_of(dense_net({64}), Mode::training));
  const Schedule schedule = make_schedule(plan, 1);
  EXPECT_EQ(barriers(schedule), 0);
  for (const SlotPlace& place : schedule.places) EXPECT_EQ(place.copies, 1);
}

TEST(Schedule, LayersThatAreTooNarrowForTheTeamAreSharedByRows) {
  const Plan plan = improve(plan_of(dense_net({6}), Mode::training, "adam", 30000));
  const Schedule schedule = make_schedule(plan, 4);
  for (const Op& op : schedule.ops) {
    if (plan.slot(op.out[0]).shape.ndim() == 2) {
      EXPECT_NE(op.split, Split::last_axis) << name(op.what);
    }
  }
  EXPECT_GE(barriers(schedule), 2);
}

TEST(Schedule, NarrowSharesOfListedZerosAreRows) {
  const auto split_of_first_layer = [](int64_t units, int64_t rows) {
    const Plan plan = improve(plan_of(dense_net({units}), Mode::training, "adam", rows));
    std::vector<Split> splits;
    for (const Op& op : make_schedule(plan, 2).ops) {
      if (name(op.what) == "product" && op.layer == "dense") splits.push_back(op.split);
    }
    EXPECT_EQ(splits.size(), 2U);
    EXPECT_EQ(splits.front(), splits.back());
    return splits.front();
  };
  EXPECT_EQ(split_of_first_layer(64, 64), Split::first_axis);
  EXPECT_EQ(split_of_first_layer(80, 64), Split::last_axis);
  EXPECT_EQ(split_of_first_layer(64, 63), Split::last_axis);
}

TEST(Schedule, PredictionAndEvaluationAreSharedByRowsWithABarrierAtTheEnd) {
  for (Mode mode : {Mode::predict, Mode::evaluate}) {
    const Plan plan = improve(plan_of(dense_net({64, 64}), mode));
    const Schedule schedule = make_schedule(plan, 2);
    EXPECT_EQ(barriers(schedule), 1);
    EXPECT_TRUE(schedule.barrier_at_end);
    for (const Op& op : schedule.ops) EXPECT_EQ(op.split, Split::first_axis) << name(op.what);
  }
}

TEST(Schedule, WideLayersAreSharedByUnits) {
  const Plan plan = improve(plan_of(dense_net({64, 96, 64}), Mode::training));
  const Schedule schedule = make_schedule(plan, 2);
  for (const Op& op : schedule.ops) {
    if (op.layer == "dense_2" && name(op.what) == "product" && op.phase == Phase::forward) {
      EXPECT_EQ(op.split, Split::last_axis);
      EXPECT_TRUE(op.barrier);
    }
  }
}

TEST(Schedule, OpsThatTouchTheSameSlotKeepTheirOrder) {
  // A shared layer's gradients have two parts each, the second of which adds to the first.
  Graph graph;
  const Layer shared = Dense({.units = 20, .activation = "sigmoid"});
  auto at = graph.add(shared, graph.add(Flatten(), {graph.add_input({5, 4})}));
  at = graph.add(Dense({.units = 64, .activation = "tanh"}), at);
  at = graph.add(Dense({.units = 20, .activation = "tanh"}), at);
  at = graph.add(shared, at);
  graph.set_outputs(graph.add(Dense({.units = 3, .activation = "softmax"}), at));
  graph.build(0);
  const Plan before = improve(plan_of(graph, Mode::training, "adam", 600));
  const Schedule after = make_schedule(before, 2);
  const auto touches = [&](const Slots& slots, SlotId id) {
    return std::ranges::any_of(
        slots, [&](SlotId each) { return each != kNone && before.base(each) == before.base(id); });
  };
  const auto depend = [&](const Op& a, const Op& b) {
    return std::ranges::any_of(
               a.out, [&](SlotId id) { return touches(b.in, id) || touches(b.out, id); }) ||
           std::ranges::any_of(b.out, [&](SlotId id) { return touches(a.in, id); });
  };
  const auto place = [&](const Op& op) {
    return std::ranges::find_if(after.ops, [&](const Op& other) {
      return other.what == op.what && other.in == op.in && other.out == op.out;
    });
  };
  ASSERT_EQ(before.ops.size(), after.ops.size());
  int pairs = 0, moved = 0;
  for (size_t i = 0; i < before.ops.size(); ++i) {
    ASSERT_NE(place(before.ops[i]), after.ops.end());
    for (size_t j = 0; j < i; ++j) {
      const bool in_order = place(before.ops[j]) < place(before.ops[i]);
      if (!depend(before.ops[j], before.ops[i])) {
        moved += in_order ? 0 : 1;
        continue;
      }
      ++pairs;
      EXPECT_TRUE(in_order) << name(before.ops[j].what) << " " << name(before.ops[i].what);
    }
  }
  EXPECT_GT(pairs, 30);
  EXPECT_GT(moved, 0);
}

TEST(Schedule, PreparedSlotsHaveACopyForEachStepUnderWay) {
  const Plan plan = improve(plan_of(dense_net({64}), Mode::training));
  const Schedule schedule = make_schedule(plan, 3);
  int prepared = 0;
  for (const Op& op : schedule.ops) {
    if (op.phase != Phase::prepare) continue;
    ++prepared;
    // One member counts the optimizer's steps; each lists the zeros of the rows it has gathered.
    const bool counts = std::holds_alternative<ops::AdamStep>(op.what);
    EXPECT_EQ(op.split, counts ? Split::one : Split::first_axis);
    for (SlotId out : op.out) {
      if (plan.slot(out).kind == SlotKind::activation) {
        EXPECT_EQ(schedule.place(out).copies, 3);
      }
    }
  }
  EXPECT_EQ(prepared, 3);
  // A member that transposes bits owns whole words of them.
  EXPECT_EQ(plan.row_grain, 64);
  EXPECT_EQ(improve(plan_of(dense_net({64}), Mode::predict)).row_grain, 1);
}

}  // namespace schedule_test
}  // namespace cornu::inline v0
