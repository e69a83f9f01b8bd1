// Sums that leave out zeros, compared with plain loops over all terms.

#include "cornu/kernels/sparse.h"

#include <gtest/gtest.h>

#include "cornu/core/float_mode.h"
#include "cornu/core/sanitized_test.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace sparse_test {

size_t at(int64_t index) {
  return static_cast<size_t>(index);
}

// Of `share` tenths the numbers that `draw_one` gives, the others zeros of both signs.
template <class One>
std::vector<float> with_zeros(Draw& draw, int64_t size, int64_t share, const One& draw_one) {
  std::vector<float> x(at(size));
  for (float& value : x) {
    value = draw.below(10) < share ? draw_one() : draw.below(2) == 0 ? 0.0F : -0.0F;
  }
  return x;
}

TEST(Sparse, CountsNumbersThatAreNotZero) {
  const auto special = special_values();
  const auto check = [&] {
    Draw draw(1);
    for (int64_t size = 0; size <= 300; ++size) {
      const auto one = [&] { return special[at(draw.below(15))]; };
      const std::vector<float> x = with_zeros(draw, size, draw.below(11), one);
      int64_t expected = 0;
      for (const float value : x) expected += value != 0 ? 1 : 0;
      for (const NamedTable& t : all_tables()) {
        GuardedOf<float> from(x, draw.below(5));
        ASSERT_EQ(t.kernels->count_nonzero(from.data(), size), expected) << t.name << " " << size;
      }
    }
  };
  check();
  const FloatMode mode;
  check();
}

TEST(Sparse, FindsOneNumberThatIsNotFinite) {
  constexpr auto kInfinity = std::numeric_limits<float>::infinity();
  const FloatMode mode;
  Draw draw(2);
  for (int64_t size = 0; size <= 300; ++size) {
    std::vector<float> x = draw.floats(size, -1, 1);
    if (size > 0) x[at(draw.below(size))] = std::numeric_limits<float>::max();
    for (const NamedTable& t : all_tables()) {
      EXPECT_TRUE(t.kernels->all_finite(x.data(), size)) << t.name << " " << size;
    }
    if (size == 0) continue;
    for (const float bad : {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
      std::vector<float> with_bad = x;
      with_bad[at(draw.below(size))] = bad;
      for (const NamedTable& t : all_tables()) {
        EXPECT_FALSE(t.kernels->all_finite(with_bad.data(), size)) << t.name << " " << size;
      }
    }
  }
}

/// Lists as pairs of the index of a place and a value.
using Listed = std::vector<std::vector<std::pair<int64_t, float>>>;

Listed listed_by(const Table& t, const std::vector<float>& x, int64_t gap, int64_t rows,
                 int64_t cols, bool by_columns) {
  const int64_t lists = by_columns ? cols : rows;
  const int64_t apart = by_columns ? rows + 1 : 0;
  const float places[256] = {};
  std::vector<const float*> from;
  for (int64_t i = 0; i < (by_columns ? rows : cols); ++i) from.push_back(places + i);
  std::vector<TermOf<float>> terms(at((rows + 1) * (cols + 1)));
  GuardedOf<int64_t> begins(std::vector<int64_t>(at(lists)), 0);
  GuardedOf<int64_t> ends(std::vector<int64_t>(at(lists)), 0);
  t.list_terms({x.data(), cols + gap, rows, cols, by_columns, from.data(), terms.data(), apart,
                begins.data(), ends.data()});
  EXPECT_TRUE(begins.intact() && ends.intact());
  Listed all(at(lists));
  for (int64_t i = 0; i < lists; ++i) {
    if (by_columns) {
      EXPECT_EQ(begins.data()[i], i * apart);
    }
    for (int64_t n = begins.data()[i]; n < ends.data()[i]; ++n) {
      all[at(i)].emplace_back(terms[at(n)].from - places, terms[at(n)].value);
    }
  }
  return all;
}

TEST(Sparse, ListsTheTermsOfEachRowOrColumn) {
  const FloatMode mode;
  Draw draw(3);
  for (int round = 0; round < drawn(400); ++round) {
    const int64_t rows = draw.below(40);
    const int64_t cols = draw.below(draw.below(2) == 0 ? 20 : 150);
    const int64_t gap = draw.below(3);
    const auto x =
        with_zeros(draw, rows * (cols + gap), draw.below(11), [&] { return draw.between(-1, 1); });
    Listed by_rows(at(rows)), by_columns(at(cols));
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t c = 0; c < cols; ++c) {
        const float value = x[at(r * (cols + gap) + c)];
        if (value == 0) continue;
        by_rows[at(r)].emplace_back(c, value);
        by_columns[at(c)].emplace_back(r, value);
      }
    }
    for (const NamedTable& t : all_tables()) {
      ASSERT_EQ(listed_by(*t.kernels, x, gap, rows, cols, false), by_rows) << t.name;
      ASSERT_EQ(listed_by(*t.kernels, x, gap, rows, cols, true), by_columns) << t.name;
    }
  }
}

/// Some lists of terms over `from`, added to spans of `to`.
struct Sums {
  int64_t lists, spans, span, places;
  std::vector<int64_t> begins, ends, from_offset, to_offset, term_from, list_to;
  std::vector<float> value, from, to;
};

template <class One>
Sums draw_sums(Draw& draw, const One& one) {
  Sums s;
  s.lists = draw.below(6);
  s.spans = 1 + draw.below(12);
  s.span = 1 + draw.below(draw.below(2) == 0 ? 40 : 220);
  s.places = 5;
  const int64_t apart = s.span + draw.below(3);
  for (int64_t i = 0; i < s.spans; ++i) {
    s.from_offset.push_back(i * apart);
    s.to_offset.push_back((s.spans - 1 - i) * (apart + 1));
  }
  for (int64_t i = 0; i < s.lists; ++i) {
    s.begins.push_back(static_cast<int64_t>(s.value.size()));
    for (int64_t n = draw.below(5); n > 0; --n) {
      s.value.push_back(one());
      s.term_from.push_back(draw.below(s.places) * 3);
    }
    s.ends.push_back(static_cast<int64_t>(s.value.size()));
    s.list_to.push_back(draw.below(3) * 7);  // lists may add to the same numbers
  }
  s.from.resize(at(s.places * 3 + s.spans * apart));
  s.to.resize(at(14 + s.spans * (apart + 1)));
  for (float& value : s.from) value = one();
  for (float& value : s.to) value = one();
  return s;
}

std::vector<float> sums_by(const Table& t, const Sums& s) {
  Guarded from(s.from, 1), to(s.to, 3);
  std::vector<TermOf<float>> terms;
  for (size_t n = 0; n < s.value.size(); ++n) {
    terms.push_back({from.data() + s.term_from[n], s.value[n]});
  }
  std::vector<float*> places;
  for (const int64_t offset : s.list_to) places.push_back(to.data() + offset);
  t.add_terms({terms.data(), s.begins.data(), s.ends.data(), s.lists, places.data(),
               s.from_offset.data(), s.to_offset.data(), s.spans, s.span});
  EXPECT_TRUE(from.intact() && to.intact());
  return to.values();
}

TEST(Sparse, AddsTheTermsOfEachListExactly) {
  const FloatMode mode;
  Draw draw(4);
  for (int round = 0; round < drawn(1500); ++round) {
    const Sums s = draw_sums(draw, [&] { return static_cast<float>(draw.below(9) - 4); });
    std::vector<float> expected = s.to;
    for (int64_t i = 0; i < s.lists; ++i) {
      for (int64_t n = s.begins[at(i)]; n < s.ends[at(i)]; ++n) {
        for (int64_t e = 0; e < s.spans * s.span; ++e) {
          const int64_t p = e / s.span;
          expected[at(s.list_to[at(i)] + s.to_offset[at(p)] + e % s.span)] +=
              s.value[at(n)] * s.from[at(s.term_from[at(n)] + s.from_offset[at(p)] + e % s.span)];
        }
      }
    }
    for (const NamedTable& t : all_tables()) {
      ASSERT_EQ(sums_by(*t.kernels, s), expected)
          << t.name << ", " << s.spans << " spans of " << s.span;
    }
  }
}

TEST(Sparse, HasTheBitsOfOneChainPerSum) {
  const FloatMode mode;
  const auto special = special_values();
  Draw draw(5);
  for (int round = 0; round < drawn(1500); ++round) {
    const bool any = round % 3 == 0;
    const Sums s = draw_sums(draw, [&] {
      return any && draw.below(20) == 0 ? special[at(draw.below(15))] : draw.between(-1, 1);
    });
    const std::vector<float> expected = sums_by(reference_table<float>(), s);
    for (const NamedTable& t : all_tables()) {
      ASSERT_TRUE(same_bits(sums_by(*t.kernels, s), expected))
          << t.name << ", " << s.spans << " spans of " << s.span;
    }
  }
}

}  // namespace sparse_test
}  // namespace cornu::inline v0::kernels
