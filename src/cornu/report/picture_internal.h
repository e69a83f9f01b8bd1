#pragma once

#include <cstdint>
#include <functional>
#include <string>

// Cairo's drawing context, used only by the files that draw.
typedef struct _cairo cairo_t;

namespace cornu::inline v0 {

/// The largest width and height of a picture, in pixels.
inline constexpr int64_t kLargestPicture = 32767;

/// Draws a picture of width × height pixels on white and replaces `path` with it: SVG or PNG by
/// the ending of the name. The same drawing gives the same bytes. Error for another ending, for
/// a picture too large, and when the file cannot be written.
void save_picture(const std::string& path, int64_t width, int64_t height,
                  const std::function<void(cairo_t*)>& draw);

/// The same drawing as the text of an SVG.
std::string svg_picture(int64_t width, int64_t height, const std::function<void(cairo_t*)>& draw);

// The colours of text and of the line under a plot.
inline constexpr uint32_t kInk = 0x333333, kFrame = 0x9a9a9a;

enum class Align { left, center, right };

/// A colour as 0xRRGGBB.
void set_color(cairo_t* cr, uint32_t rgb);
void set_font_size(cairo_t* cr, double pixels);
double text_width(cairo_t* cr, const std::string& text);
/// The same before there is a context, in a font of this size in pixels.
double text_width(const std::string& text, double pixels);
/// Writes `text` on the baseline y, placed at x.
void draw_text(cairo_t* cr, const std::string& text, double x, double y, Align align);
/// Writes `text` upwards, its middle at y.
void draw_text_upwards(cairo_t* cr, const std::string& text, double x, double y);

}  // namespace cornu::inline v0
