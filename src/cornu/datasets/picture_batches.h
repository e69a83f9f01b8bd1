#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/team.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0::datasets {

/// What pictures are made to, in Keras's words.
struct PictureForm {
  int64_t height = 256, width = 256;
  int64_t channels = 3;  ///< 1 grey, 3 red, green and blue, 4 these and opacity
  /// "bilinear", of the four stored pixels around a new one, or "nearest".
  std::string interpolation = "bilinear";
  /// Whether the middle of a picture of another shape fills the place; it is stretched otherwise.
  bool crop_to_aspect_ratio = false;
  /// Whether all of it stands in the middle of zeros.
  bool pad_to_aspect_ratio = false;
};

/// Pictures of files in batches, in the order of the files. Threads of its own read some batches
/// ahead, so that a folder need not fit in memory. It is used on one thread.
class CORNU_API PictureBatches {
 public:
  /// Error for a batch below 1, for a form that no picture has, for another interpolation, and for
  /// a picture that is to be cropped and padded.
  PictureBatches(std::vector<std::string> files, const PictureForm& form, int64_t batch_size,
                 int threads = default_threads());
  /// Ends the threads, whether all was read or not.
  ~PictureBatches();
  PictureBatches(const PictureBatches&) = delete;
  PictureBatches& operator=(const PictureBatches&) = delete;

  /// The next pictures as Keras has them, float32 (rows, height, width, channels), 0 to 255,
  /// upright by their EXIF data; nothing after the last. Error for the first that cannot be read.
  std::optional<Tensor> next();

 private:
  class Reading;
  std::unique_ptr<Reading> reading_;
};

}  // namespace cornu::inline v0::datasets
