#pragma once

#include "cornu/initializers/initializer.h"

namespace cornu::inline v0 {

struct NoInitializerOptions {
  static void visit_fields(auto&, auto&) {}
};

struct ConstantOptions {
  double value = 0;  ///< value of every element; finite

  static void visit_fields(auto& self, auto& v) { v("value", self.value); }
};

/// 0 everywhere.
class CORNU_API Zeros final : public Initializer {
 public:
  static constexpr std::string_view kName = "zeros";
  using Options = NoInitializerOptions;
  explicit Zeros(NoInitializerOptions options = {});
};

/// 1 everywhere.
class CORNU_API Ones final : public Initializer {
 public:
  static constexpr std::string_view kName = "ones";
  using Options = NoInitializerOptions;
  explicit Ones(NoInitializerOptions options = {});
};

/// The same value everywhere. Error if it is not finite.
class CORNU_API Constant final : public Initializer {
 public:
  static constexpr std::string_view kName = "constant";
  using Options = ConstantOptions;
  explicit Constant(ConstantOptions options = {});
  /// The first option by position.
  template <class = void>
  explicit Constant(double value) : Constant(ConstantOptions{.value = value}) {}
};

}  // namespace cornu::inline v0
