// Cairo's functions that the library draws with, each found in libcairo when it is first called. So
// the module neither needs cairo, which brings X11 and fontconfig, nor waits for it at its import:
// only the first picture opens it.

#include <cairo-svg.h>
#include <dlfcn.h>

#include <string>

#include "cornu/core/error.h"

namespace cornu::python {
namespace {

void* open_cairo() {
  void* const library = dlopen("libcairo.so.2", RTLD_NOW | RTLD_LOCAL);
  if (library != nullptr) return library;
  throw Error(
      {.kind = ErrorKind::unsupported,
       .where = "pictures",
       .what = "cairo, which draws them, cannot be opened: " + std::string(dlerror()),
       .hint = "install it: apt-get install libcairo2, dnf install cairo, pacman -S cairo"});
}

void* find_in_cairo(const char* name) {
  static void* const library = open_cairo();
  void* const found = dlsym(library, name);
  if (found != nullptr) return found;
  throw Error({.kind = ErrorKind::unsupported,
               .where = "pictures",
               .what = std::string("libcairo.so.2 has no ") + name,
               .hint = "cairo 1.16 or later"});
}

template <class Function>
Function* in_cairo(const char* name) {
  return reinterpret_cast<Function*>(find_in_cairo(name));
}

}  // namespace
}  // namespace cornu::python

// The body of a function: a call of cairo's, with these arguments.
#define IN_CAIRO(name, ...)                                                  \
  {                                                                          \
    static const auto call = cornu::python::in_cairo<decltype(name)>(#name); \
    return call(__VA_ARGS__);                                                \
  }

extern "C" {

// clang-format off
cairo_surface_t* cairo_image_surface_create(cairo_format_t format, int width, int height) IN_CAIRO(cairo_image_surface_create, format, width, height)
unsigned char* cairo_image_surface_get_data(cairo_surface_t* surface) IN_CAIRO(cairo_image_surface_get_data, surface)
int cairo_image_surface_get_stride(cairo_surface_t* surface) IN_CAIRO(cairo_image_surface_get_stride, surface)
cairo_surface_t* cairo_svg_surface_create_for_stream(cairo_write_func_t write, void* to, double width, double height) IN_CAIRO(cairo_svg_surface_create_for_stream, write, to, width, height)
void cairo_svg_surface_set_document_unit(cairo_surface_t* surface, cairo_svg_unit_t unit) IN_CAIRO(cairo_svg_surface_set_document_unit, surface, unit)
cairo_status_t cairo_surface_write_to_png_stream(cairo_surface_t* surface, cairo_write_func_t write, void* to) IN_CAIRO(cairo_surface_write_to_png_stream, surface, write, to)
void cairo_surface_mark_dirty(cairo_surface_t* surface) IN_CAIRO(cairo_surface_mark_dirty, surface)
void cairo_surface_finish(cairo_surface_t* surface) IN_CAIRO(cairo_surface_finish, surface)
cairo_status_t cairo_surface_status(cairo_surface_t* surface) IN_CAIRO(cairo_surface_status, surface)
void cairo_surface_destroy(cairo_surface_t* surface) IN_CAIRO(cairo_surface_destroy, surface)

cairo_t* cairo_create(cairo_surface_t* surface) IN_CAIRO(cairo_create, surface)
void cairo_destroy(cairo_t* cr) IN_CAIRO(cairo_destroy, cr)
cairo_status_t cairo_status(cairo_t* cr) IN_CAIRO(cairo_status, cr)
const char* cairo_status_to_string(cairo_status_t status) IN_CAIRO(cairo_status_to_string, status)
void cairo_save(cairo_t* cr) IN_CAIRO(cairo_save, cr)
void cairo_restore(cairo_t* cr) IN_CAIRO(cairo_restore, cr)
void cairo_translate(cairo_t* cr, double x, double y) IN_CAIRO(cairo_translate, cr, x, y)
void cairo_rotate(cairo_t* cr, double angle) IN_CAIRO(cairo_rotate, cr, angle)

void cairo_new_path(cairo_t* cr) IN_CAIRO(cairo_new_path, cr)
void cairo_new_sub_path(cairo_t* cr) IN_CAIRO(cairo_new_sub_path, cr)
void cairo_rectangle(cairo_t* cr, double x, double y, double width, double height) IN_CAIRO(cairo_rectangle, cr, x, y, width, height)
void cairo_close_path(cairo_t* cr) IN_CAIRO(cairo_close_path, cr)
void cairo_move_to(cairo_t* cr, double x, double y) IN_CAIRO(cairo_move_to, cr, x, y)
void cairo_line_to(cairo_t* cr, double x, double y) IN_CAIRO(cairo_line_to, cr, x, y)
void cairo_curve_to(cairo_t* cr, double x1, double y1, double x2, double y2, double x3, double y3) IN_CAIRO(cairo_curve_to, cr, x1, y1, x2, y2, x3, y3)
void cairo_arc(cairo_t* cr, double x, double y, double radius, double from, double to) IN_CAIRO(cairo_arc, cr, x, y, radius, from, to)

void cairo_set_source_rgb(cairo_t* cr, double red, double green, double blue) IN_CAIRO(cairo_set_source_rgb, cr, red, green, blue)
void cairo_set_source_surface(cairo_t* cr, cairo_surface_t* surface, double x, double y) IN_CAIRO(cairo_set_source_surface, cr, surface, x, y)
void cairo_set_line_width(cairo_t* cr, double width) IN_CAIRO(cairo_set_line_width, cr, width)
void cairo_set_line_join(cairo_t* cr, cairo_line_join_t join) IN_CAIRO(cairo_set_line_join, cr, join)
void cairo_set_dash(cairo_t* cr, const double* dashes, int count, double offset) IN_CAIRO(cairo_set_dash, cr, dashes, count, offset)
void cairo_paint(cairo_t* cr) IN_CAIRO(cairo_paint, cr)
void cairo_stroke(cairo_t* cr) IN_CAIRO(cairo_stroke, cr)
void cairo_fill(cairo_t* cr) IN_CAIRO(cairo_fill, cr)
void cairo_fill_preserve(cairo_t* cr) IN_CAIRO(cairo_fill_preserve, cr)

void cairo_select_font_face(cairo_t* cr, const char* family, cairo_font_slant_t slant, cairo_font_weight_t weight) IN_CAIRO(cairo_select_font_face, cr, family, slant, weight)
void cairo_set_font_size(cairo_t* cr, double size) IN_CAIRO(cairo_set_font_size, cr, size)
void cairo_set_font_options(cairo_t* cr, const cairo_font_options_t* options) IN_CAIRO(cairo_set_font_options, cr, options)
void cairo_text_extents(cairo_t* cr, const char* text, cairo_text_extents_t* extents) IN_CAIRO(cairo_text_extents, cr, text, extents)
void cairo_show_text(cairo_t* cr, const char* text) IN_CAIRO(cairo_show_text, cr, text)
cairo_font_options_t* cairo_font_options_create() IN_CAIRO(cairo_font_options_create)
void cairo_font_options_destroy(cairo_font_options_t* options) IN_CAIRO(cairo_font_options_destroy, options)
void cairo_font_options_set_antialias(cairo_font_options_t* options, cairo_antialias_t antialias) IN_CAIRO(cairo_font_options_set_antialias, options, antialias)
void cairo_font_options_set_hint_style(cairo_font_options_t* options, cairo_hint_style_t style) IN_CAIRO(cairo_font_options_set_hint_style, options, style)
void cairo_font_options_set_hint_metrics(cairo_font_options_t* options, cairo_hint_metrics_t metrics) IN_CAIRO(cairo_font_options_set_hint_metrics, options, metrics)
// clang-format on

}  // extern "C"
