#include <cairo-svg.h>

#include <new>

#include "cornu/core/error.h"
#include "cornu/formats/cairo_internal.h"

namespace cornu::inline v0::formats {
namespace {

// Cairo is written in C, which no exception may pass through.
cairo_status_t append(void* text, const unsigned char* data, unsigned int size) {
  try {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(data), size);
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

void DestroySurface::operator()(cairo_surface_t* surface) const {
  cairo_surface_destroy(surface);
}

void check_cairo(int status, const std::string& where) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  const char* const reason = cairo_status_to_string(static_cast<cairo_status_t>(status));
  throw Error(
      {.kind = ErrorKind::io, .where = where, .what = std::string("cannot draw: ") + reason});
}

std::string png_of(cairo_surface_t* surface, const std::string& where) {
  std::string bytes;
  check_cairo(cairo_surface_write_to_png_stream(surface, append, &bytes), where);
  return bytes;
}

Surface svg_surface(std::string& text, int width, int height) {
  Surface surface(cairo_svg_surface_create_for_stream(append, &text, width, height));
  cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PX);
  return surface;
}

}  // namespace cornu::inline v0::formats
