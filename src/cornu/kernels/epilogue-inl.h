// Compiled once per target. The last step of a product, on the sums of a tile.

#if defined(CORNU_KERNELS_EPILOGUE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_EPILOGUE_INL_H_
#undef CORNU_KERNELS_EPILOGUE_INL_H_
#else
#define CORNU_KERNELS_EPILOGUE_INL_H_
#endif

#include "cornu/kernels/pointwise-inl.h"
#include "cornu/kernels/rules-inl.h"
#include "cornu/kernels/updates-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// Whether the sums themselves are the outputs.
CORNU_INLINE bool is_store(const Epilogue& e) {
  return e.function == Function::linear && std::holds_alternative<std::monostate>(e.update);
}

/// Whether the outputs are the sums, or 0 where a sum is not above.
CORNU_INLINE bool is_relu(const Epilogue& e) {
  return e.function == Function::relu && e.saved == nullptr &&
         std::holds_alternative<std::monostate>(e.update);
}

/// Advances y, and all pointers that are laid out as y, by `offset` elements.
inline void advance_outputs(ProductArgs& a, int64_t offset) {
  if (a.y != nullptr) a.y += offset;
  if (a.epilogue.saved != nullptr) a.epilogue.saved += offset;
  if (auto* sgd = std::get_if<SgdArgs>(&a.epilogue.update)) sgd->advance(offset);
  if (auto* adam = std::get_if<AdamArgs>(&a.epilogue.update)) adam->advance(offset);
  if (auto* rule = std::get_if<RuleArgs>(&a.epilogue.update)) rule->advance(offset);
}

/// Skips the first `i` rows of the product.
inline void advance_rows(ProductArgs& a, int64_t i) {
  if (a.windows.images != nullptr) {
    if (a.windows_transposed) {
      a.windows.element += i;
    } else {
      a.windows.first += i;
    }
  } else if (a.bytes == nullptr) {
    a.x += i * a.x_row;
  } else if (a.bytes_transposed) {
    a.first_byte += i;
  } else {
    a.bytes += i;
  }
  if (a.start != nullptr) a.start += i * a.start_row;
  if (a.nonzero != nullptr) a.nonzero += i;
  advance_outputs(a, i * a.y_row);
}

/// Skips the first `j` columns of the outputs.
inline void advance_cols(ProductArgs& a, int64_t j) {
  if (a.start != nullptr) a.start += j;
  advance_outputs(a, j);
}

/// f(at, count, sum) for each vector of the rows i … i + rows − 1, `at` elements into y.
template <class F>
CORNU_INLINE void for_each_sum(const ProductArgs& a, const float* sums, int64_t width, int64_t i,
                               int64_t rows, const F& f) {
  for (int64_t r = 0; r < rows; ++r) {
    for_each_vector(a.cols, [&](int64_t j, int64_t count) CORNU_LAMBDA {
      f((i + r) * a.y_row + j, count, hn::LoadU(kTag, sums + r * width + j));
    });
  }
}

template <class F>
CORNU_INLINE void finish_function(const F& f, const ProductArgs& a, const float* sums,
                                  int64_t width, int64_t i, int64_t rows) {
  const float* saved = a.epilogue.saved;
  for_each_sum(a, sums, width, i, rows, [&](int64_t at, int64_t count, Vector sum) CORNU_LAMBDA {
    const Vector y = saved == nullptr ? f.value(sum) : f.back(load(saved + at, count), sum);
    store(y, a.y + at, count);
  });
}

template <class Lanes, class Args>
CORNU_INLINE void finish_update(const ProductArgs& a, const Args& update, const float* sums,
                                int64_t width, int64_t i, int64_t rows) {
  const Lanes lanes(update);
  for_each_sum(a, sums, width, i, rows, [&](int64_t at, int64_t count, Vector sum) CORNU_LAMBDA {
    lanes.update(at, count, sum);
  });
}

/// Applies the epilogue to `rows` rows of sums, `width` apart; the first is row i of y.
inline void finish(const ProductArgs& a, const float* sums, int64_t width, int64_t i,
                   int64_t rows) {
  if (const auto* sgd = std::get_if<SgdArgs>(&a.epilogue.update)) {
    return finish_update<SgdLanes>(a, *sgd, sums, width, i, rows);
  }
  if (const auto* adam = std::get_if<AdamArgs>(&a.epilogue.update)) {
    return finish_update<AdamLanes>(a, *adam, sums, width, i, rows);
  }
  if (const auto* rule = std::get_if<RuleArgs>(&a.epilogue.update)) {
    return with_rule(rule->kind, [&]<class Lanes>(std::type_identity<Lanes>) CORNU_LAMBDA {
      finish_update<Lanes>(a, *rule, sums, width, i, rows);
    });
  }
  with_function(a.epilogue.function,
                [&](const auto& f) CORNU_LAMBDA { finish_function(f, a, sums, width, i, rows); });
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_EPILOGUE_INL_H_
