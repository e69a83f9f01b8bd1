#include "cornu/core/rng.h"

#include <numeric>
#include <utility>

namespace cornu::inline v0 {
namespace {

/// Draws 64-bit random numbers one after the other from the stream of `key`.
class Draws {
 public:
  explicit Draws(uint64_t key) : key_(key) {}

  uint64_t next() {
    if (at_ == 4) {
      words_ = Philox::words(key_, 0, block_++);
      at_ = 0;
    }
    const uint64_t high = words_[static_cast<size_t>(at_)];
    const uint64_t low = words_[static_cast<size_t>(at_ + 1)];
    at_ += 2;
    return high << 32 | low;
  }

  uint64_t below(uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    Wide product = Wide{next()} * bound;
    if (static_cast<uint64_t>(product) < bound) {
      const uint64_t threshold = (0 - bound) % bound;
      while (static_cast<uint64_t>(product) < threshold) product = Wide{next()} * bound;
    }
    return static_cast<uint64_t>(product >> 64);
  }

 private:
  uint64_t key_;
  uint64_t block_ = 0;
  std::array<uint32_t, 4> words_{};
  int at_ = 4;
};

}  // namespace

void shuffled(uint64_t key, std::span<uint64_t> ids) {
  std::iota(ids.begin(), ids.end(), uint64_t{0});
  Draws draws(key);
  for (size_t left = ids.size(); left > 1; --left) {
    std::swap(ids[left - 1], ids[draws.below(left)]);
  }
}

}  // namespace cornu::inline v0
