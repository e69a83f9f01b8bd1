#include "cornu/report/graph_layout.h"

#include <algorithm>
#include <numeric>

namespace cornu::inline v0 {
namespace {

constexpr int kSweeps = 12;
constexpr double kArrowWidth = 8;  // room for an arrow that passes a rank

/// A box, or the place where an arrow passes a rank.
struct Place {
  double width = kArrowWidth, height = 0, x = 0;
  size_t rank = 0;
  std::vector<size_t> above = {}, below = {};
};

class Ranks {
 public:
  Ranks(const std::vector<LayoutBox>& boxes, std::vector<LayoutArrow>& arrows,
        const LayoutSpacing& spacing)
      : spacing_(spacing), passes_(arrows.size()) {
    for (const LayoutBox& box : boxes)
      places_.push_back({.width = box.width, .height = box.height});
    for (const LayoutArrow& arrow : arrows) {
      places_[arrow.to].rank = std::max(places_[arrow.to].rank, places_[arrow.from].rank + 1);
    }
    for (size_t i = 0; i < arrows.size(); ++i) connect(arrows[i], passes_[i]);
    size_t count = 0;
    for (const Place& place : places_) count = std::max(count, place.rank + 1);
    ranks_.resize(count);
    for (size_t i = 0; i < places_.size(); ++i) ranks_[places_[i].rank].push_back(i);
  }

  void order() {
    auto best = ranks_;
    size_t fewest = crossings();
    for (int sweep = 0; sweep < kSweeps && fewest > 0; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (size_t i = 1; i < ranks_.size(); ++i) {
        sort_by_neighbours(ranks_[down ? i : ranks_.size() - 1 - i], down);
      }
      if (const size_t now = crossings(); now < fewest) {
        fewest = now;
        best = ranks_;
      }
    }
    ranks_ = std::move(best);
  }

  void place() {
    for (const auto& rank : ranks_) {
      double x = 0;
      for (const size_t i : rank) {
        places_[i].x = x + places_[i].width / 2;
        x += places_[i].width + spacing_.between_boxes;
      }
    }
    for (int sweep = 0; sweep < 2 * kSweeps; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (size_t i = 0; i < ranks_.size(); ++i) {
        settle(ranks_[down ? i : ranks_.size() - 1 - i], sweep < kSweeps ? down : sweep % 4 < 2);
      }
    }
    double left = 0;
    for (const Place& place : places_) left = std::min(left, place.x - place.width / 2);
    for (Place& place : places_) place.x -= left;
    double y = 0;
    for (const auto& rank : ranks_) {
      double height = 0;
      for (const size_t i : rank) height = std::max(height, places_[i].height);
      middles_.push_back(y + height / 2);
      heights_.push_back(height);
      y += height + spacing_.between_ranks;
    }
    height_ = y - spacing_.between_ranks;
  }

  LayoutPoint at(size_t i) const { return {places_[i].x, middles_[places_[i].rank]}; }
  double rank_height(size_t i) const { return heights_[places_[i].rank]; }
  const std::vector<size_t>& passes(size_t arrow) const { return passes_[arrow]; }
  std::pair<double, double> size() const {
    double width = 0;
    for (const Place& place : places_) width = std::max(width, place.x + place.width / 2);
    return {width, std::max(0.0, height_)};
  }

 private:
  void connect(const LayoutArrow& arrow, std::vector<size_t>& passes) {
    size_t last = arrow.from;
    for (size_t rank = places_[arrow.from].rank + 1; rank <= places_[arrow.to].rank; ++rank) {
      size_t next = arrow.to;
      if (rank < places_[arrow.to].rank) {
        next = places_.size();
        places_.push_back({.rank = rank});
        passes.push_back(next);
      }
      places_[last].below.push_back(next);
      places_[next].above.push_back(last);
      last = next;
    }
  }

  void sort_by_neighbours(std::vector<size_t>& rank, bool down) {
    std::vector<double> position(places_.size());
    for (const auto& each : ranks_) {
      for (size_t i = 0; i < each.size(); ++i) position[each[i]] = static_cast<double>(i);
    }
    std::vector<double> mean(places_.size());
    for (const size_t i : rank) {
      const std::vector<size_t>& near = down ? places_[i].above : places_[i].below;
      mean[i] = position[i];
      if (near.empty()) continue;
      double sum = 0;
      for (const size_t other : near) sum += position[other];
      mean[i] = sum / static_cast<double>(near.size());
    }
    std::ranges::stable_sort(rank, [&](size_t a, size_t b) { return mean[a] < mean[b]; });
  }

  size_t crossings() const {
    std::vector<size_t> position(places_.size());
    for (const auto& rank : ranks_) {
      for (size_t i = 0; i < rank.size(); ++i) position[rank[i]] = i;
    }
    size_t count = 0;
    for (const auto& rank : ranks_) {
      for (size_t a = 0; a < rank.size(); ++a) {
        for (size_t b = a + 1; b < rank.size(); ++b) {
          for (const size_t of_a : places_[rank[a]].below) {
            for (const size_t of_b : places_[rank[b]].below) {
              if (position[of_a] > position[of_b]) ++count;
            }
          }
        }
      }
    }
    return count;
  }

  // The positions nearest to the means of the neighbours that keep the order and the distance:
  // boxes that would be too near to each other are moved as a group.
  void settle(const std::vector<size_t>& rank, bool to_those_above) {
    struct Group {
      double sum;
      size_t first, count;
      double mean() const { return sum / static_cast<double>(count); }
    };
    std::vector<Group> groups;
    std::vector<double> offset;
    double along = 0;
    for (size_t i = 0; i < rank.size(); ++i) {
      const Place& place = places_[rank[i]];
      if (i > 0) along += (places_[rank[i - 1]].width + place.width) / 2 + spacing_.between_boxes;
      offset.push_back(along);
      const auto& near = to_those_above ? place.above : place.below;
      double wish = place.x;
      if (!near.empty()) {
        wish = 0;
        for (const size_t other : near) wish += places_[other].x;
        wish /= static_cast<double>(near.size());
      }
      groups.push_back({wish - along, i, 1});
      while (groups.size() > 1 && groups[groups.size() - 2].mean() >= groups.back().mean()) {
        const Group last = groups.back();
        groups.pop_back();
        groups.back().sum += last.sum;
        groups.back().count += last.count;
      }
    }
    for (const Group& group : groups) {
      for (size_t i = group.first; i < group.first + group.count; ++i) {
        places_[rank[i]].x = group.mean() + offset[i];
      }
    }
  }

  const LayoutSpacing spacing_;
  std::vector<Place> places_;
  std::vector<std::vector<size_t>> passes_;  ///< of each arrow
  std::vector<std::vector<size_t>> ranks_;
  std::vector<double> middles_, heights_;  ///< of the ranks
  double height_ = 0;
};

}  // namespace

std::pair<double, double> lay_out(std::vector<LayoutBox>& boxes, std::vector<LayoutArrow>& arrows,
                                  const LayoutSpacing& spacing) {
  std::ranges::stable_sort(arrows, {}, [](const LayoutArrow& arrow) { return arrow.from; });
  Ranks ranks(boxes, arrows, spacing);
  ranks.order();
  ranks.place();
  for (size_t i = 0; i < boxes.size(); ++i) boxes[i].at = ranks.at(i);
  for (size_t i = 0; i < arrows.size(); ++i) {
    LayoutArrow& arrow = arrows[i];
    const LayoutBox& from = boxes[arrow.from];
    const LayoutBox& to = boxes[arrow.to];
    arrow.through = {{from.at.x, from.at.y + from.height / 2}};
    // Straight past the boxes of a rank, so that it bends only between ranks.
    for (const size_t pass : ranks.passes(i)) {
      const auto [x, y] = ranks.at(pass);
      arrow.through.push_back({x, y - ranks.rank_height(pass) / 2});
      arrow.through.push_back({x, y + ranks.rank_height(pass) / 2});
    }
    arrow.through.push_back({to.at.x, to.at.y - to.height / 2});
  }
  return ranks.size();
}

}  // namespace cornu::inline v0
