// The cost of the promise of the same bits: Cornu's kernels compared with kernels that the rules
// forbid, as Markdown: k along the lanes and split k for products, approximate reciprocals for
// Adam. A forbidden kernel gets its inputs in the layout that suits it, at no cost.

#define HWY_DISABLED_TARGETS (~(HWY_AVX3 | HWY_AVX2 | HWY_NEON | HWY_EMU128 | HWY_SCALAR))
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "../bench/price.cc"  // seen from src/
#include "hwy/foreach_target.h"

#include "hwy/highway.h"
#include "price-inl.h"

#if HWY_ONCE

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "cornu/core/float_mode.h"
#include "cornu/kernels/table.h"
#include "probe.h"

namespace cornu::bench {

HWY_EXPORT(chain_kernels);
HWY_EXPORT(split_kernels);
HWY_EXPORT(dot_kernels);
HWY_EXPORT(adam_approximate);

namespace {

/// The shortest time of a call, in seconds, of 25 tries of a millisecond or more.
template <class Body>
double shortest(const Body& body) {
  int64_t calls = 1;
  const auto time = [&] {
    return seconds_of([&] {
      for (int64_t call = 0; call < calls; ++call) body();
    });
  };
  while (time() < 1e-3) calls *= 2;
  double best = 1e9;
  for (int attempt = 0; attempt < 25; ++attempt) best = std::min(best, time());
  return best / static_cast<double>(calls);
}

// A multiplicative sequence (Lehmer's): input numbers for the kernels.
std::vector<float> numbers(int64_t size, uint32_t seed, float low, float high) {
  std::vector<float> all(static_cast<size_t>(size));
  uint64_t state = seed;
  for (float& value : all) {
    state = state * 48271 % 2147483647;
    value = low + (high - low) * static_cast<float>(state) * 0x1p-31F;
  }
  return all;
}

/// [columns][rows] from [rows][columns].
std::vector<float> transposed(const std::vector<float>& from, int64_t rows, int64_t columns) {
  std::vector<float> to(from.size());
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) {
      to[static_cast<size_t>(j * rows + i)] = from[static_cast<size_t>(i * columns + j)];
    }
  }
  return to;
}

double different(const std::vector<float>& a, const std::vector<float>& b) {
  int64_t count = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    count += std::bit_cast<uint32_t>(a[i]) != std::bit_cast<uint32_t>(b[i]) ? 1 : 0;
  }
  return 100.0 * static_cast<double>(count) / static_cast<double>(a.size());
}

double largest_error(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
  }
  return largest;
}

struct Size {
  const char* name;
  int64_t rows, cols, depth;
  bool x_transposed;  // as in the product of a weight's gradient, where x is read down its columns
};

constexpr Size kSizes[] = {{"forward, first layer", 128, 64, 784, false},
                           {"weight gradient, first layer", 784, 64, 128, true},
                           {"forward, head", 128, 10, 64, false},
                           {"one sample, first layer", 1, 64, 784, false}};

void price_of(const Size& size, const kernels::Table& table, double peak) {
  const int64_t rows = size.rows, cols = size.cols, depth = size.depth;
  const std::vector<float> by_row = numbers(rows * depth, 1, -1, 1);
  const std::vector<float> by_k = transposed(by_row, rows, depth);
  const std::vector<float>& x = size.x_transposed ? by_k : by_row;
  const std::vector<float> w = numbers(depth * cols, 2, -1, 1);
  const std::vector<float> w_by_column = transposed(w, depth, cols);
  std::vector<float> ours(static_cast<size_t>(rows * cols)), y = ours;
  std::vector<float> pack(static_cast<size_t>(kernels::product_pack_size(depth)));
  const kernels::ProductArgs args{.x = x.data(),
                                  .x_row = size.x_transposed ? 1 : depth,
                                  .x_col = size.x_transposed ? rows : 1,
                                  .w = w.data(),
                                  .w_row = cols,
                                  .w_col = 1,
                                  .start = nullptr,
                                  .start_row = 0,
                                  .y = ours.data(),
                                  .y_row = cols,
                                  .rows = rows,
                                  .cols = cols,
                                  .depth = depth,
                                  .pack = pack.data()};
  const Product product{
      args.x,   args.x_row, args.x_col, by_row.data(), w.data(), w_by_column.data(),
      y.data(), rows,       cols,       depth};
  const double flop = 2.0 * static_cast<double>(rows * cols * depth);
  const double own = shortest([&] { table.product(args); });
  const auto line = [&](const std::string& kernel, double seconds, const std::vector<float>& out) {
    std::printf("| %s, %lldx%lldx%lld | %s | %.2f | %.1f | %.0f %% | %.2f | %.0f %% | %.1e |\n",
                size.name, static_cast<long long>(rows), static_cast<long long>(cols),
                static_cast<long long>(depth), kernel.c_str(), seconds * 1e6, flop / seconds / 1e9,
                100 * flop / seconds / peak, own / seconds, different(ours, out),
                largest_error(ours, out));
  };
  line("ours", own, ours);
  const auto best_of = [&](const char* kind, std::span<const ProductKernel> shapes) {
    double best = 1e9;
    std::string tile;
    std::vector<float> out;
    for (const ProductKernel& shape : shapes) {
      if (!shape.fits(product)) continue;
      const double seconds = shortest([&] { shape.run(product); });
      if (seconds >= best) continue;
      best = seconds;
      tile = shape.tile;
      out = y;
    }
    if (!tile.empty()) line(std::string(kind) + ", tile " + tile, best, out);
  };
  best_of("one chain, as the rules ask", HWY_DYNAMIC_DISPATCH(chain_kernels)());
  best_of("split k, 2 or 4 chains", HWY_DYNAMIC_DISPATCH(split_kernels)());
  best_of("k along the lanes", HWY_DYNAMIC_DISPATCH(dot_kernels)());
}

void price_of_adam(int64_t size, const kernels::Table& table, const Probe& machine) {
  constexpr double kUpdates = 4690.0 * 50890;  // the tutorial's job
  const std::vector<float> dw = numbers(size, 3, -1e-2F, 1e-2F);
  std::vector<float> w = numbers(size, 4, -1, 1), m(w.size()), v(w.size());
  const auto args = [&] {
    return kernels::AdamArgs{.w = w.data(),
                             .dw = dw.data(),
                             .m = m.data(),
                             .v = v.data(),
                             .size = size,
                             .alpha = 1e-3F,
                             .one_minus_beta_1 = 0.1F,
                             .one_minus_beta_2 = 0.001F,
                             .epsilon = 1e-7F};
  };
  const std::vector<float> w_at_first = w;
  const auto after_many = [&](void (*update)(const kernels::AdamArgs&)) {
    w = w_at_first;
    std::fill(m.begin(), m.end(), 0.0F);
    std::fill(v.begin(), v.end(), 0.0F);
    for (int step = 0; step < 100; ++step) update(args());
    return w;
  };
  const auto approximate = HWY_DYNAMIC_DISPATCH(adam_approximate);
  const std::vector<float> exact = after_many(table.adam);
  const std::vector<float> approximated = after_many(approximate);
  double exact_seconds = 0;
  const auto line = [&](const char* kernel, double seconds, const std::vector<float>& out) {
    const double each = seconds / static_cast<double>(size);
    std::printf("| Adam, %lld parameters | %s | %.3f | %.2f | %.2f | %+.0f ms | %.0f %% | %.1e |\n",
                static_cast<long long>(size), kernel, each * 1e9, each * machine.clock,
                exact_seconds / seconds,
                (each - exact_seconds / static_cast<double>(size)) * kUpdates * 1e3,
                different(exact, out), largest_error(exact, out));
  };
  exact_seconds = shortest([&] { table.adam(args()); });
  line("ours, sqrt and division", exact_seconds, exact);
  line("reciprocals of 14 bits and one Newton step", shortest([&] { approximate(args()); }),
       approximated);
}

}  // namespace
}  // namespace cornu::bench

int main() {
  const cornu::FloatMode mode;
  const auto target = cornu::kernels::best_target();
  const auto& table = cornu::kernels::table(target);
  const cornu::bench::Probe machine = cornu::bench::trusted_probe();
  std::printf("```\n");
  print(machine);
  std::printf("target       %s\n```\n\n", std::string(cornu::kernels::name(target)).c_str());
  std::printf(
      "| product, rows x columns x depth | kernel | us | GFLOP/s | of the peak | speed, ours = 1 | "
      "outputs with other bits | largest difference |\n|---|---|---|---|---|---|---|---|\n");
  for (const auto& size : cornu::bench::kSizes) cornu::bench::price_of(size, table, machine.peak);
  std::printf(
      "\n| update | kernel | ns per parameter | cycles | speed, ours = 1 | the tutorial's job | "
      "weights with other bits after 100 steps | largest difference |\n"
      "|---|---|---|---|---|---|---|---|\n");
  for (const int64_t size : {1536, 50'890}) cornu::bench::price_of_adam(size, table, machine);
  const cornu::bench::Probe after = cornu::bench::trusted_probe();
  std::printf("\nPeak after: %.1f GFLOP/s, %s\n", after.peak / 1e9,
              after.trusted() ? "trusted" : ("not trusted: " + after.distrust()).c_str());
  return machine.trusted() && after.trusted() ? 0 : 1;
}

#endif  // HWY_ONCE
