#include "cornu/ops/views.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cornu/ops/op.h"

namespace cornu::inline v0 {
namespace views_test {

// The place of each element of a slot with two rows, in its base.
std::vector<int64_t> places(const Shape& shape, const Strides& strides) {
  std::vector<int64_t> all = {0};
  for (int axis = 0; axis < shape.ndim(); ++axis) {
    std::vector<int64_t> longer;
    for (const int64_t place : all) {
      for (int64_t i = 0; i < (shape[axis] == kRows ? 2 : shape[axis]); ++i) {
        longer.push_back(place + i * strides[static_cast<size_t>(axis)]);
      }
    }
    all = std::move(longer);
  }
  return all;
}

Slot slot_of(const Shape& shape, const Strides& strides, int64_t offset) {
  Slot slot;
  slot.shape = shape;
  slot.strides = strides;
  slot.offset = offset;
  return slot;
}

TEST(Views, DenseStridesCountTheElementsBehindAnAxis) {
  EXPECT_EQ(dense_strides({kRows, 3, 4, 5}), (Strides{60, 20, 5, 1}));
  EXPECT_EQ(dense_strides({kRows}), (Strides{1}));
}

TEST(Views, ReshapingKeepsThePlacesOfTheElements) {
  const Shape shapes[] = {{kRows, 24},      {kRows, 1, 24}, {kRows, 24, 1},
                          {kRows, 4, 6},    {kRows, 2, 12}, {kRows, 2, 2, 6},
                          {kRows, 4, 1, 6}, {kRows, 8, 3},  {kRows, 1, 4, 6, 1}};
  int made = 0;
  for (const Shape& whole : {Shape{kRows, 30}, {kRows, 4, 9}, {kRows, 5, 2, 8}, {kRows, 3, 4, 6}}) {
    for (const Shape& part : shapes) {
      if (part.ndim() != whole.ndim()) continue;
      const Strides strides = dense_strides(whole);
      for (const Shape& to : shapes) {
        const auto found = reshaped(part, strides, to);
        if (!found) continue;
        ++made;
        EXPECT_EQ(places(to, *found), places(part, strides)) << part << " to " << to;
      }
    }
  }
  EXPECT_GT(made, 30);
  EXPECT_EQ(reshaped({kRows, 4, 6}, {36, 9, 1}, {kRows, 24}), std::nullopt) << "has gaps";
  EXPECT_EQ(reshaped({kRows, 24}, {30, 1}, {kRows, 4, 6}), (Strides{30, 6, 1}));
  EXPECT_EQ(reshaped({4, 6}, {6, 1}, {24}), std::nullopt) << "without rows";
}

TEST(Views, LayoutsAllowTheirGaps) {
  const Shape images = {kRows, 3, 4, 16};
  const auto layouts = [&](const Strides& strides) {
    std::string all;
    for (const auto& [name, layout] : {std::pair("side ", Layout::side_by_side),
                                       {"lines ", Layout::lines},
                                       {"samples ", Layout::samples},
                                       {"any", Layout::any_lines}}) {
      if (has_layout(images, strides, layout)) all += name;
    }
    return all;
  };
  EXPECT_EQ(layouts({192, 64, 16, 1}), "side lines samples any");
  EXPECT_EQ(layouts({500, 64, 16, 1}), "samples any") << "as flattened and concatenated";
  EXPECT_EQ(layouts({480, 160, 40, 1}), "lines any") << "some channels";
  EXPECT_EQ(layouts({500, 100, 16, 1}), "any") << "cropped";
  EXPECT_EQ(layouts({192, 64, 16, 2}), "");
  EXPECT_TRUE(has_layout({kRows, 1, 16}, {50, 7, 1}, Layout::lines)) << "an axis of 1 has no gaps";
}

TEST(Views, RunsEndAtTheFirstGap) {
  EXPECT_EQ(run_length({kRows, 3, 4, 16}, {192, 64, 16, 1}), 192);
  EXPECT_EQ(run_length({kRows, 3, 4, 16}, {500, 100, 16, 1}), 64);
  EXPECT_EQ(run_length({kRows, 3, 4, 16}, {480, 160, 40, 1}), 16);
}

TEST(Views, LinesAreFoundByTheirAxes) {
  const Shape shape = {kRows, 3, 4, 5};
  const Strides strides = {1000, 100, 10, 1};
  EXPECT_EQ(line_offset(shape, strides, 0), 0);
  EXPECT_EQ(line_offset(shape, strides, 3), 30);
  EXPECT_EQ(line_offset(shape, strides, 4), 100);
  EXPECT_EQ(line_offset(shape, strides, 12 * 2 + 4 * 2 + 1), 2210);
  EXPECT_EQ(line_stride(shape, strides), 10);
  EXPECT_EQ(line_stride({kRows, 1, 5}, {1000, 3, 1}), 1000);
}

Op op_of(What what, Slots in, Slots out) {
  return {.what = std::move(what), .in = std::move(in), .out = std::move(out), .layer = {}};
}

TEST(Views, AnOpTakesTheGapsThatItStates) {
  const Shape shape = {kRows, 4, 16};
  const Strides lines = {400, 100, 1};
  const Strides samples = {400, 16, 1};
  const Op product = op_of(ops::Product{}, {0, 1, 2}, {3});
  for (const SlotId id : {0, 3}) {
    EXPECT_TRUE(takes_strides(product, id, shape, lines));
    EXPECT_FALSE(takes_strides(product, id, shape, samples));
  }
  const Op pool = op_of(ops::MaxPool{}, {0}, {1});
  const Shape images = {kRows, 2, 2, 16};
  EXPECT_TRUE(takes_strides(pool, 0, images, {400, 32, 16, 1}));
  EXPECT_FALSE(takes_strides(pool, 0, images, {400, 200, 100, 1}));
  EXPECT_FALSE(takes_strides(op_of(ops::OneHot{}, {0}, {1}), 1, shape, lines));
  // The first input of a convolution may have gaps of any kind, the others have lines.
  Op convolution = op_of(ops::Convolution{}, {0, 1, 2}, {3});
  EXPECT_TRUE(takes_strides(convolution, 0, images, {400, 90, 20, 1}));
  EXPECT_FALSE(takes_strides(convolution, 3, images, {400, 90, 20, 1}));
  EXPECT_TRUE(takes_strides(convolution, 3, images, {80, 40, 20, 1}));
  convolution.fused.pool = ops::Window{};
  EXPECT_FALSE(takes_strides(convolution, 3, images, {80, 40, 20, 1})) << "as pooling";
  EXPECT_TRUE(takes_strides(convolution, 3, images, {400, 32, 16, 1}));
  convolution.fused.skips_zeros = true;
  EXPECT_FALSE(takes_strides(convolution, 0, images, {400, 90, 20, 1}));
}

TEST(Views, WhatFusedOpsReadLiesAsTheOutput) {
  Op product = op_of(ops::Product{.w_transposed = true}, {0, 1, kNone}, {3});
  product.add_fused_input(Fused::kSaved, 4);
  const Shape shape = {kRows, 16};
  EXPECT_TRUE(takes_strides(product, 0, shape, {100, 1}));
  EXPECT_FALSE(takes_strides(product, 4, shape, {100, 1}));
  EXPECT_FALSE(takes_strides(product, 3, shape, {100, 1}));
}

// Never false where there is a common place; true without one only where axes cross.
TEST(Views, OverlapIsFoundWhereThereIsOne) {
  const Shape whole = {kRows, 4, 6, 8};
  const Strides strides = dense_strides(whole);
  std::vector<Slot> parts = {slot_of(whole, strides, 0)};
  for (const auto& [shape, offset] : {std::pair(Shape{kRows, 4, 6, 3}, int64_t{0}),
                                      {{kRows, 4, 6, 5}, 3},
                                      {{kRows, 4, 6, 5}, 2},
                                      {{kRows, 2, 6, 8}, 0},
                                      {{kRows, 2, 6, 8}, 96},
                                      {{kRows, 2, 6, 8}, 48},
                                      {{kRows, 4, 2, 8}, 8},
                                      {{kRows, 4, 3, 8}, 24},
                                      {{kRows, 2, 2, 4}, 48 + 8 + 2}}) {
    parts.push_back(slot_of(shape, strides, offset));
  }
  int apart = 0;
  for (const Slot& a : parts) {
    for (const Slot& b : parts) {
      const auto of_a = places(a.shape, strides);
      std::set<int64_t> common;
      for (const int64_t place : of_a) common.insert(place + a.offset);
      const auto of_b = places(b.shape, strides);
      const bool meet = std::ranges::any_of(
          of_b, [&](int64_t place) { return common.contains(place + b.offset); });
      EXPECT_TRUE(overlap(a, b) || !meet) << a.shape << a.offset << b.shape << b.offset;
      if (!overlap(a, b)) ++apart;
    }
  }
  EXPECT_FALSE(overlap(parts[1], parts[2]));
  EXPECT_FALSE(overlap(parts[4], parts[5]));
  EXPECT_FALSE(overlap(parts[7], parts[8]));
  EXPECT_GE(apart, 6);
  Slot dense;
  dense.shape = whole;
  EXPECT_TRUE(overlap(dense, dense));
  EXPECT_TRUE(overlap(dense, parts[1]));
}

}  // namespace views_test
}  // namespace cornu::inline v0
