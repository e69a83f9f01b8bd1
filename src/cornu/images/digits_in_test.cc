#include "cornu/images/digits_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "cornu/datasets/digits.h"
#include "cornu/images/resize.h"

namespace cornu::inline v0::images {
namespace digits_in_test {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Paper on which digits of the built-in set are put: 0 is paper, 255 ink.
class Page {
 public:
  Page(int64_t height, int64_t width) : pixels_({height, width}, DType::uint8) {
    std::ranges::fill(pixels_.span<uint8_t>(), uint8_t{0});
  }
  void put(TensorView digit, int64_t top, int64_t left, int64_t size = 28) {
    const Tensor scaled = resized(digit.reshape({28, 28, 1}), size, size);
    for (int64_t y = 0; y < size; ++y) {
      for (int64_t x = 0; x < size; ++x) {
        uint8_t& pixel = at(top + y, left + x);
        pixel = std::max(pixel, scaled.span<uint8_t>()[static_cast<size_t>(y * size + x)]);
      }
    }
  }
  uint8_t& at(int64_t y, int64_t x) {
    return pixels_.span<uint8_t>()[static_cast<size_t>(y * pixels_.shape()[1] + x)];
  }
  /// Each pixel as `shown` says, of its row, its column and its ink.
  Page as(const std::function<double(double, double, double)>& shown) const {
    Page page(pixels_.shape()[0], pixels_.shape()[1]);
    for (int64_t y = 0; y < pixels_.shape()[0]; ++y) {
      for (int64_t x = 0; x < pixels_.shape()[1]; ++x) {
        const double ink = pixels_.view().at(y * pixels_.shape()[1] + x);
        const double value = shown(static_cast<double>(y), static_cast<double>(x), ink);
        page.at(y, x) = static_cast<uint8_t>(std::clamp(value, 0.0, 255.0));
      }
    }
    return page;
  }
  TensorView view() const { return pixels_.view(); }

 private:
  Tensor pixels_;
};

// A handwritten digit as a sample of MNIST.
TensorView digit(int64_t i) {
  constexpr int64_t kDigits = 100;
  static const std::vector<Tensor> samples = [] {
    const Dataset digits = datasets::digits().train;
    std::vector<Tensor> all;
    for (int64_t row = 0; row < kDigits; ++row) {
      const Tensor small(digits.x().row(row));
      const Shape plane{small.shape()[0], small.shape()[1], 1};
      const Tensor large = resized(small.view().reshape(plane), 60, 60);
      all.push_back(std::move(digits_in(large.view().reshape({60, 60})).digits.at(0).sample));
    }
    return all;
  }();
  return samples[static_cast<size_t>(i)].view();
}

// The mean difference of two samples of 28 × 28.
double difference(TensorView a, TensorView b) {
  double sum = 0;
  for (int64_t i = 0; i < a.size(); ++i) sum += std::abs(a.at(i) - b.at(i));
  return sum / static_cast<double>(a.size());
}

TEST(DigitsIn, ASampleOfMnistIsItself) {
  double sum = 0;
  constexpr int64_t kDigits = 100;
  for (int64_t i = 0; i < kDigits; ++i) {
    const DigitsIn found = digits_in(digit(i));
    ASSERT_THAT(found.digits, SizeIs(1)) << i;
    sum += difference(digit(i), found.digits[0].sample.view());
  }
  EXPECT_LT(sum / kDigits, 2.5);  // of 255; a shift by a pixel makes 20
}

TEST(DigitsIn, AreReadInLinesFromTheLeft) {
  Page page(120, 200);
  page.put(digit(0), 10, 130);
  page.put(digit(1), 12, 20);
  page.put(digit(2), 70, 90);
  page.put(digit(3), 8, 70);
  const DigitsIn found = digits_in(page.view());
  ASSERT_THAT(found.digits, SizeIs(4));
  const std::vector<int64_t> order = {1, 3, 0, 2};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_LT(difference(digit(order[i]), found.digits[i].sample.view()), 2) << i;
  }
  EXPECT_NEAR(static_cast<double>(found.digits[3].top), 74, 4);
}

// However it is photographed, the sample that is made stays nearly the same.
TEST(DigitsIn, PaperInkAndLightDoNotMatter) {
  for (int64_t i = 0; i < 10; ++i) {
    Page page(96, 96);
    page.put(digit(i), 20, 30, 56);
    const auto check = [&](const char* what, const Page& shown) {
      const DigitsIn found = digits_in(shown.view());
      ASSERT_THAT(found.digits, SizeIs(1)) << what << i;
      EXPECT_LT(difference(digit(i), found.digits[0].sample.view()), 15) << what << i;
    };
    check("as it is", page);
    check("inverted", page.as([](double, double, double ink) { return 255 - ink; }));
    check("grey", page.as([](double, double, double ink) { return 180 - 0.5 * ink; }));
    check("in a shadow",
          page.as([](double y, double x, double ink) { return 120 + y + 0.4 * x - 0.4 * ink; }));
    check("ruled", page.as([](double y, double, double ink) {
      const bool is_rule = static_cast<int>(y) % 12 == 5;
      return 250 - std::max(ink, is_rule ? 40.0 : 0.0);
    }));
  }
}

TEST(DigitsIn, WhatIsDoneIsTold) {
  Page page(60, 60);
  page.put(digit(0), 10, 10);
  EXPECT_THAT(digits_in(page.view()).steps, ElementsAre("light ink on dark paper, as in MNIST"));
  const Page inverted = page.as([](double, double, double ink) { return 255 - ink; });
  EXPECT_THAT(digits_in(inverted.view()).steps,
              ElementsAre("dark ink on light paper, so inverted"));
}

TEST(DigitsIn, EmptyPaperHasNone) {
  const Page page(40, 50);
  EXPECT_THAT(digits_in(page.view()).digits, IsEmpty());
  const Page grey = page.as([](double y, double x, double) { return 100 + y + x; });
  EXPECT_THAT(digits_in(grey.view()).digits, IsEmpty());
  const Page tiny(1, 1);
  EXPECT_THAT(digits_in(tiny.view()).digits, IsEmpty());
}

TEST(DigitsIn, SpecksAndThinLinesAreNone) {
  Page page(100, 140);
  page.put(digit(4), 30, 50, 50);
  page.at(5, 5) = 255;
  page.at(90, 130) = 255;
  for (int64_t x = 0; x < 140; ++x) page.at(15, x) = 255;
  EXPECT_THAT(digits_in(page.view()).digits, SizeIs(1));
}

// JPEG leaves a faint pattern around strokes, which is the only grain on the flat paper of a
// drawing.
TEST(DigitsIn, AFaintPatternJoinsNone) {
  Page page(100, 200);
  page.put(digit(0), 20, 20, 56);
  page.put(digit(1), 20, 110, 56);
  for (int64_t y = 30; y < 60; ++y) {
    for (int64_t x = 50; x < 140; ++x) {
      if ((y + x) % 2 == 0) page.at(y, x) = std::max<uint8_t>(page.at(y, x), 16);
    }
  }
  const DigitsIn found = digits_in(page.view());
  ASSERT_THAT(found.digits, SizeIs(2));
  for (size_t i = 0; i < 2; ++i) {
    const auto label = static_cast<int64_t>(i);
    EXPECT_LT(difference(digit(label), found.digits[i].sample.view()), 15) << i;
  }
}

// A pen that was lifted, or ink that is faint in places.
TEST(DigitsIn, PartsAboveEachOtherAreOne) {
  Page page(100, 160);
  page.put(digit(0), 20, 10, 60);
  page.put(digit(1), 20, 90, 60);
  for (int64_t y = 48; y < 52; ++y) {
    for (int64_t x = 0; x < 160; ++x) page.at(y, x) = 0;
  }
  EXPECT_THAT(digits_in(page.view()).digits, SizeIs(2));
}

// Any picture at all, for faults of memory.
TEST(DigitsIn, NoiseDoesNoHarm) {
  uint32_t state = 1;
  for (const auto& [height, width] : std::vector<std::pair<int64_t, int64_t>>{
           {1, 9}, {9, 1}, {2, 2}, {13, 40}, {64, 64}, {1500, 3}}) {
    Page page(height, width);
    const Page noise = page.as([&](double, double, double) {
      state = state * 1664525 + 1013904223;
      return static_cast<double>(state >> 24);
    });
    for (const FoundDigit& each : digits_in(noise.view()).digits) {
      EXPECT_EQ(each.sample.shape(), (Shape{28, 28}));
    }
  }
}

}  // namespace digits_in_test
}  // namespace cornu::inline v0::images
