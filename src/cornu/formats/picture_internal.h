#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cornu/formats/picture.h"

namespace cornu::inline v0::formats {

inline constexpr const char* kPngBegin = "\x89PNG\r\n\x1a\n";
inline constexpr size_t kPngSignature = 8;    ///< bytes of it
inline constexpr size_t kPngChunkFrame = 12;  ///< of a chunk its length, type and checksum
inline constexpr const char* kJpegBegin = "\xFF\xD8\xFF";

/// A decoded picture that is not turned yet.
struct StoredPicture {
  Picture picture;
  int orientation = 1;  ///< EXIF's, 1 to 8
};

/// A picture's size before it is turned.
struct StoredSize {
  PictureSize size;
  int orientation = 1;
};

/// What TensorFlow decodes otherwise than as near as can be.
struct Decoding {
  bool cuts_16 = false;    ///< of 16 bits in a PNG the upper 8
  bool quick_dct = false;  ///< JPEG by the transform of fewer products, which is up to 5 off
  bool luma = false;       ///< of a JPEG in colours the luma that it stores, of a PNG libpng's grey
};

StoredSize png_size(std::span<const std::byte> file, const std::string& where);
StoredSize jpeg_size(std::span<const std::byte> file, const std::string& where);
StoredPicture read_png(std::span<const std::byte> file, const std::string& where,
                       const Decoding& decoding = {});
StoredPicture read_jpeg(std::span<const std::byte> file, const std::string& where,
                        const Decoding& decoding = {});

/// A picture of either format, upright.
Picture decoded(std::span<const std::byte> file, const std::string& where,
                const Decoding& decoding);

/// The pixels of a PNG as most are: 8 bits in each of 1 to 4 channels, upright, not interlaced,
/// without a fault; nothing for every other. libpng would take twice as long for it. The luma is
/// left to the caller; where its gamma counts, that is nothing too.
std::optional<Tensor> read_plain_png(std::span<const std::byte> file,
                                     const Decoding& decoding = {});

/// What a library says of an error, kept where no destructor needs to run.
class DamageReason {
 public:
  void set(std::string_view text) {
    const size_t size = text.copy(text_, sizeof text_ - 1);
    text_[size] = '\0';
  }
  const char* text() const { return text_; }

 private:
  char text_[80] = "not enough memory";
};

/// Error unless the picture has pixels, and not too many.
void check_size(uint64_t width, uint64_t height, const std::string& where);

/// Error for a damaged picture.
[[noreturn]] void refuse_damaged(const std::string& where, const std::string& reason);

}  // namespace cornu::inline v0::formats
