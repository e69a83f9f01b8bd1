#include "cornu/report/picture_internal.h"

#include <cairo-svg.h>
#include <cairo.h>

#include <algorithm>
#include <map>
#include <memory>
#include <new>
#include <numbers>
#include <string_view>

#include "cornu/core/error.h"
#include "cornu/core/file.h"

namespace cornu::inline v0 {
namespace {

struct Release {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* cr) const { cairo_destroy(cr); }
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};
using Surface = std::unique_ptr<cairo_surface_t, Release>;

cairo_status_t append(void* text, const unsigned char* data, unsigned int size) {
  try {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(data), size);
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
  return CAIRO_STATUS_SUCCESS;
}

void check(cairo_status_t status, const std::string& path) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw Error({.kind = ErrorKind::io,
               .where = path,
               .what = "cannot draw: " + std::string(cairo_status_to_string(status))});
}

// Without hinting, letters have the same shapes and places in SVG and PNG.
void choose_font(cairo_t* cr) {
  const std::unique_ptr<cairo_font_options_t, Release> options(cairo_font_options_create());
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(cr, options.get());
  cairo_select_font_face(cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
}

void draw_on(cairo_surface_t* surface, const std::string& path,
             const std::function<void(cairo_t*)>& draw) {
  const std::unique_ptr<cairo_t, Release> cr(cairo_create(surface));
  choose_font(cr.get());
  cairo_set_source_rgb(cr.get(), 1, 1, 1);
  cairo_paint(cr.get());
  draw(cr.get());
  check(cairo_status(cr.get()), path);
}

// Cairo numbers surfaces by a counter of the process; the names here count from the start of the
// document instead, so that the same drawing gives the same bytes. Images are marked so that
// viewers keep their pixels square.
std::string settled(const std::string& svg) {
  std::map<std::string, std::string, std::less<>> names;
  std::string text;
  size_t copied = 0;
  for (size_t at = 0; at < svg.size();) {
    const std::string_view rest = std::string_view(svg).substr(at);
    size_t skip = 0;
    if (rest.starts_with("id=\"")) {
      skip = 4;
    } else if (rest.starts_with("href=\"#")) {
      skip = 7;
    } else if (rest.starts_with("url(#")) {
      skip = 5;
    } else if (rest.starts_with("<image ")) {
      text.append(svg, copied, at + 7 - copied);
      text += "style=\"image-rendering:pixelated\" ";
      copied = at += 7;
      continue;
    }
    if (skip == 0) {
      ++at;
      continue;
    }
    const size_t end = std::min(svg.find_first_of("\")", at + skip), svg.size());
    const std::string name = svg.substr(at + skip, end - at - skip);
    const auto found = names.try_emplace(name, "n" + std::to_string(names.size())).first;
    text.append(svg, copied, at + skip - copied);
    text += found->second;
    copied = at = end;
  }
  return text + svg.substr(copied);
}

std::string svg_of(const std::string& path, int width, int height,
                   const std::function<void(cairo_t*)>& draw) {
  std::string text;
  const Surface surface(cairo_svg_surface_create_for_stream(append, &text, width, height));
  cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PX);
  draw_on(surface.get(), path, draw);
  cairo_surface_finish(surface.get());
  check(cairo_surface_status(surface.get()), path);
  return settled(text);
}

std::string png_of(const std::string& path, int width, int height,
                   const std::function<void(cairo_t*)>& draw) {
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  check(cairo_surface_status(surface.get()), path);
  draw_on(surface.get(), path, draw);
  std::string bytes;
  check(cairo_surface_write_to_png_stream(surface.get(), append, &bytes), path);
  return bytes;
}

bool ends_in(const std::string& path, std::string_view ending) {
  return path.size() > ending.size() &&
         std::equal(ending.rbegin(), ending.rend(), path.rbegin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

}  // namespace

void save_picture(const std::string& path, int64_t width, int64_t height,
                  const std::function<void(cairo_t*)>& draw) {
  const bool svg = ends_in(path, ".svg");
  if (!svg && !ends_in(path, ".png")) {
    throw Error({.where = path, .expected = "a name that ends in .svg or .png", .found = path});
  }
  if (width < 1 || height < 1 || width > kLargestPicture || height > kLargestPicture) {
    throw Error({.where = path,
                 .expected = "a picture of at most " + std::to_string(kLargestPicture) + " × " +
                             std::to_string(kLargestPicture) + " pixels",
                 .found = std::to_string(width) + " × " + std::to_string(height)});
  }
  const auto make = svg ? svg_of : png_of;
  replace_file(path, make(path, static_cast<int>(width), static_cast<int>(height), draw));
}

std::string svg_picture(int64_t width, int64_t height, const std::function<void(cairo_t*)>& draw) {
  return svg_of("SVG", static_cast<int>(width), static_cast<int>(height), draw);
}

void set_color(cairo_t* cr, uint32_t rgb) {
  const auto channel = [rgb](int shift) { return ((rgb >> shift) & 0xff) / 255.0; };
  cairo_set_source_rgb(cr, channel(16), channel(8), channel(0));
}

void set_font_size(cairo_t* cr, double pixels) {
  cairo_set_font_size(cr, pixels);
}

double text_width(const std::string& text, double pixels) {
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
  const std::unique_ptr<cairo_t, Release> cr(cairo_create(surface.get()));
  choose_font(cr.get());
  set_font_size(cr.get(), pixels);
  return text_width(cr.get(), text);
}

double text_width(cairo_t* cr, const std::string& text) {
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text.c_str(), &extents);
  return extents.x_advance;
}

void draw_text(cairo_t* cr, const std::string& text, double x, double y, Align align) {
  const double width = align == Align::left ? 0 : text_width(cr, text);
  cairo_move_to(cr, align == Align::center ? x - width / 2 : x - width, y);
  cairo_show_text(cr, text.c_str());
}

void draw_text_upwards(cairo_t* cr, const std::string& text, double x, double y) {
  cairo_save(cr);
  cairo_translate(cr, x, y);
  cairo_rotate(cr, -std::numbers::pi / 2);
  draw_text(cr, text, 0, 0, Align::center);
  cairo_restore(cr);
}

}  // namespace cornu::inline v0
