#pragma once

#include <cstdint>
#include <string>

#include "cornu/core/export.h"
#include "cornu/datasets/dataset.h"

namespace cornu::inline v0::datasets {

struct PictureFolderOptions {
  /// The size that every picture is brought to; 0: as they are, if all are alike, else 64.
  int64_t height = 0, width = 0;
  /// 1 grey, 3 red, green and blue; 0: grey if all are.
  int64_t channels = 0;
  /// The fraction of each class that becomes the test part, drawn by `seed`, as split_rows says;
  /// 0: none. Error outside [0, 1), and for a folder that has a test part.
  double validation_split = 0;
  /// Of the draw of that part; it changes nothing else.
  uint64_t seed = 0;
};

/// Pictures in folders named after their classes, as uint8 (n, height, width, channels): a folder
/// of class folders, or a folder that has such folders in train/ and, if there is a test part, in
/// test/, validation/, valid/ or val/. PNG and JPEG files are taken, in the order of their names,
/// whatever else there is is left out; transparent parts show white. Error for a folder without
/// pictures, for a class that the training part lacks, and for a picture that cannot be read.
CORNU_API DatasetParts picture_folder(const std::string& path,
                                      const PictureFolderOptions& options = {});

}  // namespace cornu::inline v0::datasets
