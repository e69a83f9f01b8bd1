#include <cstdio>  // jpeglib.h needs it
// After it:
#include <jerror.h>
#include <jpeglib.h>

#include <csetjmp>
#include <string>
#include <string_view>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/exif.h"
#include "cornu/formats/picture_internal.h"

namespace cornu::inline v0::formats {
namespace {

// libjpeg reports an error by a jump, past which no destructor runs: what a jump leaves lies here.
struct JpegReader {
  explicit JpegReader(std::span<const std::byte> file) {
    info.err = jpeg_std_error(&errors);
    info.client_data = this;
    errors.error_exit = on_error;
    errors.emit_message = on_message;
    errors.output_message = [](j_common_ptr) {};
    progress.progress_monitor = on_progress;
    begin = file;
  }
  ~JpegReader() { jpeg_destroy_decompress(&info); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  static void on_error(j_common_ptr from) {
    auto& reader = *static_cast<JpegReader*>(from->client_data);
    char text[JMSG_LENGTH_MAX] = {};
    from->err->format_message(from, text);
    reader.reason.set(text);
    std::longjmp(reader.back, 1);
  }
  // libjpeg would go on with grey where data are damaged. Bytes between segments, which cameras
  // write, do no harm.
  static void on_message(j_common_ptr from, int level) {
    const bool is_warning = level < 0;
    if (is_warning && from->err->msg_code != JWRN_EXTRANEOUS_DATA) on_error(from);
  }
  // A small file could say that it has thousands of scans.
  static void on_progress(j_common_ptr from) {
    constexpr int kMostScans = 100;
    if (reinterpret_cast<j_decompress_ptr>(from)->input_scan_number <= kMostScans) return;
    auto& reader = *static_cast<JpegReader*>(from->client_data);
    reader.reason.set("more than 100 scans");
    std::longjmp(reader.back, 1);
  }

  jpeg_decompress_struct info = {};
  jpeg_error_mgr errors = {};
  jpeg_progress_mgr progress = {};
  std::span<const std::byte> begin;
  std::jmp_buf back = {};
  DamageReason reason;
};

bool read_jpeg_header(JpegReader& reader) {
  if (setjmp(reader.back) != 0) return false;
  jpeg_create_decompress(&reader.info);
  reader.info.progress = &reader.progress;
  jpeg_mem_src(&reader.info, reinterpret_cast<const unsigned char*>(reader.begin.data()),
               reader.begin.size());
  constexpr unsigned kLongestMarker = 0xFFFF;
  jpeg_save_markers(&reader.info, JPEG_APP0 + 1, kLongestMarker);
  jpeg_read_header(&reader.info, TRUE);
  return true;
}

// Grey, or red, green and blue; four inks as they are stored.
bool start_jpeg(JpegReader& reader, const Decoding& decoding) {
  if (setjmp(reader.back) != 0) return false;
  jpeg_decompress_struct& info = reader.info;
  const bool has_luma = info.jpeg_color_space == JCS_YCbCr;
  const bool is_grey = info.num_components == 1 || (decoding.luma && has_luma);
  info.out_color_space = is_grey ? JCS_GRAYSCALE : info.num_components == 4 ? JCS_CMYK : JCS_RGB;
  info.dct_method = decoding.quick_dct ? JDCT_IFAST : JDCT_ISLOW;  // the same bits on every CPU
  jpeg_start_decompress(&info);
  return true;
}

bool read_jpeg_rows(JpegReader& reader, uint8_t* pixels, size_t row_bytes) {
  if (setjmp(reader.back) != 0) return false;
  while (reader.info.output_scanline < reader.info.output_height) {
    JSAMPROW row = pixels + reader.info.output_scanline * row_bytes;
    jpeg_read_scanlines(&reader.info, &row, 1);
  }
  jpeg_finish_decompress(&reader.info);
  return true;
}

int orientation_of(const JpegReader& reader) {
  constexpr std::string_view kExif("Exif\0\0", 6);
  for (jpeg_saved_marker_ptr each = reader.info.marker_list; each != nullptr; each = each->next) {
    const std::string_view data(reinterpret_cast<const char*>(each->data), each->data_length);
    if (!data.starts_with(kExif)) continue;
    return exif_orientation(std::as_bytes(std::span(data)).subspan(kExif.size()));
  }
  return 1;
}

// Adobe stores each ink inverted, so that a channel is what the ink lets through.
Tensor colours_of_inks(const Tensor& inks, bool is_inverted) {
  const int64_t height = inks.shape()[0];
  const int64_t width = inks.shape()[1];
  Tensor colours({height, width, 3}, DType::uint8);
  const auto from = inks.span<uint8_t>();
  const auto to = colours.span<uint8_t>();
  const auto light = [is_inverted](uint8_t ink) { return is_inverted ? ink : 255 - ink; };
  for (size_t i = 0; i < static_cast<size_t>(height * width); ++i) {
    for (size_t channel = 0; channel < 3; ++channel) {
      const int product = light(from[4 * i + channel]) * light(from[4 * i + 3]);
      to[3 * i + channel] = static_cast<uint8_t>((product + 127) / 255);
    }
  }
  return colours;
}

}  // namespace

StoredSize jpeg_size(std::span<const std::byte> file, const std::string& where) {
  JpegReader reader(file);
  if (!read_jpeg_header(reader)) refuse_damaged(where, reader.reason.text());
  check_size(reader.info.image_width, reader.info.image_height, where);
  return {.size = {.height = reader.info.image_height,
                   .width = reader.info.image_width,
                   .has_colours = reader.info.num_components > 1},
          .orientation = orientation_of(reader)};
}

StoredPicture read_jpeg(std::span<const std::byte> file, const std::string& where,
                        const Decoding& decoding) {
  JpegReader reader(file);
  if (!read_jpeg_header(reader)) refuse_damaged(where, reader.reason.text());
  check_size(reader.info.image_width, reader.info.image_height, where);
  if (!start_jpeg(reader, decoding)) refuse_damaged(where, reader.reason.text());
  const int64_t height = reader.info.output_height;
  const int64_t width = reader.info.output_width;
  const int64_t channels = reader.info.output_components;
  StoredPicture stored{.picture = {.pixels = Tensor({height, width, channels}, DType::uint8)}};
  stored.orientation = orientation_of(reader);  // the end frees the markers
  Tensor& pixels = stored.picture.pixels;
  if (!read_jpeg_rows(reader, pixels.span<uint8_t>().data(),
                      static_cast<size_t>(width * channels))) {
    refuse_damaged(where, reader.reason.text());
  }
  if (channels == 4) {
    pixels = colours_of_inks(pixels, reader.info.saw_Adobe_marker != 0);
    stored.picture.changes.emplace_back("four inks made colours");
  }
  return stored;
}

}  // namespace cornu::inline v0::formats
