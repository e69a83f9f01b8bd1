#include "cornu/images/digits_in.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cornu/images/resize.h"
#include "cornu/images/strokes.h"

namespace cornu::inline v0::images {
namespace {

constexpr int64_t kSide = 28;     // of MNIST's samples
constexpr int64_t kBox = 20;      // that their digits fill
constexpr double kMiddle = 14.5;  // where their centres of mass are, measured: that of pixel 14

// Large enough to see every digit, small enough to be quick.
constexpr int64_t kLongestSide = 1'200;

// A digit's ink alone, 255 where it is deepest, in a picture of its size and `margin` around it.
Tensor cut_out(const Ink& ink, const Stroke& sign, int64_t margin) {
  const int64_t width = sign.width() + 2 * margin;
  Tensor picture({sign.height() + 2 * margin, width, 1}, DType::uint8);
  const auto pixels = picture.span<uint8_t>();
  std::ranges::fill(pixels, uint8_t{0});
  int peak = 1;
  for (const int64_t place : sign.pixels) {
    peak = std::max<int>(peak, ink.depth[static_cast<size_t>(place)]);
  }
  peak = std::min(peak, std::max(ink.peak, ink.certain + 1));
  for (const int64_t place : sign.pixels) {
    const int64_t y = place / ink.width - sign.top + margin;
    const int64_t x = place % ink.width - sign.left + margin;
    const int depth = ink.depth[static_cast<size_t>(place)];
    pixels[static_cast<size_t>(y * width + x)] =
        static_cast<uint8_t>(std::min(255, depth * 255 / peak));
  }
  return picture;
}

// The mean width of its strokes, as a share of the larger side: two sides of a stroke are edges.
double stroke_width(const Tensor& picture) {
  const int64_t height = picture.shape()[0];
  const int64_t width = picture.shape()[1];
  const auto pixels = picture.span<uint8_t>();
  const auto is_ink = [&](int64_t y, int64_t x) {
    return y >= 0 && y < height && x >= 0 && x < width &&
           pixels[static_cast<size_t>(y * width + x)] >= 128;
  };
  double area = 0, edges = 0;
  for (int64_t y = 0; y <= height; ++y) {
    for (int64_t x = 0; x <= width; ++x) {
      area += is_ink(y, x) ? 1 : 0;
      edges += is_ink(y, x) != is_ink(y, x - 1) ? 1 : 0;
      edges += is_ink(y, x) != is_ink(y - 1, x) ? 1 : 0;
    }
  }
  return edges == 0 ? 0 : 2 * area / edges;
}

// Takes away the slant beyond that of most handwriting, by shifting rows: samples that slant more
// are rare in MNIST.
Tensor less_slanted(Tensor picture) {
  constexpr double kUsual = 0.3;  // pixels to the left for each row down
  const int64_t height = picture.shape()[0];
  const int64_t width = picture.shape()[1];
  const auto pixels = std::as_const(picture).span<uint8_t>();
  double mass = 0, down = 0, across = 0;
  const auto each_pixel = [&](auto visit) {
    for (int64_t y = 0; y < height; ++y) {
      for (int64_t x = 0; x < width; ++x) {
        visit(static_cast<double>(y), static_cast<double>(x),
              static_cast<double>(pixels[static_cast<size_t>(y * width + x)]));
      }
    }
  };
  each_pixel([&](double y, double x, double value) {
    mass += value;
    down += value * y;
    across += value * x;
  });
  double both = 0, square = 0;
  each_pixel([&](double y, double x, double value) {
    both += value * (y - down / mass) * (x - across / mass);
    square += value * (y - down / mass) * (y - down / mass);
  });
  const double slant = square == 0 ? 0 : both / square;
  const double excess = slant < -kUsual ? slant + kUsual : slant > kUsual ? slant - kUsual : 0;
  if (excess == 0) return picture;
  const auto shift = [&](int64_t y) {
    return std::llround(-excess * (static_cast<double>(y) - down / mass));
  };
  const int64_t most = std::max(std::abs(shift(0)), std::abs(shift(height - 1)));
  Tensor sheared({height, width + 2 * most, 1}, DType::uint8);
  const auto to = sheared.span<uint8_t>();
  std::ranges::fill(to, uint8_t{0});
  int64_t left = width + 2 * most, right = 0;
  for (int64_t y = 0; y < height; ++y) {
    const int64_t begin = most + shift(y);
    for (int64_t x = 0; x < width; ++x) {
      const uint8_t value = pixels[static_cast<size_t>(y * width + x)];
      if (value == 0) continue;
      to[static_cast<size_t>(y * (width + 2 * most) + begin + x)] = value;
      left = std::min(left, begin + x);
      right = std::max(right, begin + x + 1);
    }
  }
  Tensor cut({height, right - left, 1}, DType::uint8);
  for (int64_t y = 0; y < height; ++y) {
    std::copy_n(&to[static_cast<size_t>(y * (width + 2 * most) + left)], right - left,
                &cut.span<uint8_t>()[static_cast<size_t>(y * (right - left))]);
  }
  return cut;
}

// The same with strokes wider by `reach` on each side.
void thicken(Tensor& picture, int64_t reach) {
  const int64_t height = picture.shape()[0];
  const int64_t width = picture.shape()[1];
  const auto pixels = picture.span<uint8_t>();
  for (int64_t round = 0; round < reach; ++round) {
    const std::vector<uint8_t> before(pixels.begin(), pixels.end());
    for (int64_t y = 0; y < height; ++y) {
      for (int64_t x = 0; x < width; ++x) {
        uint8_t& pixel = pixels[static_cast<size_t>(y * width + x)];
        if (y > 0) pixel = std::max(pixel, before[static_cast<size_t>((y - 1) * width + x)]);
        if (y + 1 < height)
          pixel = std::max(pixel, before[static_cast<size_t>((y + 1) * width + x)]);
        if (x > 0) pixel = std::max(pixel, before[static_cast<size_t>(y * width + x - 1)]);
        if (x + 1 < width) pixel = std::max(pixel, before[static_cast<size_t>(y * width + x + 1)]);
      }
    }
  }
}

// As bright as MNIST's ink, whose strokes reach 255 though they are thin.
void brighten(Tensor& picture) {
  const auto pixels = picture.span<uint8_t>();
  const int peak = std::max<int>(1, *std::ranges::max_element(pixels));
  for (uint8_t& each : pixels) each = static_cast<uint8_t>(each * 255 / peak);
}

// With its centre of mass in the middle, as far as the digit stays inside.
Tensor centred(const Tensor& digit) {
  const int64_t height = digit.shape()[0];
  const int64_t width = digit.shape()[1];
  const auto from = digit.span<uint8_t>();
  double mass = 0, down = 0, across = 0;
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      const double value = from[static_cast<size_t>(y * width + x)];
      mass += value;
      down += value * (static_cast<double>(y) + 0.5);
      across += value * (static_cast<double>(x) + 0.5);
    }
  }
  const auto place = [&](double sum, int64_t size) {
    const auto begin = static_cast<int64_t>(std::floor(kMiddle - sum / mass + 0.5));
    return std::clamp<int64_t>(begin, 0, kSide - size);
  };
  const int64_t top = place(down, height);
  const int64_t left = place(across, width);
  Tensor sample({kSide, kSide}, DType::uint8);
  const auto to = sample.span<uint8_t>();
  std::ranges::fill(to, uint8_t{0});
  for (int64_t y = 0; y < height; ++y) {
    std::copy_n(&from[static_cast<size_t>(y * width)], width,
                &to[static_cast<size_t>((top + y) * kSide + left)]);
  }
  return sample;
}

Tensor sample_of(const Ink& ink, const Stroke& sign) {
  // MNIST's strokes are two to three pixels wide, of twenty.
  constexpr double kThinnest = 1.6;
  const double scale =
      static_cast<double>(kBox) / static_cast<double>(std::max(sign.width(), sign.height()));
  const double thin = kThinnest / scale - stroke_width(cut_out(ink, sign, 0));
  const auto reach = static_cast<int64_t>(std::max(0.0, thin / 2 + 0.5));
  Tensor digit = cut_out(ink, sign, reach);
  thicken(digit, reach);
  digit = less_slanted(std::move(digit));
  const int64_t larger = std::max(digit.shape()[0], digit.shape()[1]);
  const auto scaled = [larger](int64_t size) {
    return std::max<int64_t>(1, (size * kBox + larger / 2) / larger);
  };
  Tensor small = resized(digit.view(), scaled(digit.shape()[0]), scaled(digit.shape()[1]));
  brighten(small);
  return centred(small);
}

}  // namespace

DigitsIn digits_in(TensorView grey) {
  DigitsIn found;
  const int64_t longer = std::max(grey.shape()[0], grey.shape()[1]);
  const double shrunk =
      longer > kLongestSide ? static_cast<double>(kLongestSide) / static_cast<double>(longer) : 1;
  const auto less = [shrunk](int64_t size) {
    return std::max<int64_t>(1, std::llround(static_cast<double>(size) * shrunk));
  };
  const Shape shape{grey.shape()[0], grey.shape()[1], 1};
  const Tensor small = resized(grey.reshape(shape), less(grey.shape()[0]), less(grey.shape()[1]));
  const Ink ink = ink_of(small.view().reshape({small.shape()[0], small.shape()[1]}));
  constexpr int kFaintest = 24;
  if (ink.peak < kFaintest) return found;
  found.steps.emplace_back(ink.is_dark ? "dark ink on light paper, so inverted"
                                       : "light ink on dark paper, as in MNIST");
  const auto in_picture = [shrunk](int64_t place) {
    return std::llround(static_cast<double>(place) / shrunk);
  };
  for (const Stroke& sign : signs_of(strokes_of(ink), ink)) {
    found.digits.push_back({.left = in_picture(sign.left),
                            .top = in_picture(sign.top),
                            .width = in_picture(sign.width()),
                            .height = in_picture(sign.height()),
                            .sample = sample_of(ink, sign)});
  }
  return found;
}

}  // namespace cornu::inline v0::images
