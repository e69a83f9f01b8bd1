#include <gtest/gtest.h>

#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace {

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

int barriers(const Plan& plan) {
  return static_cast<int>(std::count_if(plan.ops.begin(), plan.ops.end(),
                                        [](const Op& op) { return op.barrier; })) +
         (plan.barrier_at_end ? 1 : 0);
}

const Slot& slot_named(const Plan& plan, std::string_view name) {
  return *std::find_if(plan.slots.begin(), plan.slots.end(),
                       [&](const Slot& slot) { return slot.name == name; });
}

TEST(Schedule, OneHiddenLayerMeetsOnceAStep) {
  const Plan plan = improve(plan_of(dense_net({64}), Mode::training), {}, 2);
  EXPECT_EQ(barriers(plan), 1);
  EXPECT_FALSE(plan.barrier_at_end);
  // Members own units; the small head is everyone's own.
  EXPECT_EQ(plan.slot(plan.ops.back().out[0]).kind, SlotKind::weight);
  EXPECT_FALSE(slot_named(plan, "dense/kernel").replicated);
  EXPECT_TRUE(slot_named(plan, "dense_1/kernel").replicated);
  // Somebody may still read the hidden layer of the step before when it is written again.
  EXPECT_EQ(slot_named(plan, "dense/pointwise").copies, 2);
  for (const Op& op : plan.ops) {
    if (op.barrier) {
      EXPECT_EQ(op.layer, "dense_1");
    }
  }
}

TEST(Schedule, AloneThereIsNothingToWaitFor) {
  const Plan plan = improve(plan_of(dense_net({64}), Mode::training), {}, 1);
  EXPECT_EQ(barriers(plan), 0);
  for (const Slot& slot : plan.slots) EXPECT_EQ(slot.copies, 1) << slot.name;
}

TEST(Schedule, LayersThatAreTooNarrowForTheTeamAreSharedByRows) {
  const Plan plan = improve(plan_of(dense_net({6}), Mode::training, "adam", 30000), {}, 4);
  for (const Op& op : plan.ops) {
    if (plan.slot(op.out[0]).shape.ndim() == 2) {
      EXPECT_NE(op.split, Split::last_axis) << name(op.what);
    }
  }
  EXPECT_GE(barriers(plan), 2);
}

TEST(Schedule, PredictionAndEvaluationAreSharedByRowsAndMeetWhenTheyAreDone) {
  for (Mode mode : {Mode::predict, Mode::evaluate}) {
    const Plan plan = improve(plan_of(dense_net({64, 64}), mode), {}, 2);
    EXPECT_EQ(barriers(plan), 1);
    EXPECT_TRUE(plan.barrier_at_end);
    for (const Op& op : plan.ops) EXPECT_EQ(op.split, Split::first_axis) << name(op.what);
  }
}

TEST(Schedule, WideLayersOwnUnitsAllTheWay) {
  const Plan plan = improve(plan_of(dense_net({64, 96, 64}), Mode::training), {}, 2);
  for (const Op& op : plan.ops) {
    if (op.layer == "dense_2" && name(op.what) == "product" && op.phase == Phase::forward) {
      EXPECT_EQ(op.split, Split::last_axis);
      EXPECT_TRUE(op.barrier);
    }
  }
  EXPECT_FALSE(slot_named(plan, "dense_1/kernel").replicated);
}

TEST(Schedule, AGradientOfTwoUsesIsEveryonesOwnOnlyIfBothUsesAre) {
  // The second use of the shared layer is computed by everyone, the first is shared by rows: the
  // layer above it is wide.
  Graph graph;
  const Layer shared = Dense({.units = 20, .activation = "sigmoid"});
  auto at = graph.add(shared, graph.add(Flatten(), {graph.add_input({5, 4})}));
  at = graph.add(Dense({.units = 64, .activation = "tanh"}), at);
  at = graph.add(Dense({.units = 20, .activation = "tanh"}), at);
  at = graph.add(shared, at);
  graph.set_outputs(graph.add(Dense({.units = 3, .activation = "softmax"}), at));
  graph.build(0);
  const Plan plan = improve(plan_of(graph, Mode::training, "adam", 600), {}, 2);
  int shared_writers = 0;
  for (const Op& op : plan.ops) {
    for (SlotId out : op.out) {
      if (name(op.what) == "nonzero" || name(op.what) == "transpose_nonzero") continue;
      if (plan.slot(plan.base(out)).replicated) {
        EXPECT_EQ(op.split, Split::each) << name(op.what) << " " << plan.slot(out).name;
      }
      if (op.accumulate) ++shared_writers;
    }
  }
  EXPECT_GE(shared_writers, 2);  // the shared kernel's and the shared bias's second parts
}

TEST(Schedule, WhatPreparesAStepHasACopyForEachStepUnderWay) {
  const Plan plan = improve(plan_of(dense_net({64}), Mode::training), {}, 3);
  int prepared = 0;
  for (const Op& op : plan.ops) {
    if (op.phase != Phase::prepare) continue;
    ++prepared;
    EXPECT_EQ(op.split, Split::one);
    EXPECT_EQ(plan.slot(op.out[0]).copies, 3);
  }
  EXPECT_EQ(prepared, 1);
}

}  // namespace
}  // namespace cornu::inline v0
