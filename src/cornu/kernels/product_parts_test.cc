#include <gtest/gtest.h>

#include <cmath>
#include <iterator>

#include "cornu/core/float_mode.h"
#include "cornu/core/sanitized_test.h"
#include "cornu/kernels/product_cases_test.h"

namespace cornu::inline v0::kernels {
namespace product_parts_test {

/// An epilogue, the last step on the sums: a function of them, its gradient, or an update of
/// weights.
enum class Finish { store, function, gradient, sgd, momentum, nesterov, adam, rule };
constexpr Finish kFinishes[] = {Finish::store,    Finish::function, Finish::gradient, Finish::sgd,
                                Finish::momentum, Finish::nesterov, Finish::adam,     Finish::rule};
constexpr Function kFunctions[] = {Function::linear,
                                   Function::sigmoid,
                                   Function::relu,
                                   Function::tanh,
                                   Function::exponential,
                                   {Function::elu, 0.75, 1.25},
                                   {Function::rectifier, 0.25, 0.5, 2},
                                   {Function::rectifier, 0, -1, 2},
                                   Function::gelu,
                                   Function::silu,
                                   Function::softplus,
                                   Function::softsign};

/// The arrays that an update changes and that the gradient of a function reads: all laid out as y.
struct Outputs {
  std::vector<float> y, w, m, v, saved;
};

/// A product whose x is given as bytes and as the numbers they stand for, with bits that list the
/// elements that are not 0.
struct Problem {
  Case c;
  Operands operands;
  std::vector<float> decoded;
  std::vector<uint8_t> bytes;
  std::vector<uint64_t> bits;
  int64_t bits_word;
  Finish finish;
  Function function;
  Outputs before;
  UpdateRule::Kind rule;
};

bool is_update(Finish finish) {
  return finish >= Finish::sgd;
}

SgdArgs sgd_of(Finish finish, float* w, const float* dw, float* velocity, int64_t size) {
  return {w,
          dw,
          finish == Finish::sgd ? nullptr : velocity,
          size,
          0.1F,
          0.9F,
          finish == Finish::nesterov};
}

AdamArgs adam_of(float* w, const float* dw, float* m, float* v, int64_t size) {
  return {w, dw, m, v, size, 0.01F, 0.1F, 0.001F, 1e-7F};
}

RuleArgsOf<float> rule_of(UpdateRule::Kind kind, float* w, const float* dw, float* s0, float* s1,
                          float* s2, int64_t size) {
  return {.kind = kind,
          .w = w,
          .dw = dw,
          .s0 = s0,
          .s1 = s1,
          .s2 = kind == UpdateRule::amsgrad ? s2 : nullptr,
          .size = size,
          .rate = 0.01F,
          .beta_1 = 0.9F,
          .one_minus_beta_1 = 0.1F,
          .beta_2 = 0.99F,
          .one_minus_beta_2 = 0.01F,
          .epsilon = 1e-7F,
          .momentum = 0.5F,
          .c0 = 1.5F,
          .c1 = 0.25F,
          .c2 = 2};
}

/// The dense product of numbers, then the kernel that carries out the epilogue: plain loops.
Outputs separate(const Problem& p) {
  const Table& t = reference_table<float>();
  Outputs after = p.before;
  std::vector<float> sums = p.before.y;
  ProductArgs a = arguments<float>(p.c);
  a.x = p.operands.x.data();
  a.w = p.operands.w.data();
  if (p.c.start != Start::none) a.start = p.operands.start.data();
  if (p.c.start == Start::y) a.start = sums.data();
  a.y = sums.data();
  t.product(a);
  for (int64_t i = 0; i < p.c.rows; ++i) {
    const int64_t at = i * a.y_row;
    const float* sum = sums.data() + at;
    float* y = after.y.data() + at;
    float* m = after.m.data() + at;
    switch (p.finish) {
      case Finish::store:
        std::copy(sum, sum + p.c.cols, y);
        break;
      case Finish::function:
        t.pointwise({p.function, sum, y, p.c.cols});
        break;
      case Finish::gradient:
        t.pointwise_back({p.function, p.before.saved.data() + at, sum, y, p.c.cols, false});
        break;
      case Finish::adam:
        t.adam(adam_of(after.w.data() + at, sum, m, after.v.data() + at, p.c.cols));
        break;
      case Finish::rule:
        t.rule_update(rule_of(p.rule, after.w.data() + at, sum, after.v.data() + at, m,
                              after.saved.data() + at, p.c.cols));
        break;
      default:
        t.sgd(sgd_of(p.finish, after.w.data() + at, sum, m, p.c.cols));
    }
  }
  return after;
}

struct Way {
  bool as_bytes, listed;
};

/// All in one product, of bytes or of numbers, with every k or only those that the bits list.
Outputs together(const Table& t, const Problem& p, Way way) {
  const int64_t offset = p.c.offset;
  Guarded x(p.operands.x, offset), w(p.operands.w, offset), start(p.operands.start, offset);
  GuardedOf<uint8_t> bytes(p.bytes, offset);
  GuardedOf<uint64_t> bits(p.bits, offset);
  Guarded pack(std::vector<float>(static_cast<size_t>(product_pack_size(p.c.depth))), offset);
  Guarded y(p.before.y, offset), weights(p.before.w, offset), m(p.before.m, offset);
  Guarded v(p.before.v, offset), saved(p.before.saved, offset);
  ProductArgs a = arguments<float>(p.c);
  std::vector<const uint8_t*> rows;
  if (way.as_bytes) {
    // Rows begin three bytes early, which first_byte skips.
    const bool transposed = p.c.x_transposed;
    const int64_t apart = transposed ? a.x_col : a.x_row;
    const int64_t count = transposed ? p.c.depth : p.c.rows;
    for (int64_t i = 0; i < count; ++i) rows.push_back(bytes.data() + i * apart - 3);
    a.bytes = rows.data();
    a.first_byte = 3;
    a.bytes_transposed = transposed;
    a.decoded = p.decoded.data();
  } else {
    a.x = x.data();
  }
  a.w = w.data();
  if (p.c.start != Start::none) a.start = p.c.start == Start::y ? y.data() : start.data();
  // An update that needs no scratch gets none: touching it would crash.
  const bool scratch = !is_update(p.finish) || p.c.depth > kProductBlock;
  a.y = scratch || p.c.start == Start::y ? y.data() : nullptr;
  a.pack = pack.data();
  if (way.listed) {
    a.nonzero = bits.data();
    a.nonzero_word = p.bits_word;
  }
  switch (p.finish) {
    case Finish::store:
      break;
    case Finish::function:
      a.epilogue.function = p.function;
      break;
    case Finish::gradient:
      a.epilogue.function = p.function;
      a.epilogue.saved = saved.data();
      break;
    case Finish::adam:
      a.epilogue.update = adam_of(weights.data(), nullptr, m.data(), v.data(), 0);
      break;
    case Finish::rule:
      a.epilogue.update =
          rule_of(p.rule, weights.data(), nullptr, v.data(), m.data(), saved.data(), 0);
      break;
    default:
      a.epilogue.update = sgd_of(p.finish, weights.data(), nullptr, m.data(), 0);
  }
  t.product(a);
  EXPECT_TRUE(x.intact() && w.intact() && start.intact() && bytes.intact() && bits.intact() &&
              pack.intact() && y.intact() && weights.intact() && m.intact() && v.intact());
  Outputs after = {y.values(), weights.values(), m.values(), v.values(), saved.values()};
  if (is_update(p.finish) && scratch) {
    // With more than one block the sums were stored in y, and nowhere else.
    for (int64_t i = 0; i < p.c.rows; ++i) {
      const auto row = p.before.y.begin() + i * a.y_row;
      std::copy(row, row + p.c.cols, after.y.begin() + i * a.y_row);
    }
  }
  return after;
}

testing::AssertionResult same_outputs(const Outputs& a, const Outputs& b) {
  for (const auto part : {&Outputs::y, &Outputs::w, &Outputs::m, &Outputs::v, &Outputs::saved}) {
    if (auto same = same_bits(a.*part, b.*part); !same) return same;
  }
  return testing::AssertionSuccess();
}

void expect_same_everywhere(const Problem& p, const std::vector<Way>& ways) {
  const Outputs expected = separate(p);
  for (const NamedTable& t : all_tables()) {
    for (Way way : ways) {
      ASSERT_TRUE(same_outputs(together(*t.kernels, p, way), expected))
          << t.name << " " << text(p.c) << (way.as_bytes ? " bytes" : "")
          << (way.listed ? " listed" : "") << " finish " << static_cast<int>(p.finish) << " "
          << name(p.function);
    }
  }
}

/// A problem in which a part `share` of the numbers of x comes from `make`; the others are ±0.
template <class Make>
Problem draw_problem(Draw& draw, Finish finish, float share, const Make& make) {
  Problem p = {draw_case(draw),
               {},
               {},
               {},
               {},
               0,
               finish,
               kFunctions[draw.below(static_cast<int64_t>(std::size(kFunctions)))],
               {},
               static_cast<UpdateRule::Kind>(draw.below(std::ssize(UpdateRule::kFacts)))};
  p.operands = operands_of(p.c, make);
  for (int byte = 0; byte < 256; ++byte) p.decoded.push_back(make());
  p.decoded[0] = 0;
  p.decoded[7] = -0.0F;
  for (float& x : p.operands.x) {
    const bool kept = draw.between(0, 1) < share;
    p.bytes.push_back(static_cast<uint8_t>(kept ? draw.below(256) : draw.below(2) * 7));
    x = p.decoded[p.bytes.back()];
  }
  p.bits_word = p.c.rows + p.c.gap;
  p.bits.resize(static_cast<size_t>((p.c.depth + 63) / 64 * p.bits_word));
  const ProductArgs a = arguments<float>(p.c);
  for (int64_t i = 0; i < p.c.rows; ++i) {
    for (int64_t k = 0; k < p.c.depth; ++k) {
      const bool zero = p.operands.x[static_cast<size_t>(i * a.x_row + k * a.x_col)] == 0;
      // A bit may be set even if x is 0.
      const auto bit = static_cast<uint64_t>(!zero || draw.below(16) == 0);
      p.bits[static_cast<size_t>(k / 64 * p.bits_word + i)] |= bit << (k % 64);
    }
  }
  const auto size = static_cast<int64_t>(p.operands.y.size());
  p.before = {p.operands.y, draw.floats(size, -1, 1), draw.floats(size, -1, 1),
              draw.floats(size, 0, 1), draw.floats(size, -0.5F, 1)};
  if (finish == Finish::rule) {
    for (float& m : p.before.m) m = std::abs(m);  // some rules take its root
  }
  return p;
}

constexpr int kRounds = drawn(60);
constexpr float kShares[] = {0, 0.02F, 0.2F, 0.5F, 1};

TEST(ProductParts, AnEpilogueIsTheKernelAfterTheProduct) {
  const FloatMode mode;
  Draw draw(1);
  for (int round = 0; round < kRounds; ++round) {
    for (Finish finish : kFinishes) {
      expect_same_everywhere(draw_problem(draw, finish, 1, [&draw] { return draw.between(-1, 1); }),
                             {{.as_bytes = false, .listed = false}});
    }
  }
}

TEST(ProductParts, BytesCountAsTheNumbersTheyStandFor) {
  const FloatMode mode;
  Draw draw(2);
  for (int round = 0; round < 4 * kRounds; ++round) {
    expect_same_everywhere(
        draw_problem(draw, Finish::store, 0.5F, [&draw] { return draw.between(-1, 1); }),
        {{.as_bytes = true, .listed = false}});
  }
}

TEST(ProductParts, ZerosMayBeLeftOut) {
  const FloatMode mode;
  Draw draw(3);
  for (int round = 0; round < kRounds; ++round) {
    for (float share : kShares) {
      expect_same_everywhere(
          draw_problem(draw, Finish::store, share, [&draw] { return draw.between(-1, 1); }),
          {{.as_bytes = false, .listed = true}, {.as_bytes = true, .listed = true}});
    }
  }
}

TEST(ProductParts, ZerosMayBeLeftOutOfSumsThatVanish) {
  const FloatMode mode;
  // Products of the small ones underflow to +0 or −0, which a later zero would change.
  const float values[] = {1e-30F, -1e-30F, 1e-20F, -1e-20F, 0, -0.0F, 1e-25F, -1e-25F};
  Draw draw(4);
  for (int round = 0; round < kRounds; ++round) {
    for (float share : kShares) {
      expect_same_everywhere(
          draw_problem(draw, Finish::store, share, [&] { return values[draw.below(8)]; }),
          {{.as_bytes = false, .listed = false},
           {.as_bytes = false, .listed = true},
           {.as_bytes = true, .listed = true}});
    }
  }
}

TEST(ProductParts, EpiloguesBytesAndListsCombine) {
  const FloatMode mode;
  Draw draw(5);
  for (int round = 0; round < kRounds; ++round) {
    for (Finish finish : kFinishes) {
      expect_same_everywhere(draw_problem(draw, finish, kShares[draw.below(5)],
                                          [&draw] { return draw.between(-1, 1); }),
                             {{.as_bytes = true, .listed = false},
                              {.as_bytes = false, .listed = true},
                              {.as_bytes = true, .listed = true}});
    }
  }
}

TEST(ProductParts, NegativeZeroComesOutAsZero) {
  const FloatMode mode;
  const float x = 1;
  const float negative_zero = -0.0F;
  std::vector<float> pack(static_cast<size_t>(product_pack_size(1)));
  for (const NamedTable& t : all_tables()) {
    for (int64_t depth : {0, 1}) {
      float y = 1;
      t.kernels->product(
          {&x, 1, 1, &negative_zero, 1, 1, &negative_zero, 1, &y, 1, 1, 1, depth, pack.data()});
      EXPECT_TRUE(same_bits(y, 0.0F)) << t.name << " depth " << depth;
    }
  }
}

// In the float mode comparisons, and so `nonzero`, treat a denormal as 0; fma has to do so too.
TEST(ProductParts, ADenormalMayBeLeftOut) {
  const FloatMode mode;
  Draw draw(6);
  constexpr int64_t kRows = 9;
  constexpr int64_t kCols = 37;
  constexpr int64_t kDepth = 130;
  std::vector<float> x;
  for (int64_t i = 0; i < kRows * kDepth; ++i) {
    const float denormal = std::bit_cast<float>(draw.word() & 0x807FFFFFU);
    x.push_back(draw.below(3) == 0 ? draw.between(-1, 1) : denormal);
  }
  const auto w = draw.floats(kDepth * kCols, -3e38F, 3e38F);
  std::vector<float> pack(static_cast<size_t>(product_pack_size(kDepth)));
  std::vector<const void*> places;
  for (int64_t i = 0; i < kRows; ++i) places.push_back(x.data() + i * kDepth);
  for (const NamedTable& t : all_tables()) {
    std::vector<uint64_t> bits(3 * kRows);
    t.kernels->nonzero({places.data(), DType::float32, 0, kRows, kDepth, bits.data(), kRows});
    int64_t marked = 0;
    for (uint64_t word : bits) marked += std::popcount(word);
    ASSERT_EQ(marked, std::count_if(x.begin(), x.end(), [](float v) { return std::isnormal(v); }))
        << t.name;
    std::vector<float> every(kRows * kCols);
    std::vector<float> listed(kRows * kCols);
    ProductArgs a = {.x = x.data(),
                     .x_row = kDepth,
                     .x_col = 1,
                     .w = w.data(),
                     .w_row = kCols,
                     .w_col = 1,
                     .start = nullptr,
                     .start_row = 0,
                     .y = every.data(),
                     .y_row = kCols,
                     .rows = kRows,
                     .cols = kCols,
                     .depth = kDepth,
                     .pack = pack.data()};
    t.kernels->product(a);
    a.nonzero = bits.data();
    a.nonzero_word = kRows;
    a.y = listed.data();
    t.kernels->product(a);
    EXPECT_TRUE(same_bits(every, listed)) << t.name;
  }
}

}  // namespace product_parts_test
}  // namespace cornu::inline v0::kernels
