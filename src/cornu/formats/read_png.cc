#include <png.h>

#include <csetjmp>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/exif.h"
#include "cornu/formats/picture_internal.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace {

constexpr const char* kCutOff = "it is cut off";

// libpng reports an error by a jump, past which no destructor runs: what a jump leaves lies here.
struct PngReader {
  explicit PngReader(std::span<const std::byte> all) : file(all), left(all) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    if (png != nullptr) info = png_create_info_struct(png);
  }
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  static void on_error(png_structp from, png_const_charp text) {
    auto& reader = *static_cast<PngReader*>(png_get_error_ptr(from));
    reader.reason.set(text);
    png_longjmp(from, 1);
  }
  static void on_warning(png_structp, png_const_charp) {}

  // The error, and the chunk that was read last.
  std::string damage() const {
    const size_t at = file.size() - left.size();
    size_t begin = kPngSignature;
    size_t end = begin;
    while (file.size() - begin >= kPngChunkFrame) {
      end = begin + kPngChunkFrame + png_get_uint_32(bytes() + begin);
      if (end >= at) break;
      begin = end;
    }
    std::string_view text = reason.text();
    if (end < at || at <= kPngSignature) return std::string(text);
    const std::string type(reinterpret_cast<const char*>(bytes()) + begin + 4, 4);
    if (text.starts_with(type + ": ")) text.remove_prefix(type.size() + 2);
    const bool is_whole = text == kCutOff && end == at;
    return std::string(text) + (is_whole ? " behind" : " in") + " the chunk " + shown(type) +
           " at byte " + std::to_string(begin);
  }
  png_const_bytep bytes() const { return reinterpret_cast<png_const_bytep>(file.data()); }
  static void take(png_structp from, png_bytep to, size_t size) {
    auto& reader = *static_cast<PngReader*>(png_get_io_ptr(from));
    if (size > reader.left.size()) png_error(from, kCutOff);
    std::memcpy(to, reader.left.data(), size);
    reader.left = reader.left.subspan(size);
  }

  png_structp png = nullptr;
  png_infop info = nullptr;
  std::span<const std::byte> file, left;
  DamageReason reason;
};

// The chunks before the pixels, which then come as 8 bits in 1 to 4 channels. False after an error.
bool read_png_header(PngReader& reader) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  constexpr png_alloc_size_t kLargestChunk = 8'000'000;
  png_set_read_fn(reader.png, &reader, PngReader::take);
  png_set_user_limits(reader.png, kLongestSide, kLongestSide);
  png_set_chunk_malloc_max(reader.png, kLargestChunk);
  png_set_keep_unknown_chunks(reader.png, PNG_HANDLE_CHUNK_NEVER, nullptr, 0);
  // Packed, these may unpack to any size.
  constexpr png_byte kPackedChunks[] = "iCCP\0iTXt\0zTXt";
  png_set_keep_unknown_chunks(reader.png, PNG_HANDLE_CHUNK_NEVER, kPackedChunks, 3);
  png_read_info(reader.png, reader.info);
  return true;
}

bool set_png_transforms(PngReader& reader, const Decoding& decoding) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_set_expand(reader.png);  // palettes, fewer than 8 bits, a transparent colour
  if (decoding.cuts_16) {
    png_set_strip_16(reader.png);
  } else {
    png_set_scale_16(reader.png);  // by 257, rounded
  }
  if (decoding.luma) {
    constexpr png_fixed_point kRedPart = 29'900, kGreenPart = 58'700;  // in 100,000ths
    png_set_rgb_to_gray_fixed(reader.png, PNG_ERROR_ACTION_NONE, kRedPart, kGreenPart);
  }
  png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  return true;
}

bool read_png_rows(PngReader& reader, png_bytepp rows) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_read_image(reader.png, rows);
  png_read_end(reader.png, reader.info);
  return true;
}

int orientation_of(const PngReader& reader) {
  png_uint_32 size = 0;
  png_bytep exif = nullptr;
  if (png_get_eXIf_1(reader.png, reader.info, &size, &exif) == 0) return 1;
  return exif_orientation(std::as_bytes(std::span(exif, size)));
}

}  // namespace

StoredSize png_size(std::span<const std::byte> file, const std::string& where) {
  PngReader reader(file);
  if (reader.info == nullptr || !read_png_header(reader)) {
    refuse_damaged(where, reader.damage());
  }
  const uint64_t width = png_get_image_width(reader.png, reader.info);
  const uint64_t height = png_get_image_height(reader.png, reader.info);
  check_size(width, height, where);
  // A palette has colours.
  const bool has_colours =
      (png_get_color_type(reader.png, reader.info) & PNG_COLOR_MASK_COLOR) != 0;
  return {.size = {.height = static_cast<int64_t>(height),
                   .width = static_cast<int64_t>(width),
                   .has_colours = has_colours},
          .orientation = orientation_of(reader)};
}

StoredPicture read_png(std::span<const std::byte> file, const std::string& where,
                       const Decoding& decoding) {
  if (std::optional<Tensor> pixels = read_plain_png(file, decoding)) {
    return {.picture = {.pixels = std::move(*pixels)}};
  }
  PngReader reader(file);
  if (reader.info == nullptr || !read_png_header(reader)) refuse_damaged(where, reader.damage());
  const uint64_t width = png_get_image_width(reader.png, reader.info);
  const uint64_t height = png_get_image_height(reader.png, reader.info);
  check_size(width, height, where);
  const bool is_deep = png_get_bit_depth(reader.png, reader.info) == 16;
  const bool has_palette = png_get_color_type(reader.png, reader.info) == PNG_COLOR_TYPE_PALETTE;
  if (!set_png_transforms(reader, decoding)) refuse_damaged(where, reader.damage());
  const int64_t channels = png_get_channels(reader.png, reader.info);
  StoredPicture stored{.picture = {.pixels = Tensor({static_cast<int64_t>(height),
                                                     static_cast<int64_t>(width), channels},
                                                    DType::uint8)}};
  uint8_t* const pixels = stored.picture.pixels.span<uint8_t>().data();
  std::vector<png_bytep> rows(height);
  for (uint64_t y = 0; y < height; ++y) {
    rows[y] = pixels + y * width * static_cast<uint64_t>(channels);
  }
  if (!read_png_rows(reader, rows.data())) refuse_damaged(where, reader.damage());
  if (is_deep) stored.picture.changes.emplace_back("16 bits divided by 257");
  if (has_palette) stored.picture.changes.emplace_back("palette made colours");
  stored.orientation = orientation_of(reader);
  return stored;
}

}  // namespace cornu::inline v0::formats
