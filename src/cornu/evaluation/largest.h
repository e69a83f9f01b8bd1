#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace cornu::inline v0 {

/// The items of the largest `loss`, at most a given number; a loss that is not a number is larger
/// than any, and of equal ones the first that were added stay.
template <class Item>
class Largest {
 public:
  explicit Largest(size_t most) : most_(most) {}
  void add(const Item& item) {
    if (items_.size() == most_ && !is_larger(item, items_.back())) return;
    items_.insert(std::upper_bound(items_.begin(), items_.end(), item, is_larger), item);
    if (items_.size() > most_) items_.pop_back();
  }
  /// The largest first.
  const std::vector<Item>& items() const { return items_; }

 private:
  static bool is_larger(const Item& a, const Item& b) {
    if (std::isnan(a.loss) || std::isnan(b.loss)) return std::isnan(a.loss) && !std::isnan(b.loss);
    return a.loss > b.loss;
  }

  size_t most_;
  std::vector<Item> items_;
};

}  // namespace cornu::inline v0
