#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// Draws images (n, h, w), (n, h, w, 1) or (n, h, w, 3), uint8 or floats from 0 to 1, in rows of
/// `columns` into an .svg or .png, each with its label under it. No labels: no text; else one per
/// image. Pixels stay square and sharp. Error for images, labels or names that do not fit.
CORNU_API void save_image_grid(TensorView images, std::span<const int64_t> labels, int64_t columns,
                               const std::string& path);
/// The same without labels.
CORNU_API void save_image_grid(TensorView images, int64_t columns, const std::string& path);
/// The same with any text under each image.
CORNU_API void save_image_grid(TensorView images, std::span<const std::string> captions,
                               int64_t columns, const std::string& path);

}  // namespace cornu::inline v0
