// MNIST's own test images, framed, inverted, moved and enlarged: found and made samples again, they
// are classified nearly as well as they are.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "cornu/core/sanitized_test.h"
#include "cornu/cornu.h"
#include "cornu/images/digits_in.h"
#include "cornu/images/resize.h"

namespace cornu::inline v0 {
namespace handwriting_test {

constexpr int64_t kSide = 28;

/// How a sample is put on a page.
struct Page {
  const char* name;
  double scale;
  int64_t frame, down, right;  ///< pixels of paper on each side, and how far it is moved
  bool is_inverted;
};

Tensor shown(TensorView digit, const Page& page) {
  const auto size = static_cast<int64_t>(kSide * page.scale);
  const Tensor large = images::resized(digit.reshape({kSide, kSide, 1}), size, size);
  const int64_t side = size + 2 * page.frame;
  Tensor picture({side, side}, DType::uint8);
  const auto pixels = picture.span<uint8_t>();
  std::ranges::fill(pixels, uint8_t{0});
  for (int64_t y = 0; y < size; ++y) {
    const int64_t to = (y + page.frame + page.down) * side + page.frame + page.right;
    std::copy_n(&large.span<uint8_t>()[static_cast<size_t>(y * size)], size,
                &pixels[static_cast<size_t>(to)]);
  }
  for (uint8_t& each : pixels) each = page.is_inverted ? 255 - each : each;
  return picture;
}

double share_of_right(const Model& model, const Tensor& images, const Dataset& truth) {
  const Dataset samples(Tensor(images.view()), Tensor(Shape{truth.size()}));
  const Tensor classes = model.predict_classes(samples.divide(255));
  int64_t right = 0;
  for (int64_t i = 0; i < truth.size(); ++i) right += classes.at(i) == truth.y().at(i) ? 1 : 0;
  return static_cast<double>(right) / static_cast<double>(truth.size());
}

TEST(Handwriting, ItsPaperSizeAndPlaceDoNotMatter) {
  if (!datasets::find("mnist", {.download = false}).found()) {
    GTEST_SKIP() << "full MNIST not found";
  }
  const auto [train, test] = datasets::mnist({.download = false});
  Sequential model({Flatten(), Dense(64, "relu"), Dense(10, "softmax")});
  model.compile({.loss = "sparse_categorical_crossentropy"});
  model.fit(train.divide(255), {.batch_size = 128, .epochs = 3, .verbose = 0});
  const Dataset some = test.take(drawn(1'000));
  const double plain = share_of_right(model, Tensor(some.x()), some);
  EXPECT_GT(plain, 0.93);
  const Page pages[] = {
      {"as it is", 1, 0, 0, 0, false},    {"framed", 1, 28, 0, 0, false},
      {"inverted", 1, 0, 0, 0, true},     {"moved", 1, 20, 15, -12, false},
      {"enlarged", 2.5, 10, 0, 0, false}, {"enlarged and inverted", 4, 20, 15, -10, true}};
  for (const Page& page : pages) {
    Tensor samples({some.size(), kSide, kSide}, DType::uint8);
    std::ranges::fill(samples.span<uint8_t>(), uint8_t{0});
    for (int64_t i = 0; i < some.size(); ++i) {
      const images::DigitsIn found = images::digits_in(shown(some.x().row(i), page).view());
      if (found.digits.size() != 1) continue;  // then it is wrong, or right by chance
      std::ranges::copy(found.digits[0].sample.span<uint8_t>(),
                        &samples.span<uint8_t>()[static_cast<size_t>(i * kSide * kSide)]);
    }
    EXPECT_NEAR(share_of_right(model, samples, some), plain, kSanitized ? 0.02 : 0.01) << page.name;
  }
}

}  // namespace handwriting_test
}  // namespace cornu::inline v0
