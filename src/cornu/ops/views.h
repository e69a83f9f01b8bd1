#pragma once

// Where the elements of slots lie that are views of others (ops/slot.h).

#include <cstdint>
#include <optional>

#include "cornu/core/export.h"
#include "cornu/ops/slot.h"

namespace cornu::inline v0 {

/// The gaps between elements that an op allows in a slot, whose axes are the batch's, others, and
/// that of its lines.
enum class Layout {
  side_by_side,  ///< none
  lines,         ///< lines have the same distance throughout
  samples,       ///< samples have the same distance, and no gaps in them
  any_lines      ///< lines may lie anywhere
};

/// Of elements that lie side by side.
CORNU_API Strides dense_strides(const Shape& shape);
/// The strides of a slot, view or not.
CORNU_API Strides strides_of(const Slot& slot);
/// Those of the same numbers under another shape; nullopt where no strides can say it.
CORNU_API std::optional<Strides> reshaped(const Shape& shape, const Strides& strides,
                                          const Shape& to);
CORNU_API bool has_layout(const Shape& shape, const Strides& strides, Layout layout);
/// The elements along the last axes that lie side by side, but for that of the batch.
CORNU_API int64_t run_length(const Shape& shape, const Strides& strides);
/// The numbers from one line (all axes but the last) to the next, where all have that distance.
CORNU_API int64_t line_stride(const Shape& shape, const Strides& strides);
/// The numbers from the first line of a slot to another.
CORNU_API int64_t line_offset(const Shape& shape, const Strides& strides, int64_t line);
/// Whether two slots of the same base may have a number in common. True where that is not known.
CORNU_API bool overlap(const Slot& a, const Slot& b);

}  // namespace cornu::inline v0
