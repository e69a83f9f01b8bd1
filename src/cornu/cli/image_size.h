#pragma once

#include <string>

#include "cornu/cli/data.h"

namespace cornu::inline v0::cli {

/// The size that --image-size says, "64" or "48,64" (height, width); empty: none. Error for another
/// text.
datasets::PictureFolderOptions picture_options(const std::string& image_size);

/// Error for samples that have not come to have it: only pictures of a folder are brought to a
/// size.
void check_image_size(const std::string& image_size, const Data& data);

}  // namespace cornu::inline v0::cli
