#pragma once

// Updates of weights, and of their gradients and states, as one member carries them out.

#include <cmath>

#include "cornu/kernels/step_numbers.h"
#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

template <class T>
kernels::SgdArgsOf<T> arguments(const ops::SgdUpdate& x, const Op& op, const Frame<T>& f,
                                int64_t offset, int64_t size) {
  return {.w = f.at(op.out[0]) + offset,
          .dw = nullptr,
          .velocity = x.momentum != 0 ? f.at(op.out[1]) + offset : nullptr,
          .size = size,
          .learning_rate = static_cast<T>(f.context.learning_rate),
          .momentum = static_cast<T>(x.momentum),
          .nesterov = x.nesterov};
}

template <class T>
kernels::AdamArgsOf<T> arguments(const ops::AdamUpdate& x, const Op& op, const Frame<T>& f,
                                 SlotId alpha, int64_t offset, int64_t size) {
  return {.w = f.at(op.out[0]) + offset,
          .dw = nullptr,
          .m = f.at(op.out[1]) + offset,
          .v = f.at(op.out[2]) + offset,
          .size = size,
          .alpha = *f.at(alpha),
          .one_minus_beta_1 = static_cast<T>(1 - x.beta_1),
          .one_minus_beta_2 = static_cast<T>(1 - x.beta_2),
          .epsilon = static_cast<T>(x.epsilon)};
}

template <class T>
void run(const ops::SgdUpdate& x, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, [&](int64_t offset, int64_t size) {
    auto a = arguments(x, op, f, offset, size);
    a.dw = f.at(op.in[0]) + offset;
    f.kernels.sgd(a);
  });
}

template <class T>
void run(const ops::AdamUpdate& x, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, [&](int64_t offset, int64_t size) {
    auto a = arguments(x, op, f, op.in[1], offset, size);
    a.dw = f.at(op.in[0]) + offset;
    f.kernels.adam(a);
  });
}

template <class T>
void run(const ops::AdamStep& x, const Op& op, const Frame<T>& f) {
  if (!f.context.closes) return;  // no update in this step
  const auto power = [&](size_t i) -> double& { return *f.template at<double>(op.out[i]); };
  const double power_1 = kernels::next_power(ops::as_float32(x.beta_1), power(1));
  const double power_2 = kernels::next_power(ops::as_float32(x.beta_2), power(2));
  *f.at(op.out[0]) = static_cast<T>(kernels::adam_step(f.context.learning_rate, power_1, power_2));
}

template <class T>
kernels::RuleArgsOf<T> arguments(const ops::RuleUpdate& x, const Op& op, const Frame<T>& f,
                                 SlotId rates, int64_t offset, int64_t size) {
  using kernels::UpdateRule;
  const UpdateRule& rule = x.rule;
  size_t next = 1;
  const auto state = [&](bool has) { return has ? f.at(op.out[next++]) + offset : nullptr; };
  const T* const numbers = f.at(rates);
  const bool has_four = rule.kind == UpdateRule::nadam;
  const auto one_minus = [&](double beta) {
    return static_cast<T>(1 - (has_four ? ops::as_float32(beta) : beta));
  };
  T* const s0 = state(true);
  T* const s1 = state(rule.has_s1());
  T* const s2 = state(rule.has_s2());
  return {.kind = rule.kind,
          .w = f.at(op.out[0]) + offset,
          .dw = nullptr,
          .s0 = s0,
          .s1 = s1,
          .s2 = s2,
          .size = size,
          .rate = numbers != nullptr ? numbers[0] : static_cast<T>(f.context.learning_rate),
          .beta_1 = static_cast<T>(rule.beta_1),
          .one_minus_beta_1 = one_minus(rule.beta_1),
          .beta_2 = static_cast<T>(rule.beta_2),
          .one_minus_beta_2 = one_minus(rule.beta_2),
          .epsilon = static_cast<T>(rule.epsilon),
          .momentum = static_cast<T>(rule.momentum),
          .c0 = has_four ? numbers[1] : 0,
          .c1 = has_four ? numbers[2] : 0,
          .c2 = has_four ? numbers[3] : 0};
}

template <class T>
void run(const ops::RuleUpdate& x, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, [&](int64_t offset, int64_t size) {
    auto a = arguments(x, op, f, op.in.size() > 1 ? op.in[1] : kNone, offset, size);
    a.dw = f.at(op.in[0]) + offset;
    f.kernels.rule_update(a);
  });
}

template <class T>
void run(const ops::RuleStep& x, const Op& op, const Frame<T>& f) {
  if (!f.context.closes) return;
  const auto state = [&](size_t i) -> double& { return *f.template at<double>(op.out[i]); };
  const double beta_1 = ops::as_float32(x.rule.beta_1);
  const double rate = f.context.learning_rate;
  T* const numbers = f.at(op.out[0]);
  if (x.rule.kind == kernels::UpdateRule::adamax) {
    numbers[0] = static_cast<T>(kernels::adamax_step(rate, kernels::next_power(beta_1, state(1))));
    return;
  }
  const double decay = ops::as_float32(0.96);
  const double decay_power = kernels::next_power(decay, state(2));
  const double power_2 = kernels::next_power(ops::as_float32(x.rule.beta_2), state(3));
  const auto made = kernels::nadam_numbers(beta_1, decay, decay_power, power_2, state(1));
  numbers[0] = static_cast<T>(rate);
  numbers[1] = static_cast<T>(made.c0);
  numbers[2] = static_cast<T>(made.c1);
  numbers[3] = static_cast<T>(made.c2);
}

template <class T>
void run(const ops::Accumulate& x, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, [&](int64_t offset, int64_t size) {
    f.kernels.accumulate({.dw = f.at(op.out[1]) + offset,
                          .sum = f.at(op.out[0]) + offset,
                          .size = size,
                          .steps = static_cast<T>(x.steps),
                          .closes = f.context.closes});
  });
}

template <class T>
void run(const ops::ClipValue& x, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, [&](int64_t offset, int64_t size) {
    f.kernels.clip({f.at(op.out[0]) + offset, size, static_cast<T>(x.limit)});
  });
}

template <class T>
void run(const ops::SquaredNorm&, const Op& op, const Frame<T>& f) {
  *f.template at<double>(op.out[0]) = f.kernels.squared_norm(f.at(op.in[0]), f.size(op.in[0]));
}

template <class T>
void run(const ops::ClipFactor& x, const Op& op, const Frame<T>& f) {
  double squares = 0;
  for (const SlotId each : op.in) squares += *f.template at<double>(each);
  const double norm = std::sqrt(squares);
  *f.at(op.out[0]) = static_cast<T>(x.limit / (norm < x.limit ? x.limit : norm));
}

template <class T>
void run(const ops::ScaleBy&, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, [&](int64_t offset, int64_t size) {
    f.kernels.scale({f.at(op.out[0]) + offset, size, *f.at(op.in[1])});
  });
}

template <class T>
void run(const ops::WeightDecay& x, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, [&](int64_t offset, int64_t size) {
    f.kernels.decay({.w = f.at(op.out[0]) + offset,
                     .size = size,
                     .rate = static_cast<T>(x.rate),
                     .learning_rate = static_cast<T>(f.context.learning_rate)});
  });
}

template <class T>
void run(const ops::MovingAverage& x, const Op& op, const Frame<T>& f) {
  const bool is_first = f.context.updates == 0;
  const bool overwrites =
      x.overwrite_frequency > 0 && (f.context.updates + 1) % x.overwrite_frequency == 0;
  f.for_each_run(op, [&](int64_t offset, int64_t size) {
    f.kernels.moving_average({.average = f.at(op.out[0]) + offset,
                              .w = f.at(op.out[1]) + offset,
                              .size = size,
                              .momentum = static_cast<T>(is_first ? 0 : x.momentum),
                              .rest = static_cast<T>(is_first ? 1 : 1 - x.momentum),
                              .overwrites = overwrites});
  });
}

}  // namespace cornu::inline v0
