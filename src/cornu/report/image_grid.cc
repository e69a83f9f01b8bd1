#include "cornu/report/image_grid.h"

#include <algorithm>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/report/picture_internal.h"
#include "cornu/report/pixels_internal.h"

namespace cornu::inline v0 {
namespace {

constexpr int64_t kMargin = 16, kGap = 12, kCaption = 24;
// Small images are enlarged, by whole factors, to about this many pixels.
constexpr int64_t kCell = 84;

struct Grid {
  std::vector<Pixels> images;
  std::span<const std::string> captions;
  int64_t columns = 1, factor = 1, cell_width = 0, cell_height = 0;

  int64_t rows() const { return (count() + columns - 1) / columns; }
  int64_t count() const { return static_cast<int64_t>(images.size()); }
  int64_t x(int64_t index) const { return kMargin + index % columns * (cell_width + kGap); }
  int64_t y(int64_t index) const { return kMargin + index / columns * pitch(); }
  int64_t pitch() const { return cell_height + (captions.empty() ? kGap : kCaption); }
  int64_t width() const { return 2 * kMargin + columns * (cell_width + kGap) - kGap; }
  int64_t height() const { return 2 * kMargin + rows() * pitch() - (captions.empty() ? kGap : 0); }
};

Grid grid_of(TensorView images, std::span<const std::string> captions, int64_t columns) {
  const std::string where = "save_image_grid";
  const Shape& shape = images.shape();
  if (shape.ndim() < 3 || images.size() == 0) {
    throw Error({.where = where,
                 .expected = "images of shape (n, h, w), (n, h, w, 1) or (n, h, w, 3)",
                 .found = shape.str()});
  }
  if (columns < 1) {
    throw Error(
        {.where = where, .expected = "at least one column", .found = std::to_string(columns)});
  }
  if (!captions.empty() && static_cast<int64_t>(captions.size()) != shape[0]) {
    throw Error({.where = where,
                 .expected = "a label for each of " + std::to_string(shape[0]) + " images, or none",
                 .found = std::to_string(captions.size())});
  }
  Grid grid;
  grid.captions = captions;
  grid.columns = std::min(columns, shape[0]);
  grid.factor = std::max<int64_t>(1, kCell / std::max(shape[1], shape[2]));
  grid.cell_height = shape[1] * grid.factor;
  grid.cell_width = shape[2] * grid.factor;
  // Checked before anything is copied; far below the limit of 64 bits.
  const bool fits = shape[0] <= kLargestPicture * kLargestPicture &&
                    grid.cell_width <= kLargestPicture && grid.cell_height <= kLargestPicture;
  if (!fits || grid.columns > kLargestPicture || (shape[0] / grid.columns) > kLargestPicture ||
      grid.width() > kLargestPicture) {
    throw Error(
        {.where = where,
         .expected = "a picture of at most " + std::to_string(kLargestPicture) + " pixels per side",
         .found = shape.str() + " in " + std::to_string(columns) + " columns",
         .hint = "draw fewer images"});
  }
  for (int64_t i = 0; i < shape[0]; ++i) {
    grid.images.push_back(pixels_of(images.row(i), where));
  }
  return grid;
}

void draw_grid(cairo_t* cr, const Grid& grid) {
  std::vector<PlacedPixels> placed;
  for (int64_t i = 0; i < grid.count(); ++i) {
    placed.push_back({&grid.images[static_cast<size_t>(i)], grid.x(i), grid.y(i), grid.factor});
  }
  draw_pixels(cr, grid.width(), grid.height(), placed);

  set_color(cr, kInk);
  constexpr double kSize = 13;
  const auto room = static_cast<double>(grid.cell_width + kGap - 2);
  for (size_t i = 0; i < grid.captions.size(); ++i) {
    const auto index = static_cast<int64_t>(i);
    const double middle =
        static_cast<double>(grid.x(index)) + static_cast<double>(grid.cell_width) / 2;
    set_font_size(cr, kSize);
    const double wanted = text_width(cr, grid.captions[i]);
    if (wanted > room) set_font_size(cr, kSize * room / wanted);
    draw_text(cr, grid.captions[i], middle,
              static_cast<double>(grid.y(index) + grid.cell_height + 16), Align::center);
  }
}

}  // namespace

void save_image_grid(TensorView images, std::span<const std::string> captions, int64_t columns,
                     const std::string& path) {
  const Grid grid = grid_of(images, captions, columns);
  save_picture(path, grid.width(), grid.height(), [&grid](cairo_t* cr) { draw_grid(cr, grid); });
}

void save_image_grid(TensorView images, std::span<const int64_t> labels, int64_t columns,
                     const std::string& path) {
  std::vector<std::string> captions;
  for (int64_t label : labels) captions.push_back(std::to_string(label));
  save_image_grid(images, std::span<const std::string>(captions), columns, path);
}

void save_image_grid(TensorView images, int64_t columns, const std::string& path) {
  save_image_grid(images, std::span<const std::string>(), columns, path);
}

}  // namespace cornu::inline v0
