#include "cornu/datasets/in_bytes.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "cornu/kernels/table.h"

namespace cornu::inline v0 {
namespace {

// How images are scaled in practice. The most frequent first: zeros, with which most images begin,
// fit it too.
constexpr std::array<InputEncoding, 2> kScalings{{
    {.dtype = DType::uint8, .divisor = 255},
    {.dtype = DType::uint8, .divisor = 127.5, .offset = 127.5},
}};

// Floats in the caller's memory, which may lie at any address.
class Floats {
 public:
  static constexpr size_t kMost = 4096;

  explicit Floats(const std::byte* begin)
      : begin_(begin), is_aligned_(reinterpret_cast<std::uintptr_t>(begin) % alignof(float) == 0) {}
  /// Elements [first, first + count), count <= kMost, until the next call.
  const float* at(size_t first, size_t count) {
    const std::byte* const from = begin_ + first * sizeof(float);
    if (is_aligned_) return reinterpret_cast<const float*>(from);
    std::memcpy(copy_.data(), from, count * sizeof(float));
    return copy_.data();
  }

 private:
  const std::byte* begin_;
  bool is_aligned_;
  std::array<float, kMost> copy_;
};

// Writes the byte of each of `count` floats; false if one of them has none.
bool encode(const InputEncoding& scaling, const std::byte* floats, size_t count, uint8_t* bytes,
            Team& team) {
  const kernels::Table& kernel = kernels::table(kernels::best_target());
  // Members stop soon after an element that has no byte.
  const size_t blocks = (count + Floats::kMost - 1) / Floats::kMost;
  std::atomic<bool> fits = true;
  team.run(team.size(), [&](Team::Member& member) {
    const auto index = static_cast<size_t>(member.index());
    const auto members = static_cast<size_t>(member.count());
    Floats from(floats);
    for (size_t block = blocks * index / members; block < blocks * (index + 1) / members; ++block) {
      if (!fits.load(std::memory_order_relaxed)) return;
      const size_t begin = block * Floats::kMost;
      const size_t size = std::min(Floats::kMost, count - begin);
      const bool fit = kernel.encode({.x = from.at(begin, size),
                                      .y = bytes + begin,
                                      .size = static_cast<int64_t>(size),
                                      .divisor = static_cast<float>(scaling.divisor),
                                      .offset = static_cast<float>(scaling.offset)});
      if (!fit) fits.store(false, std::memory_order_relaxed);
    }
  });
  return fits.load(std::memory_order_relaxed);
}

}  // namespace

std::optional<EncodedBytes> in_bytes(TensorView floats, Team& team) {
  const auto count = static_cast<size_t>(floats.size());
  if (floats.dtype() != DType::float32 || count == 0) return std::nullopt;
  Block block(count);
  block.prefer_huge_pages();
  auto* const bytes = reinterpret_cast<uint8_t*>(block.data());
  for (const InputEncoding& each : kScalings) {
    if (!encode(each, floats.data(), count, bytes, team)) continue;
    return EncodedBytes{Tensor(std::move(block), floats.shape(), DType::uint8), each};
  }
  return std::nullopt;
}

std::optional<EncodedBytes> labels_in_bytes(TensorView one_hot) {
  constexpr uint32_t kOne = std::bit_cast<uint32_t>(1.0F);
  const Shape& shape = one_hot.shape();
  if (one_hot.dtype() != DType::float32 || shape.ndim() != 2 || one_hot.size() == 0 ||
      shape[1] > 256) {
    return std::nullopt;
  }
  Tensor labels(Shape{shape[0]}, DType::uint8);
  const std::byte* from = one_hot.data();
  for (uint8_t& label : labels.span<uint8_t>()) {
    int64_t ones = 0;
    for (int64_t i = 0; i < shape[1]; ++i, from += sizeof(float)) {
      uint32_t bits = 0;
      std::memcpy(&bits, from, sizeof bits);
      if (bits != 0 && bits != kOne) return std::nullopt;
      if (bits == 0) continue;
      ++ones;
      label = static_cast<uint8_t>(i);
    }
    if (ones != 1) return std::nullopt;
  }
  return EncodedBytes{std::move(labels), {.dtype = DType::uint8, .classes = shape[1]}};
}

}  // namespace cornu::inline v0
