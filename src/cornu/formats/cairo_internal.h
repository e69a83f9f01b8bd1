#pragma once

#include <memory>
#include <string>

// Cairo's surface to draw on, used only by the files that draw.
typedef struct _cairo_surface cairo_surface_t;

namespace cornu::inline v0::formats {

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const;
};
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;

/// Error that names `where` unless a cairo_status_t says that Cairo has succeeded.
void check_cairo(int status, const std::string& where);

/// The bytes of a PNG file with the surface's picture.
std::string png_of(cairo_surface_t* surface, const std::string& where);

/// A surface of pixels whose picture is appended to `text` as SVG when it is finished.
Surface svg_surface(std::string& text, int width, int height);

}  // namespace cornu::inline v0::formats
