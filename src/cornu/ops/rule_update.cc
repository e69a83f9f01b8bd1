#include "cornu/ops/rule_update.h"

#include <string>

#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

Value kernels::to_value(const UpdateRule& rule) {
  std::string text;
  const auto tell = [&text](const char* field, double value) {
    if (value != 0)
      text += (text.empty() ? "(" : ", ") + std::string(field) + "=" + shortest(value);
  };
  tell("beta_1", rule.beta_1);
  tell("beta_2", rule.beta_2);
  tell("epsilon", rule.epsilon);
  tell("momentum", rule.momentum);
  tell("centered", rule.centered ? 1 : 0);
  return std::string(name(rule)) + (text.empty() ? "" : text + ")");
}

Outputs ops::outputs(const RuleUpdate& x, const Builder& b, const Slots& in) {
  const size_t states = 1U + (x.rule.has_s1() ? 1 : 0) + (x.rule.has_s2() ? 1 : 0);
  return Outputs(1 + states, {b.slot(in[0]).shape, b.real()});
}

Outputs ops::outputs(const RuleStep& x, const Builder& b, const Slots&) {
  return {{Shape{x.rule.kind == kernels::UpdateRule::nadam ? 4 : 1}, b.real()}};
}

}  // namespace cornu::inline v0
