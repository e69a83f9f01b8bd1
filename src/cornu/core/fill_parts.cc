#include "cornu/core/fill_parts.h"

#include <algorithm>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
#include <thread>

#include "cornu/core/cpus.h"

namespace cornu::inline v0 {
namespace {

constexpr size_t kFilledPiece = size_t{4} << 20;
// A thread starts in the time in which half a megabyte is read.
constexpr size_t kLeastForTwoThreads = size_t{8} << 20;

struct Piece {
  size_t part, begin;
  std::span<std::byte> to;
};

std::vector<Piece> pieces_of(const std::vector<FilledPart>& parts) {
  std::vector<Piece> pieces;
  for (size_t part = 0; part < parts.size(); ++part) {
    const auto [offset, whole] = parts[part];
    size_t end = 0;
    for (size_t begin = 0; begin < whole.size(); begin = end) {
      const auto to_cut = static_cast<size_t>(kFilledPiece - (offset + begin) % kFilledPiece);
      end = std::min(begin + to_cut, whole.size());
      pieces.push_back({.part = part, .begin = begin, .to = whole.subspan(begin, end - begin)});
    }
  }
  return pieces;
}

/// What is left of the pieces: those from `first` to `last`, which two threads take from both ends.
class Left {
 public:
  explicit Left(size_t count) : last_(count) {}

  std::optional<size_t> take_first() {
    const std::scoped_lock lock(mutex_);
    return first_ < last_ ? std::optional(first_++) : std::nullopt;
  }
  std::optional<size_t> take_last() {
    const std::scoped_lock lock(mutex_);
    return first_ < last_ ? std::optional(--last_) : std::nullopt;
  }

 private:
  std::mutex mutex_;
  size_t first_ = 0, last_;
};

}  // namespace

void fill_parts(const std::vector<FilledPart>& parts, const IsAtHand& is_at_hand,
                const FillPart& fill) {
  const std::vector<Piece> pieces = pieces_of(parts);
  const auto fill_piece = [&](size_t i) { fill(pieces[i].part, pieces[i].begin, pieces[i].to); };
  size_t nbytes = 0;
  for (const FilledPart& each : parts) nbytes += each.to.size();
  Left left(pieces.size());
  size_t filled_from = pieces.size();  // by the other thread, read when it has ended
  std::jthread other;
  if (nbytes >= kLeastForTwoThreads && usable_cpus().threads() > 1) {
    try {
      other = std::jthread([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          const std::optional<size_t> i = left.take_last();
          if (!i) return;
          try {
            if (!is_at_hand(pieces[*i].part, pieces[*i].begin)) return;
            fill_piece(*i);
          } catch (...) {
            return;
          }
          filled_from = *i;
        }
      });
    } catch (const std::system_error&) {
    } catch (const std::bad_alloc&) {
    }
  }
  size_t filled = 0;
  while (left.take_first()) fill_piece(filled++);
  if (other.joinable()) other.join();
  while (filled < filled_from) fill_piece(filled++);
}

}  // namespace cornu::inline v0
