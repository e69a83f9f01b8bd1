#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace cornu::inline v0 {

struct LayoutPoint {
  double x = 0, y = 0;
};

/// A box to be placed; `at` is its middle once it is placed.
struct LayoutBox {
  double width = 0, height = 0;
  LayoutPoint at = {};
};

/// An arrow between two boxes and, after the layout, its points: from the middle of the lower side
/// of `from` to the middle of the upper side of `to`, around the other boxes.
struct LayoutArrow {
  size_t from, to;
  std::vector<LayoutPoint> through = {};
};

struct LayoutSpacing {
  double between_boxes = 32, between_ranks = 44;
};

/// Places boxes in ranks from top to bottom, so that every arrow points down, few cross and most
/// are straight (Sugiyama, Tagawa and Toda 1981): a box's rank is the length of the longest path to
/// it; the order within a rank follows the means of neighbours; each box is placed as near to the
/// mean of its neighbours as the order and the spacing allow. Arrows go from lower to higher
/// indices. Returns width and height.
std::pair<double, double> lay_out(std::vector<LayoutBox>& boxes, std::vector<LayoutArrow>& arrows,
                                  const LayoutSpacing& spacing = {});

}  // namespace cornu::inline v0
