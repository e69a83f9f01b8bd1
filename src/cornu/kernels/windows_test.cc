// Products of windows compared with sums over the images themselves.

#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/core/float_mode.h"
#include "cornu/core/sanitized_test.h"
#include "cornu/kernels/bits_test.h"

namespace cornu::inline v0::kernels {
namespace windows_test {

struct Problem {
  int64_t images, height, width, channels, filters;
  int64_t down, across;  ///< the kernel's size
  int64_t stride, dilation;

  int64_t places(int64_t extent, int64_t size) const {
    return (extent - dilation * (size - 1) - 1) / stride + 1;
  }
  int64_t places_down() const { return places(height, down); }
  int64_t places_across() const { return places(width, across); }
  int64_t windows() const { return places_down() * places_across(); }
  int64_t depth() const { return down * across * channels; }
  int64_t image_size() const { return height * width * channels; }
};

Problem draw_problem(Draw& draw) {
  Problem p = {.images = 1 + draw.below(4),
               .height = 0,
               .width = 0,
               .channels = draw.below(3) == 0 ? 1 : 1 + draw.below(draw.below(4) == 0 ? 40 : 5),
               .filters = 1 + draw.below(draw.below(3) == 0 ? 100 : 20),
               .down = 1 + draw.below(4),
               .across = 1 + draw.below(4),
               .stride = 1 + draw.below(3),
               .dilation = 1 + draw.below(3)};
  p.height = p.dilation * (p.down - 1) + 1 + draw.below(14);
  p.width = p.dilation * (p.across - 1) + 1 + draw.below(draw.below(3) == 0 ? 40 : 14);
  // Few filters over one channel: lanes along windows.
  if (p.channels == 1 && draw.below(2) == 0) {
    p.stride = 1;
    p.filters = 1 + draw.below(kMostNarrow);
  }
  return p;
}

/// The tables of a problem and the arguments that read them.
struct Tables {
  std::vector<int64_t> window, element;
  std::vector<const float*> images;

  Tables(const Problem& p, const float* x) {
    for (int64_t y = 0; y < p.places_down(); ++y) {
      for (int64_t z = 0; z < p.places_across(); ++z) {
        window.push_back((y * p.width + z) * p.stride * p.channels);
      }
    }
    for (int64_t y = 0; y < p.down; ++y) {
      for (int64_t z = 0; z < p.across; ++z) {
        for (int64_t c = 0; c < p.channels; ++c) {
          element.push_back((y * p.width + z) * p.dilation * p.channels + c);
        }
      }
    }
    for (int64_t n = 0; n < p.images; ++n) images.push_back(x + n * p.image_size());
  }
  Windows get(const Problem& p) const {
    return {.images = images.data(),
            .window = window.data(),
            .element = element.data(),
            .per_image = p.windows(),
            .line = p.channels == 1 && p.stride == 1 ? p.places_across() : 0};
  }
};

// x at pixel (y, z) of what place (i, j) sees of image n.
int64_t seen(const Problem& p, int64_t n, int64_t i, int64_t j, int64_t y, int64_t z) {
  return n * p.image_size() +
         ((i * p.stride + y * p.dilation) * p.width + j * p.stride + z * p.dilation) * p.channels;
}

// f(window, element of the window, element of x) for all of them.
template <class F>
void for_each_seen(const Problem& p, const F& f) {
  for (int64_t n = 0; n < p.images; ++n) {
    for (int64_t w = 0; w < p.windows(); ++w) {
      const int64_t i = w / p.places_across(), j = w % p.places_across();
      for (int64_t k = 0; k < p.depth(); ++k) {
        const int64_t pixel = k / p.channels;
        f(n * p.windows() + w, k,
          seen(p, n, i, j, pixel / p.across, pixel % p.across) + k % p.channels);
      }
    }
  }
}

std::vector<float> whole_numbers(Draw& draw, int64_t size) {
  std::vector<float> values(static_cast<size_t>(size));
  for (float& value : values) value = static_cast<float>(draw.below(9) - 4);
  return values;
}

size_t at(int64_t index) {
  return static_cast<size_t>(index);
}

constexpr int kRounds = drawn(250);

TEST(Windows, AreTheRowsOfAProduct) {
  const FloatMode mode;
  Draw draw(1);
  for (int round = 0; round < kRounds; ++round) {
    const Problem p = draw_problem(draw);
    const std::vector<float> x = whole_numbers(draw, p.images * p.image_size());
    const std::vector<float> w = whole_numbers(draw, p.depth() * p.filters);
    const std::vector<float> bias = whole_numbers(draw, p.filters);
    const int64_t rows = p.images * p.windows();
    std::vector<float> expected;
    for (int64_t i = 0; i < rows; ++i) expected.insert(expected.end(), bias.begin(), bias.end());
    for_each_seen(p, [&](int64_t row, int64_t k, int64_t from) {
      for (int64_t j = 0; j < p.filters; ++j) {
        expected[at(row * p.filters + j)] += x[at(from)] * w[at(k * p.filters + j)];
      }
    });
    for (const NamedTable& t : all_tables()) {
      Guarded images(x, 0), kernel(w, 0), start(bias, 0);
      Guarded y(std::vector<float>(expected.size()), 0);
      std::vector<float> pack(at(product_pack_size(kProductBlock)));
      const Tables tables(p, images.data());
      t.kernels->product({.x = nullptr,
                          .x_row = 0,
                          .x_col = 0,
                          .w = kernel.data(),
                          .w_row = p.filters,
                          .w_col = 1,
                          .start = start.data(),
                          .start_row = 0,
                          .y = y.data(),
                          .y_row = p.filters,
                          .rows = rows,
                          .cols = p.filters,
                          .depth = p.depth(),
                          .pack = pack.data(),
                          .windows = tables.get(p)});
      ASSERT_TRUE(images.intact() && kernel.intact() && start.intact() && y.intact()) << t.name;
      ASSERT_EQ(y.values(), expected) << t.name << ", round " << round;
    }
  }
}

TEST(Windows, OfFewFiltersHaveTheSameBitsWithWhatIsFused) {
  const FloatMode mode;
  Draw draw(3);
  for (int round = 0; round < kRounds; ++round) {
    Problem p = draw_problem(draw);
    p.filters = 1 + draw.below(kMostNarrow);
    const std::vector<float> x = draw.floats(p.images * p.image_size(), -1, 1);
    const std::vector<float> w = draw.floats(p.depth() * p.filters, -1, 1);
    const int64_t skipped = draw.below(p.windows());
    const int64_t rows = p.images * p.windows() - skipped;
    const std::vector<float> before = draw.floats(rows * p.filters, -1, 1);
    const bool is_back = draw.below(2) == 0;
    const Tables tables(p, x.data());
    const auto result = [&](const Table& t) {
      Guarded y(before, 1);
      std::vector<float> pack(at(product_pack_size(kProductBlock)));
      Windows windows = tables.get(p);
      windows.first = skipped;
      t.product(
          {.x = nullptr,
           .x_row = 0,
           .x_col = 0,
           .w = w.data(),
           .w_row = p.filters,
           .w_col = 1,
           .start = y.data(),
           .start_row = p.filters,
           .y = y.data(),
           .y_row = p.filters,
           .rows = rows,
           .cols = p.filters,
           .depth = p.depth(),
           .pack = pack.data(),
           .windows = windows,
           .epilogue = {.function = Function::tanh, .saved = is_back ? before.data() : nullptr}});
      EXPECT_TRUE(y.intact());
      return y.values();
    };
    const auto expected = result(reference_table<float>());
    for (const NamedTable& t : all_tables()) {
      ASSERT_TRUE(same_bits(result(*t.kernels), expected)) << t.name << ", round " << round;
    }
  }
}

// So many channels, in planes, that their sums are kept in y between two blocks of k.
TEST(Windows, OfFewFiltersHaveTheSameBitsOverSeveralBlocks) {
  const FloatMode mode;
  constexpr int64_t kLine = 20, kPlaces = 3 * kLine, kChannels = 2100, kFilters = 3;
  Draw draw(4);
  const std::vector<float> x = draw.floats(kChannels * kPlaces, -1, 1);
  const std::vector<float> w = draw.floats(kChannels * kFilters, -1, 1);
  std::vector<int64_t> window, element;
  for (int64_t i = 0; i < kPlaces; ++i) window.push_back(i);
  for (int64_t k = 0; k < kChannels; ++k) element.push_back(k * kPlaces);
  const float* const image = x.data();
  const auto result = [&](const Table& t) {
    Guarded y(std::vector<float>(at(kPlaces * kFilters)), 1);
    std::vector<float> pack(at(product_pack_size(kProductBlock)));
    t.product({.x = nullptr,
               .x_row = 0,
               .x_col = 0,
               .w = w.data(),
               .w_row = kFilters,
               .w_col = 1,
               .start = nullptr,
               .start_row = 0,
               .y = y.data(),
               .y_row = kFilters,
               .rows = kPlaces,
               .cols = kFilters,
               .depth = kChannels,
               .pack = pack.data(),
               .windows = {.images = &image,
                           .window = window.data(),
                           .element = element.data(),
                           .per_image = kPlaces,
                           .line = kLine},
               .epilogue = {.function = Function::relu}});
    EXPECT_TRUE(y.intact());
    return y.values();
  };
  const auto expected = result(reference_table<float>());
  for (const NamedTable& t : all_tables()) {
    EXPECT_TRUE(same_bits(result(*t.kernels), expected)) << t.name;
  }
}

TEST(Windows, AreTheColumnsOfAProduct) {
  const FloatMode mode;
  Draw draw(2);
  for (int round = 0; round < kRounds; ++round) {
    const Problem p = draw_problem(draw);
    const std::vector<float> x = whole_numbers(draw, p.images * p.image_size());
    const int64_t windows = p.images * p.windows();
    const std::vector<float> dy = whole_numbers(draw, windows * p.filters);
    const bool starts = draw.below(2) == 0;
    const bool rectifies = draw.below(2) == 0;
    const std::vector<float> start = whole_numbers(draw, p.depth() * p.filters);
    std::vector<float> expected = starts ? start : std::vector<float>(start.size());
    for_each_seen(p, [&](int64_t row, int64_t k, int64_t from) {
      for (int64_t j = 0; j < p.filters; ++j) {
        expected[at(k * p.filters + j)] += x[at(from)] * dy[at(row * p.filters + j)];
      }
    });
    for (float& each : expected) each = rectifies ? std::max(each, 0.0F) : each;
    for (const NamedTable& t : all_tables()) {
      Guarded images(x, 0), out(dy, 0);
      Guarded dw(start, 0);
      std::vector<float> pack(at(product_pack_size(kProductBlock)));
      const Tables tables(p, images.data());
      t.kernels->product({.x = nullptr,
                          .x_row = 0,
                          .x_col = 0,
                          .w = out.data(),
                          .w_row = p.filters,
                          .w_col = 1,
                          .start = starts ? dw.data() : nullptr,
                          .start_row = p.filters,
                          .y = dw.data(),
                          .y_row = p.filters,
                          .rows = p.depth(),
                          .cols = p.filters,
                          .depth = windows,
                          .pack = pack.data(),
                          .windows = tables.get(p),
                          .windows_transposed = true,
                          .epilogue = {.function = rectifies ? Function::relu : Function::linear}});
      ASSERT_TRUE(images.intact() && out.intact() && dw.intact()) << t.name;
      ASSERT_EQ(dw.values(), expected) << t.name << ", round " << round;
    }
  }
}

}  // namespace windows_test
}  // namespace cornu::inline v0::kernels
