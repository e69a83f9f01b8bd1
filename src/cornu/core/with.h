#pragma once

#include <type_traits>
#include <utility>

namespace cornu::inline v0 {

template <class T>
concept OptionsStruct = std::is_aggregate_v<T> && !std::is_const_v<T>;

/// Options written as assignments; it becomes whichever options struct the call takes.
template <class Assign>
class With {
 public:
  explicit With(Assign assign) : assign_(std::move(assign)) {}

  template <OptionsStruct Options>
  operator Options() const {  // NOLINT: converts on purpose
    Options options{};
    assign_(options);
    return options;
  }

 private:
  Assign assign_;
};

/// Options in any order; omitted fields keep their defaults:
/// `model.fit(x, y, with([](auto& o) { o.epochs = 2; o.batch_size = 4; }))`. It goes wherever an
/// options struct goes, constructors of layers and optimizers included. The shorter form,
/// `{.batch_size = 4, .epochs = 2}`, takes the fields in the struct's order only: C++ demands it.
template <class Assign>
With<Assign> with(Assign assign) {
  return With<Assign>(std::move(assign));
}

}  // namespace cornu::inline v0
