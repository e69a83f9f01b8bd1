#include "cornu/losses/crossentropy.h"

#include "cornu/losses/binary_crossentropy.h"
#include "cornu/losses/categorical_crossentropy.h"
#include "cornu/losses/sparse_categorical_crossentropy.h"

namespace cornu::inline v0 {
namespace {

class CrossentropyDescription final : public LossDescription {
 public:
  std::string_view name() const override { return Crossentropy::kName; }

  std::optional<std::string_view> stands_for(const Shape& y_true,
                                             const Shape& y_pred) const override {
    if (y_pred.ndim() < 2 || y_pred.back() == 1) return BinaryCrossentropy::kName;
    const bool are_labels = y_true.ndim() < y_pred.ndim() || y_true.back() == 1;
    return are_labels ? SparseCategoricalCrossentropy::kName : CategoricalCrossentropy::kName;
  }

  void check(const Field& target, const Shape& y_pred) const override {
    chosen(target.shape.with_rows(), y_pred)->check(target, y_pred);
  }
  SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const override {
    return chosen(b.slot(y_true).shape, b.slot(y_pred).shape)->lower(b, y_true, y_pred);
  }

 private:
  Loss chosen(const Shape& y_true, const Shape& y_pred) const {
    return *stands_for(y_true, y_pred);
  }
};

}  // namespace

Crossentropy::Crossentropy(NoLossOptions) : Loss(std::make_shared<CrossentropyDescription>()) {}

}  // namespace cornu::inline v0
