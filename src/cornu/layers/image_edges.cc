#include "cornu/layers/image_edges.h"

#include <memory>
#include <utility>

#include "cornu/layers/images_internal.h"

namespace cornu::inline v0 {
namespace {

/// Adds `edges` to an image, those below 0 by cutting.
template <class L>
class EdgesDescription final : public LayerWith<typename L::Options> {
 public:
  using LayerWith<typename L::Options>::options;
  EdgesDescription(typename L::Options given, const char* field, Edges edges)
      : LayerWith<typename L::Options>(std::move(given)), field_(field), edges_(edges) {}
  std::string_view type() const override { return L::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    const Shape image = channels_last(x[0], 2, options.data_format, where);
    const int64_t rows = edges_.top + edges_.bottom;
    const int64_t cols = edges_.left + edges_.right;
    if (image[1] + rows >= 1 && image[2] + cols >= 1) return;
    throw Error(
        {.where = where,
         .field = field_,
         .expected = std::string(field_) + " that leaves something of " + x[0].str(),
         .found = std::to_string(-rows) + " rows and " + std::to_string(-cols) + " columns"});
  }

  Slots lower(Builder& b, Slots x, Mode) const override {
    const size_t rows = is_channels_first(options.data_format) ? 1 : 0;
    ops::Rearrange op;
    op.before.at[rows] = static_cast<int32_t>(edges_.top);
    op.after.at[rows] = static_cast<int32_t>(edges_.bottom);
    op.before.at[rows + 1] = static_cast<int32_t>(edges_.left);
    op.after.at[rows + 1] = static_cast<int32_t>(edges_.right);
    return b.emit(op, x);
  }

 private:
  const char* field_;
  Edges edges_;
};

template <class L>
std::shared_ptr<const LayerDescription> with_edges(typename L::Options options, const char* field,
                                                   const Edges& given, int sign) {
  constexpr int64_t kMost = int64_t{1} << 20;
  for (const int64_t each : {given.top, given.bottom, given.left, given.right}) {
    require<L>(each >= 0 && each <= kMost, options, field,
               std::string(field) + " of 0 to 1,048,576", Value(to_value(given)).str());
  }
  require_data_format<L>(options);
  const Edges edges = {sign * given.top, sign * given.bottom, sign * given.left,
                       sign * given.right};
  return std::make_shared<EdgesDescription<L>>(std::move(options), field, edges);
}

}  // namespace

ZeroPadding2D::ZeroPadding2D(ZeroPadding2DOptions options)
    : Layer(with_edges<ZeroPadding2D>(options, "padding", options.padding, 1)) {}

Cropping2D::Cropping2D(Cropping2DOptions options)
    : Layer(with_edges<Cropping2D>(options, "cropping", options.cropping, -1)) {}

}  // namespace cornu::inline v0
