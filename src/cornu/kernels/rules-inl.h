// Compiled once per target. The rules of update_rule.h. Square root and division are exact.

#if defined(CORNU_KERNELS_RULES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_RULES_INL_H_
#undef CORNU_KERNELS_RULES_INL_H_
#else
#define CORNU_KERNELS_RULES_INL_H_
#endif

#include "cornu/kernels/updates-inl.h"
#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

using RuleArgs = RuleArgsOf<float>;

/// Shared by the rules: the states of elements i … i + count − 1.
class RuleLanes {
 public:
  CORNU_INLINE explicit RuleLanes(const RuleArgs& a) : a_(a) {}

 protected:
  /// + 0 flushes denormals on all targets, since only some instructions for a choice do.
  CORNU_INLINE static Vector larger(Vector x, Vector y) {
    return hn::Add(hn::IfThenElse(hn::Lt(x, y), y, x), constant(0));
  }
  /// β·s + (1−β)·x.
  CORNU_INLINE static Vector decayed(float beta, Vector s, float one_minus_beta, Vector x) {
    return without_tiny(hn::MulAdd(constant(beta), s, hn::Mul(constant(one_minus_beta), x)));
  }
  CORNU_INLINE Vector first_moment(int64_t i, int64_t count, Vector g) const {
    Vector m = load(a_.s0 + i, count);
    m = without_tiny(hn::MulAdd(hn::Sub(g, m), constant(a_.one_minus_beta_1), m));
    store(m, a_.s0 + i, count);
    return m;
  }
  CORNU_INLINE Vector second_moment(int64_t i, int64_t count, Vector g) const {
    Vector v = load(a_.s1 + i, count);
    v = without_tiny(hn::MulAdd(hn::MulSub(g, g, v), constant(a_.one_minus_beta_2), v));
    store(v, a_.s1 + i, count);
    return v;
  }
  CORNU_INLINE void move_by(int64_t i, int64_t count, Vector move) const {
    store(hn::Sub(load(a_.w + i, count), move), a_.w + i, count);
  }
  CORNU_INLINE Vector root(Vector x) const { return hn::Sqrt(hn::Add(x, constant(a_.epsilon))); }

  const RuleArgs& a_;
};

class RmspropLanes : public RuleLanes {
 public:
  CORNU_INLINE explicit RmspropLanes(const RuleArgs& a) : RuleLanes(a) {}
  CORNU_INLINE void update(int64_t i, int64_t count, Vector g) const {
    const Vector v = decayed(a_.beta_1, load(a_.s0 + i, count), a_.one_minus_beta_1, hn::Mul(g, g));
    store(v, a_.s0 + i, count);
    Vector under = v;
    if (a_.s2 != nullptr) {
      const Vector average = decayed(a_.beta_1, load(a_.s2 + i, count), a_.one_minus_beta_1, g);
      store(average, a_.s2 + i, count);
      under = hn::NegMulAdd(average, average, v);
    }
    Vector move = hn::Div(hn::Mul(constant(a_.rate), g), root(under));
    if (a_.s1 != nullptr) {
      move = without_tiny(hn::MulAdd(constant(a_.momentum), load(a_.s1 + i, count), move));
      store(move, a_.s1 + i, count);
    }
    move_by(i, count, move);
  }
};

class AdagradLanes : public RuleLanes {
 public:
  CORNU_INLINE explicit AdagradLanes(const RuleArgs& a) : RuleLanes(a) {}
  CORNU_INLINE void update(int64_t i, int64_t count, Vector g) const {
    const Vector sum = hn::MulAdd(g, g, load(a_.s0 + i, count));
    store(sum, a_.s0 + i, count);
    move_by(i, count, hn::Div(hn::Mul(constant(a_.rate), g), root(sum)));
  }
};

class AdadeltaLanes : public RuleLanes {
 public:
  CORNU_INLINE explicit AdadeltaLanes(const RuleArgs& a) : RuleLanes(a) {}
  CORNU_INLINE void update(int64_t i, int64_t count, Vector g) const {
    const Vector gradients =
        decayed(a_.beta_1, load(a_.s0 + i, count), a_.one_minus_beta_1, hn::Mul(g, g));
    const Vector moves = load(a_.s1 + i, count);
    const Vector move = hn::Div(hn::Mul(root(moves), g), root(gradients));
    store(gradients, a_.s0 + i, count);
    store(decayed(a_.beta_1, moves, a_.one_minus_beta_1, hn::Mul(move, move)), a_.s1 + i, count);
    store(hn::NegMulAdd(constant(a_.rate), move, load(a_.w + i, count)), a_.w + i, count);
  }
};

class AdamaxLanes : public RuleLanes {
 public:
  CORNU_INLINE explicit AdamaxLanes(const RuleArgs& a) : RuleLanes(a) {}
  CORNU_INLINE void update(int64_t i, int64_t count, Vector g) const {
    const Vector m = first_moment(i, count, g);
    const Vector before = hn::Mul(constant(a_.beta_2), load(a_.s1 + i, count));
    const Vector u = without_tiny(larger(before, hn::Abs(g)));
    store(u, a_.s1 + i, count);
    move_by(i, count, hn::Div(hn::Mul(constant(a_.rate), m), hn::Add(u, constant(a_.epsilon))));
  }
};

class NadamLanes : public RuleLanes {
 public:
  CORNU_INLINE explicit NadamLanes(const RuleArgs& a) : RuleLanes(a) {}
  CORNU_INLINE void update(int64_t i, int64_t count, Vector g) const {
    const Vector m = first_moment(i, count, g);
    const Vector v = second_moment(i, count, g);
    const Vector ahead = hn::MulAdd(constant(a_.c0), m, hn::Mul(constant(a_.c1), g));
    const Vector under = hn::Add(hn::Sqrt(hn::Mul(constant(a_.c2), v)), constant(a_.epsilon));
    move_by(i, count, hn::Div(hn::Mul(constant(a_.rate), ahead), under));
  }
};

class LionLanes : public RuleLanes {
 public:
  CORNU_INLINE explicit LionLanes(const RuleArgs& a) : RuleLanes(a) {}
  CORNU_INLINE void update(int64_t i, int64_t count, Vector g) const {
    const Vector m = load(a_.s0 + i, count);
    const Vector c = hn::MulAdd(constant(a_.beta_1), m, hn::Mul(constant(a_.one_minus_beta_1), g));
    store(decayed(a_.beta_2, m, a_.one_minus_beta_2, g), a_.s0 + i, count);
    const Vector zero = constant(0);
    const Vector down = hn::IfThenElse(hn::Lt(c, zero), constant(-a_.rate), hn::Mul(c, zero));
    move_by(i, count, hn::IfThenElse(hn::Gt(c, zero), constant(a_.rate), down));
  }
};

class AmsgradLanes : public RuleLanes {
 public:
  CORNU_INLINE explicit AmsgradLanes(const RuleArgs& a) : RuleLanes(a) {}
  CORNU_INLINE void update(int64_t i, int64_t count, Vector g) const {
    const Vector m = first_moment(i, count, g);
    const Vector v = larger(load(a_.s2 + i, count), second_moment(i, count, g));
    store(v, a_.s2 + i, count);
    move_by(i, count,
            hn::Div(hn::Mul(m, constant(a_.rate)), hn::Add(hn::Sqrt(v), constant(a_.epsilon))));
  }
};

/// f(std::type_identity of the class that applies the rule).
template <class F>
CORNU_INLINE void with_rule(UpdateRule::Kind kind, const F& f) {
  switch (kind) {
    case UpdateRule::rmsprop:
      return f(std::type_identity<RmspropLanes>());
    case UpdateRule::adagrad:
      return f(std::type_identity<AdagradLanes>());
    case UpdateRule::adadelta:
      return f(std::type_identity<AdadeltaLanes>());
    case UpdateRule::adamax:
      return f(std::type_identity<AdamaxLanes>());
    case UpdateRule::nadam:
      return f(std::type_identity<NadamLanes>());
    case UpdateRule::lion:
      return f(std::type_identity<LionLanes>());
    case UpdateRule::amsgrad:
      return f(std::type_identity<AmsgradLanes>());
  }
}

inline void rule_update(const RuleArgs& a) {
  with_rule(a.kind,
            [&]<class Lanes>(std::type_identity<Lanes>) CORNU_LAMBDA { update_all<Lanes>(a); });
}

constexpr UpdateKernelsOf<float> kUpdateKernels = {
    .sgd = update_all<SgdLanes, SgdArgs>,
    .adam = update_all<AdamLanes, AdamArgs>,
    .rule_update = rule_update,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_RULES_INL_H_
