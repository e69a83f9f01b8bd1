#pragma once

// Convolutions of whole numbers, whose sums are exact: a prediction and a step of training, in
// plans as users run them, against sums over the images in int64.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cornu/kernels/bits_test.h"
#include "cornu/layers/convolution.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/flatten.h"
#include "cornu/layers/input.h"
#include "cornu/layers/merge.h"
#include "cornu/layers/prelu.h"
#include "cornu/models/model.h"
#include "cornu/models/sequential.h"
#include "cornu/optimizers/sgd.h"

namespace cornu::inline v0 {

/// How a kernel slides along one axis.
struct SlidingAxis {
  int64_t extent, size, stride, dilation;
  bool is_same;

  explicit SlidingAxis(kernels::Draw& draw, bool same) : is_same(same) {
    size = 1 + draw.below(4);
    const bool is_strided = draw.below(2) == 0;  // Keras takes one of the two
    stride = is_strided ? 1 + draw.below(3) : 1;
    dilation = is_strided ? 1 : 1 + draw.below(3);
    extent = is_same ? 1 + draw.below(9) : span() + draw.below(8);
  }

  int64_t span() const { return dilation * (size - 1) + 1; }
  int64_t places() const {
    return is_same ? (extent + stride - 1) / stride : (extent - span()) / stride + 1;
  }
  /// Zeros before the first pixel, half of all: TensorFlow's "same".
  int64_t before() const {
    return is_same ? std::max<int64_t>((places() - 1) * stride + span() - extent, 0) / 2 : 0;
  }
};

/// One layer between drawn images, kernels and gradients. In training the images are weights too,
/// of a PReLU that multiplies them by numbers below 0, so that the gradient of the layer's input is
/// seen; the gradient of its output is drawn, more or less of it 0.
class ConvolutionCase {
 public:
  explicit ConvolutionCase(uint64_t key)
      : draw_(key),
        is_same_(draw_.below(2) == 0),
        down_(draw_, is_same_),
        across_(draw_, is_same_) {
    groups_ = draw_.below(4) == 0 ? 2 + draw_.below(2) : 1;
    group_channels_ = 1 + draw_.below(draw_.below(4) == 0 ? 40 : 6);
    group_filters_ = 1 + draw_.below(draw_.below(4) == 0 ? 70 : 12);
    rows_ = int64_t{1} << draw_.below(4);  // by which gradients are divided without rounding
    is_relu_ = draw_.below(2) == 0;
    image_ = whole(image_size(), 4);
    kernel_ = whole(pixels() * group_channels_ * filters(), 4);
    bias_ = whole(filters(), 4);
    factors_ = whole(rows_ * image_size(), 1);
    for (int64_t& factor : factors_) factor -= 2;
    dy_ = whole(rows_ * places() * filters(), 4);
    const int64_t sparsity = 1 + draw_.below(20);
    for (int64_t& each : dy_) each *= draw_.below(sparsity) == 0 ? 1 : 0;
    const auto targets = kernels::supported_targets();
    target_ = targets[static_cast<size_t>(draw_.below(static_cast<int64_t>(targets.size())))];
    threads_ = static_cast<int>(1 + draw_.below(3));
  }

  std::string text() const {
    std::string text = "extents, size, strides, dilation, channels, filters, groups, rows:";
    for (const int64_t each :
         {down_.extent, across_.extent, down_.size, across_.size, down_.stride, across_.stride,
          down_.dilation, across_.dilation, channels(), filters(), groups_, rows_}) {
      text += " " + std::to_string(each);
    }
    return text + (is_same_ ? ", same" : ", valid") + (is_relu_ ? ", relu" : "") + ", " +
           std::string(kernels::name(target_)) + ", threads " + std::to_string(threads_);
  }

  void expect_exact() const {
    SCOPED_TRACE(text());
    const std::vector<int64_t> x = seen_images(), y = outputs(x);
    Sequential model({Input(image_shape()), layer()});
    set_weights(model, 0);
    model.compile({.loss = "mse", .execution = execution()});
    EXPECT_EQ(values(model.predict(tensor(image_shape().with_rows().with_rows(rows_), x))), y);
    expect_exact_step(x, y);
  }

 private:
  static std::shared_ptr<Team> team(int threads) {
    static const std::vector<std::shared_ptr<Team>> teams = {
        std::make_shared<Team>(1), std::make_shared<Team>(2), std::make_shared<Team>(3)};
    return teams[static_cast<size_t>(threads - 1)];
  }
  static size_t at(int64_t index) { return static_cast<size_t>(index); }

  int64_t channels() const { return groups_ * group_channels_; }
  int64_t filters() const { return groups_ * group_filters_; }
  int64_t pixels() const { return down_.size * across_.size; }
  int64_t places() const { return down_.places() * across_.places(); }
  int64_t image_size() const { return down_.extent * across_.extent * channels(); }
  Shape image_shape() const { return {down_.extent, across_.extent, channels()}; }
  Shape output_shape() const { return {down_.places(), across_.places(), filters()}; }

  std::vector<int64_t> whole(int64_t size, int64_t most) {
    std::vector<int64_t> numbers(at(size));
    for (int64_t& each : numbers) each = draw_.below(2 * most + 1) - most;
    return numbers;
  }
  static Tensor tensor(const Shape& shape, const std::vector<int64_t>& numbers) {
    Tensor made(shape);
    std::ranges::transform(numbers, made.span<float>().begin(),
                           [](int64_t each) { return static_cast<float>(each); });
    return made;
  }
  static std::vector<int64_t> values(TensorView x) {
    return {x.span<float>().begin(), x.span<float>().end()};
  }

  Layer layer() const {
    return Conv2D({.filters = filters(),
                   .kernel_size = {down_.size, across_.size},
                   .strides = {down_.stride, across_.stride},
                   .padding = is_same_ ? "same" : "valid",
                   .dilation_rate = {down_.dilation, across_.dilation},
                   .groups = groups_,
                   .activation = is_relu_ ? "relu" : "linear"});
  }
  ExecutionOptions execution() const {
    return {.target = target_, .team = team(threads_), .minimum_work = 0};
  }
  void set_weights(Model& model, size_t first) const {
    const Shape kernel = {down_.size, across_.size, group_channels_, filters()};
    model.set_weight(model.weights()[first].first, tensor(kernel, kernel_));
    model.set_weight(model.weights()[first + 1].first, tensor({filters()}, bias_));
  }

  // What the layer sees of each row: its factors times the image.
  std::vector<int64_t> seen_images() const {
    std::vector<int64_t> x = factors_;
    for (size_t i = 0; i < x.size(); ++i) x[i] *= image_[i % image_.size()];
    return x;
  }

  // f(y, x, kernel), the places of each product of the layer.
  template <class F>
  void for_each_product(const F& f) const {
    for (int64_t row = 0; row < rows_; ++row) {
      for (int64_t i = 0; i < places(); ++i) {
        for (int64_t pixel = 0; pixel < pixels(); ++pixel) {
          const int64_t line = i / across_.places() * down_.stride - down_.before() +
                               pixel / across_.size * down_.dilation;
          const int64_t column = i % across_.places() * across_.stride - across_.before() +
                                 pixel % across_.size * across_.dilation;
          if (line < 0 || line >= down_.extent || column < 0 || column >= across_.extent) continue;
          for (int64_t filter = 0; filter < filters(); ++filter) {
            const int64_t begin = filter / group_filters_ * group_channels_;
            for (int64_t c = 0; c < group_channels_; ++c) {
              f(at((row * places() + i) * filters() + filter),
                at(row * image_size() + (line * across_.extent + column) * channels() + begin + c),
                at((pixel * group_channels_ + c) * filters() + filter));
            }
          }
        }
      }
    }
  }

  std::vector<int64_t> outputs(const std::vector<int64_t>& x) const {
    std::vector<int64_t> y(dy_.size());
    for (size_t i = 0; i < y.size(); ++i) y[i] = bias_[i % bias_.size()];
    for_each_product([&](size_t to, size_t from, size_t w) { y[to] += x[from] * kernel_[w]; });
    if (is_relu_) {
      for (int64_t& each : y) each = std::max<int64_t>(each, 0);
    }
    return y;
  }

  // The sum of the outputs, each times dy · rows, is above the target, so its derivative in the
  // mean absolute error is 1 ÷ rows; a step of size 1 takes the gradients from the weights.
  void expect_exact_step(const std::vector<int64_t>& x, const std::vector<int64_t>& y) const {
    const auto factors = Input(image_shape()), scale = Input(output_shape());
    const auto out = layer()(PReLU()(factors));
    const Dense sum(
        {.units = 1, .use_bias = false, .kernel_initializer = "ones", .trainable = false});
    Model model({factors, scale}, sum(Flatten()(Multiply()({out, scale}))));
    model.set_weight(model.weights()[0].first, tensor(image_shape(), image_));
    set_weights(model, 1);
    model.compile({.optimizer = SGD(1), .loss = "mae", .execution = execution()});
    std::vector<int64_t> scales = dy_;
    for (int64_t& each : scales) each *= rows_;
    Tensor target({rows_, 1});
    std::ranges::fill(target.span<float>(), -1e12F);
    model.train_on_batch({tensor(image_shape().with_rows().with_rows(rows_), factors_),
                          tensor(output_shape().with_rows().with_rows(rows_), scales)},
                         target);

    std::vector<int64_t> image = image_, kernel = kernel_, bias = bias_, dx(x.size());
    const auto dy = [&](size_t i) { return is_relu_ && y[i] == 0 ? 0 : dy_[i]; };
    for (size_t i = 0; i < y.size(); ++i) bias[i % bias.size()] -= dy(i);
    for_each_product([&](size_t to, size_t from, size_t w) {
      kernel[w] -= x[from] * dy(to);
      dx[from] += kernel_[w] * dy(to);
    });
    for (size_t i = 0; i < dx.size(); ++i) image[i % image.size()] -= factors_[i] * dx[i];
    EXPECT_EQ(values(model.weights()[0].second), image);
    EXPECT_EQ(values(model.weights()[1].second), kernel);
    EXPECT_EQ(values(model.weights()[2].second), bias);
  }

  kernels::Draw draw_;
  bool is_same_;
  SlidingAxis down_, across_;
  int64_t groups_ = 1, group_channels_ = 1, group_filters_ = 1, rows_ = 1;
  bool is_relu_ = false;
  std::vector<int64_t> image_, kernel_, bias_;
  std::vector<int64_t> factors_, dy_;  ///< of every row
  kernels::Target target_ = kernels::best_target();
  int threads_ = 1;
};

}  // namespace cornu::inline v0
