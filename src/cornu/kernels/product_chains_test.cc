#include <gtest/gtest.h>

#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace product_chains_test {

/// xᵀ · w, x bytes of which most are 0, that stand for themselves divided by 255.
struct Problem {
  int64_t rows, cols, depth;
  std::vector<uint8_t> bytes;  ///< depth × rows
  std::vector<float> decoded, x, w;
  std::vector<uint64_t> bits;  ///< which of x are not 0: a word of 64 k by row
};

Problem draw_problem(Draw& draw, int64_t depth) {
  Problem p{.rows = 1 + draw.below(20),
            .cols = 1 + draw.below(100),
            .depth = depth,
            .bytes = {},
            .decoded = {},
            .x = {},
            .w = {},
            .bits = {}};
  for (int b = 0; b < 256; ++b) p.decoded.push_back(static_cast<float>(b) / 255);
  p.w = draw.floats(p.depth * p.cols, -1, 1);
  p.bits.resize(static_cast<size_t>((p.depth + 63) / 64 * p.rows));
  for (int64_t k = 0; k < p.depth; ++k) {
    for (int64_t i = 0; i < p.rows; ++i) {
      const auto byte = static_cast<uint8_t>(draw.below(3) == 0 ? draw.below(256) : 0);
      p.bytes.push_back(byte);
      p.x.push_back(p.decoded[byte]);
      if (byte != 0) p.bits[static_cast<size_t>(k / 64 * p.rows + i)] |= uint64_t{1} << (k % 64);
    }
  }
  return p;
}

ProductArgs arguments(const Problem& p, float* y, float* pack) {
  return {.x = p.x.data(),
          .x_row = 1,
          .x_col = p.rows,
          .w = p.w.data(),
          .w_row = p.cols,
          .w_col = 1,
          .start = nullptr,
          .start_row = 0,
          .y = y,
          .y_row = p.cols,
          .rows = p.rows,
          .cols = p.cols,
          .depth = p.depth,
          .pack = pack};
}

/// A product by plain loops for each chain, added in order.
std::vector<float> chain_by_chain(const Problem& p, const std::vector<int64_t>& ends,
                                  int64_t unit) {
  std::vector<float> sum(static_cast<size_t>(p.rows * p.cols));
  std::vector<float> chain(sum.size());
  int64_t begin = 0;
  for (const int64_t end : ends) {
    ProductArgs a = arguments(p, chain.data(), nullptr);
    a.x += begin * p.rows;
    a.w += begin * p.cols;
    a.depth = end * unit - begin;
    reference_table<float>().product(a);
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += chain[i];
    begin = end * unit;
  }
  return sum;
}

std::vector<int64_t> draw_ends(Draw& draw, int64_t depth) {
  std::vector<int64_t> ends;
  const auto chains = 2 + draw.below(8);
  for (int64_t c = 1; c < chains; ++c) ends.push_back(draw.below(depth + 1));
  std::ranges::sort(ends);
  ends.push_back(depth);
  return ends;
}

TEST(ProductChains, AreAddedInOrder) {
  Draw draw(1);
  for (int round = 0; round < 60; ++round) {
    const int64_t unit = 1 + draw.below(3);
    const int64_t units = 1 + draw.below(kProductBlock / unit);
    const Problem p = draw_problem(draw, unit * units);
    const std::vector<int64_t> ends = draw_ends(draw, units);
    const std::vector<float> expected = chain_by_chain(p, ends, unit);
    std::vector<const uint8_t*> lines;
    for (int64_t k = 0; k < p.depth; ++k) lines.push_back(p.bytes.data() + k * p.rows);
    for (const NamedTable& t : all_tables()) {
      for (const bool as_bytes : {false, true}) {
        for (const bool listed : {false, true}) {
          Guarded y(std::vector<float>(expected.size()));
          Guarded pack(std::vector<float>(static_cast<size_t>(product_pack_size(p.depth))));
          ProductArgs a = arguments(p, y.data(), pack.data());
          a.chains = static_cast<int>(ends.size());
          a.chain_ends = ends.data();
          a.chain_unit = unit;
          if (as_bytes) {
            a.bytes = lines.data();
            a.bytes_transposed = true;
            a.decoded = p.decoded.data();
          }
          if (listed) {
            a.nonzero = p.bits.data();
            a.nonzero_word = p.rows;
          }
          t.kernels->product(a);
          EXPECT_TRUE(y.intact() && pack.intact());
          EXPECT_TRUE(same_bits(y.values(), expected))
              << t.name << " " << p.rows << "x" << p.cols << "x" << p.depth << " in " << ends.size()
              << " chains, bytes " << as_bytes << ", listed " << listed;
        }
      }
    }
  }
}

}  // namespace product_chains_test
}  // namespace cornu::inline v0::kernels
