#include "cornu/report/confusion_picture.h"

#include <cairo.h>

#include <cmath>
#include <numbers>

#include "cornu/report/confusion_layout_internal.h"
#include "cornu/report/picture_internal.h"

namespace cornu::inline v0 {
namespace {

constexpr uint32_t kRightCell = 0x0067a8, kWrongCell = 0xc64f00, kEmptyCell = 0xf0f2f6;

// The colour over white.
uint32_t over_white(uint32_t rgb, double strength) {
  uint32_t mixed = 0;
  for (const int shift : {16, 8, 0}) {
    const double channel = (rgb >> shift) & 0xff;
    mixed |= static_cast<uint32_t>(std::lround(255 + strength * (channel - 255))) << shift;
  }
  return mixed;
}

void fill_square(cairo_t* cr, double x, double y, double side, uint32_t rgb) {
  set_color(cr, rgb);
  cairo_rectangle(cr, x, y, side, side);
  cairo_fill(cr);
}

void draw_cells(cairo_t* cr, const ConfusionLayout& layout,
                const std::vector<ConfusionCell>& cells) {
  fill_square(cr, layout.left, layout.top, layout.side, kEmptyCell);
  for (const ConfusionCell& each : cells) {
    const uint32_t color = each.row == each.column ? kRightCell : kWrongCell;
    const double x = layout.x(each.column), y = layout.y(each.row);
    fill_square(cr, x, y, layout.cell - layout.gap, over_white(color, each.shade()));
    if (layout.count_size == 0) continue;
    set_color(cr, each.shade() > 0.55 ? 0xffffff : kInk);
    set_font_size(cr, layout.count_size);
    const double half = (layout.cell - layout.gap) / 2;
    draw_text(cr, std::to_string(each.count), x + half, y + half + layout.count_size * 0.36,
              Align::center);
  }
}

void draw_class_names(cairo_t* cr, const ConfusionLayout& layout) {
  set_color(cr, kInk);
  if (layout.name_size > 0) {
    set_font_size(cr, layout.name_size);
    for (size_t i = 0; i < layout.names.size(); ++i) {
      const auto place = static_cast<int64_t>(i);
      const double down = layout.y(place) + layout.cell / 2 + layout.name_size * 0.36;
      draw_text(cr, layout.names[i], layout.left - 6, down, Align::right);
      const double across = layout.x(place) + layout.cell / 2;
      if (!layout.are_turned) {
        draw_text(cr, layout.names[i], across, layout.top - 6, Align::center);
        continue;
      }
      cairo_save(cr);
      cairo_translate(cr, across + layout.name_size * 0.36, layout.top - 6);
      cairo_rotate(cr, -std::numbers::pi / 2);
      draw_text(cr, layout.names[i], 0, 0, Align::left);
      cairo_restore(cr);
    }
  }
  set_font_size(cr, 13);
  draw_text(cr, "predicted", layout.left + layout.side / 2, 16, Align::center);
  draw_text_upwards(cr, "true", 16, layout.top + layout.side / 2);
}

}  // namespace

void save_confusion_matrix(const ConfusionMatrix& matrix, const std::vector<std::string>& names,
                           const std::string& path) {
  const ConfusionLayout layout(matrix, names);
  const std::vector<ConfusionCell> cells = filled_cells(matrix);
  save_picture(path, std::llround(std::ceil(layout.width)), std::llround(std::ceil(layout.height)),
               [&](cairo_t* cr) {
                 draw_cells(cr, layout, cells);
                 draw_class_names(cr, layout);
               });
}

}  // namespace cornu::inline v0
