#include "cornu/report/graph_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

namespace cornu::inline v0 {
namespace graph_layout_test {

bool overlap(const LayoutBox& a, const LayoutBox& b) {
  return std::abs(a.at.x - b.at.x) < (a.width + b.width) / 2 &&
         std::abs(a.at.y - b.at.y) < (a.height + b.height) / 2;
}

// Conditions that every layout must meet.
void expect_sound(const std::vector<LayoutBox>& boxes, const std::vector<LayoutArrow>& arrows,
                  std::pair<double, double> size) {
  for (size_t i = 0; i < boxes.size(); ++i) {
    for (size_t j = i + 1; j < boxes.size(); ++j) EXPECT_FALSE(overlap(boxes[i], boxes[j]));
    EXPECT_GE(boxes[i].at.x - boxes[i].width / 2, -1e-9);
    EXPECT_LE(boxes[i].at.x + boxes[i].width / 2, size.first + 1e-9);
    EXPECT_LE(boxes[i].at.y + boxes[i].height / 2, size.second + 1e-9);
  }
  for (const LayoutArrow& arrow : arrows) {
    EXPECT_LT(boxes[arrow.from].at.y, boxes[arrow.to].at.y);
    for (size_t i = 1; i < arrow.through.size(); ++i) {
      EXPECT_LE(arrow.through[i - 1].y, arrow.through[i].y);
    }
    // An arrow passes between the boxes of a rank.
    for (size_t i = 1; i + 1 < arrow.through.size(); ++i) {
      const LayoutBox point = {.width = 0, .height = 0, .at = arrow.through[i]};
      for (const LayoutBox& box : boxes) EXPECT_FALSE(overlap(point, box));
    }
  }
}

std::vector<LayoutBox> boxes_of(size_t count) {
  std::vector<LayoutBox> boxes;
  for (size_t i = 0; i < count; ++i) {
    boxes.push_back({.width = 60 + static_cast<double>(i * 37 % 5) * 20,
                     .height = 30 + static_cast<double>(i % 3) * 10});
  }
  return boxes;
}

TEST(GraphLayout, AChainIsStraight) {
  auto boxes = boxes_of(4);
  std::vector<LayoutArrow> arrows = {{0, 1}, {1, 2}, {2, 3}};
  expect_sound(boxes, arrows, lay_out(boxes, arrows));
  for (const LayoutBox& box : boxes) EXPECT_NEAR(box.at.x, boxes[0].at.x, 1e-9);
}

TEST(GraphLayout, RemovesNeedlessCrossings) {
  auto boxes = boxes_of(6);
  // In the order given, 0 → 4 would cross 1 → 3, with 2 between them.
  std::vector<LayoutArrow> arrows = {{0, 4}, {1, 3}, {2, 5}, {1, 4}};
  expect_sound(boxes, arrows, lay_out(boxes, arrows));
  EXPECT_EQ(boxes[0].at.x < boxes[1].at.x, boxes[4].at.x < boxes[3].at.x);
}

TEST(GraphLayout, ALongArrowPassesTheRanksBetween) {
  auto boxes = boxes_of(4);
  std::vector<LayoutArrow> arrows = {{0, 1}, {1, 2}, {2, 3}, {0, 3}};
  expect_sound(boxes, arrows, lay_out(boxes, arrows));
  for (const LayoutArrow& arrow : arrows) {
    EXPECT_EQ(arrow.through.size(), arrow.from == 0 && arrow.to == 3 ? 6U : 2U);
  }
}

TEST(GraphLayout, IsSoundForManyGraphs) {
  uint64_t state = 1;
  const auto draw = [&state](uint64_t end) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (state >> 33) % end;
  };
  for (int graph = 0; graph < 200; ++graph) {
    const size_t count = 1 + draw(14);
    auto boxes = boxes_of(count);
    std::vector<LayoutArrow> arrows;
    for (size_t to = 1; to < count; ++to) {
      for (uint64_t i = 0; i <= draw(3); ++i) {
        const size_t from = draw(to);
        const bool known = std::ranges::any_of(
            arrows, [&](const LayoutArrow& arrow) { return arrow.from == from && arrow.to == to; });
        if (!known) arrows.push_back({from, to});
      }
    }
    SCOPED_TRACE(graph);
    expect_sound(boxes, arrows, lay_out(boxes, arrows));
  }
}

TEST(GraphLayout, OfNoBoxesHasNoSize) {
  std::vector<LayoutBox> boxes;
  std::vector<LayoutArrow> arrows;
  EXPECT_EQ(lay_out(boxes, arrows), (std::pair{0.0, 0.0}));
}

}  // namespace graph_layout_test
}  // namespace cornu::inline v0
