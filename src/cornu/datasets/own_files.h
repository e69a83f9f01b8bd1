#pragma once

#include <string>

#include "cornu/core/export.h"
#include "cornu/datasets/dataset.h"
#include "cornu/datasets/picture_folder.h"

namespace cornu::inline v0::datasets {

/// A user's own samples, in files whose content says what they are:
///
/// - NumPy's .npz with x_train, y_train and, if there is a test part, x_test, y_test; or x, y;
/// - a folder with a folder of PNG and JPEG files for each class, as picture_folder reads it;
/// - a folder of IDX files as MNIST has them: names that contain images-idx or labels-idx, of the
///   training part train, of the test part test or t10k, gzipped or not.
///
/// Integer labels are classes named by their numbers, rows that are one-hot too; other targets are
/// numbers to be predicted. The test part is empty if the files have none. Error for a path where
/// nothing is, and for other content, with the line that converts it where there is one.
CORNU_API DatasetParts read_own_files(const std::string& path,
                                      const PictureFolderOptions& pictures = {});

}  // namespace cornu::inline v0::datasets
