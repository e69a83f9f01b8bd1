// Compiled once per target. Random words, and what dropout keeps by them.

#if defined(CORNU_KERNELS_DROPOUT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_DROPOUT_INL_H_
#undef CORNU_KERNELS_DROPOUT_INL_H_
#else
#define CORNU_KERNELS_DROPOUT_INL_H_
#endif

#include <algorithm>
#include <cstdint>

#include "cornu/core/rng.h"
#include "cornu/kernels/scalar_internal.h"
#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

#ifdef CORNU_PORTABLE

inline void dropout(const DropoutArgsOf<float>& a) {
  kernels::dropout(a);
}

#else

constexpr int64_t kWords = 64;  // that are made at once
constexpr int64_t kWordsPerBlock = 4;

/// The words of the 16 blocks from `block` on (Philox::words in core/rng.h), in their order.
class PhiloxWords {
  // A block is a lane. Of each lane's 64 bits the low half counts: products read that half alone,
  // and what comes into the other half is never shifted down.
  using Tag64 = hn::ScalableTag<uint64_t>;
  using Tag32 = hn::Repartition<uint32_t, Tag64>;
  using Lanes64 = hn::Vec<Tag64>;
  static constexpr int64_t kBlocks = hn::MaxLanes(Tag64());

 public:
  PhiloxWords(uint64_t key, uint64_t sample, uint64_t block) : key_(key), sample_(sample) {
    for (int64_t i = 0; i < kWords / kWordsPerBlock; i += 2 * kBlocks) {
      // Two at once, as a round waits for its products.
      State first(sample_, block + static_cast<uint64_t>(i));
      State second(sample_, block + static_cast<uint64_t>(i + kBlocks));
      auto k0 = static_cast<uint32_t>(key_);
      auto k1 = static_cast<uint32_t>(key_ >> 32);
      for (int round = 0; round < 10; ++round) {
        first.mix(k0, k1);
        second.mix(k0, k1);
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
      }
      first.store(words_ + i * kWordsPerBlock);
      second.store(words_ + (i + kBlocks) * kWordsPerBlock);
    }
  }

  const uint32_t* get() const { return words_; }

 private:
  struct State {
    Lanes64 c0, c1, c2, c3;

    HWY_ATTR State(uint64_t sample, uint64_t block)
        : c0(hn::Iota(Tag64(), block)),
          c1(hn::ShiftRight<32>(c0)),
          c2(hn::Set(Tag64(), sample)),
          c3(hn::Set(Tag64(), sample >> 32)) {}

    HWY_ATTR CORNU_INLINE void mix(uint32_t k0, uint32_t k1) {
      const Lanes64 a = product(c0, 0xD2511F53);
      const Lanes64 b = product(c2, 0xCD9E8D57);
      c0 = hn::Xor(hn::Xor(hn::ShiftRight<32>(b), c1), hn::Set(Tag64(), k0));
      c2 = hn::Xor(hn::Xor(hn::ShiftRight<32>(a), c3), hn::Set(Tag64(), k1));
      c1 = b;
      c3 = a;
    }

    HWY_ATTR CORNU_INLINE void store(uint32_t* to) const {
      const Lanes64 low = hn::Set(Tag64(), 0xFFFFFFFF);
      const Lanes64 first = hn::Or(hn::And(c0, low), hn::ShiftLeft<32>(c1));
      const Lanes64 second = hn::Or(hn::And(c2, low), hn::ShiftLeft<32>(c3));
      hn::StoreInterleaved2(first, second, Tag64(), reinterpret_cast<uint64_t*>(to));
    }

    HWY_ATTR static CORNU_INLINE Lanes64 product(Lanes64 a, uint32_t b) {
      return hn::MulEven(hn::BitCast(Tag32(), a), hn::Set(Tag32(), b));
    }
  };

  uint64_t key_, sample_;
  alignas(64) uint32_t words_[kWords];
};

inline void dropout(const DropoutArgsOf<float>& a) {
  const hn::RebindToUnsigned<Tag> unsigned_tag;
  const Vector scale = constant(1 / (1 - a.rate));
  const Vector rate = constant(a.rate);
  for (int64_t i = 0; i < a.rows; ++i) {
    for (int64_t begin = 0; begin < a.cols; begin += kWords) {
      const PhiloxWords words(a.key, a.sample[i],
                              static_cast<uint64_t>((a.first + begin) / kWordsPerBlock));
      const float* const x = a.x + i * a.x_row + begin;
      float* const y = a.y + i * a.y_row + begin;
      for_each_vector(std::min(a.cols - begin, kWords), [&](int64_t j, int64_t count) CORNU_LAMBDA {
        // As uniform() in core/rng.h: 24 bits, which a float holds exactly.
        const auto bits = hn::ShiftRight<8>(hn::LoadU(unsigned_tag, words.get() + j));
        const Vector uniform =
            hn::Mul(hn::ConvertTo(kTag, hn::BitCast(kIntegerTag, bits)), constant(0x1p-24F));
        const Vector kept =
            hn::IfThenElseZero(hn::Ge(uniform, rate), hn::Mul(load(x + j, count), scale));
        assign_or_add(kept, y + j, count, a.accumulate);
      });
    }
  }
}

#endif  // CORNU_PORTABLE

constexpr DropoutKernelsOf<float> kDropoutKernels = {
    .dropout = dropout,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_DROPOUT_INL_H_
