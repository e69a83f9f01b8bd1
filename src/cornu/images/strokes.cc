#include "cornu/images/strokes.h"

#include <algorithm>
#include <utility>

namespace cornu::inline v0::images {
namespace {

// A stroke's edge is blurred over a pixel of so many in the longer side, and two more.
constexpr int64_t kEdge = 300;

int64_t overlap(int64_t begin, int64_t end, int64_t other_begin, int64_t other_end) {
  return std::min(end, other_end) - std::max(begin, other_begin);
}

// A sign is a few times as large as what is left over of it.
bool is_speck(const Stroke& stroke, const Stroke& largest) {
  const auto size = static_cast<double>(std::max(stroke.width(), stroke.height()));
  const auto whole = static_cast<double>(std::max(largest.width(), largest.height()));
  return stroke.pixels.size() * 50 < largest.pixels.size() || size < 0.12 * whole;
}

// A line through the whole picture, or an edge around it.
bool is_frame(const Stroke& stroke, const Ink& ink) {
  const bool is_wide = stroke.width() * 10 > ink.width * 9;
  const bool is_high = stroke.height() * 10 > ink.height * 9;
  const bool is_line = (is_wide && stroke.height() * 12 < stroke.width()) ||
                       (is_high && stroke.width() * 12 < stroke.height());
  const auto box = static_cast<double>(stroke.width() * stroke.height());
  const bool is_edge = is_wide && is_high && stroke.left == 0 && stroke.top == 0 &&
                       stroke.right == ink.width && stroke.bottom == ink.height &&
                       static_cast<double>(stroke.pixels.size()) < 0.15 * box;
  return is_line || is_edge;
}

bool belong_together(const Stroke& a, const Stroke& b) {
  const int64_t across = overlap(a.left, a.right, b.left, b.right);
  const int64_t down = overlap(a.top, a.bottom, b.top, b.bottom);
  const int64_t height = std::max(a.height(), b.height());
  const int64_t narrower = std::min(a.width(), b.width());
  // One above the other, and near.
  if (2 * across > narrower && -down * 3 < height) return true;
  // Side by side, and nearly touching.
  return down > 0 && -across * 20 < height;
}

bool join_one(std::vector<Stroke>& strokes) {
  for (size_t i = 0; i < strokes.size(); ++i) {
    for (size_t j = i + 1; j < strokes.size(); ++j) {
      if (!belong_together(strokes[i], strokes[j])) continue;
      strokes[i].join(strokes[j]);
      strokes.erase(strokes.begin() + static_cast<std::ptrdiff_t>(j));
      return true;
    }
  }
  return false;
}

// Signs whose heights overlap are in one line of writing.
void sort_as_read(std::vector<Stroke>& signs) {
  std::ranges::sort(signs, {}, &Stroke::top);
  for (size_t begin = 0; begin < signs.size();) {
    size_t end = begin + 1;
    int64_t bottom = signs[begin].bottom;
    while (end < signs.size() && 2 * (bottom - signs[end].top) > signs[end].height()) {
      bottom = std::max(bottom, signs[end++].bottom);
    }
    std::sort(signs.begin() + static_cast<std::ptrdiff_t>(begin),
              signs.begin() + static_cast<std::ptrdiff_t>(end),
              [](const Stroke& a, const Stroke& b) { return a.left < b.left; });
    begin = end;
  }
}

}  // namespace

void Stroke::join(const Stroke& other) {
  left = std::min(left, other.left);
  top = std::min(top, other.top);
  right = std::max(right, other.right);
  bottom = std::max(bottom, other.bottom);
  pixels.insert(pixels.end(), other.pixels.begin(), other.pixels.end());
}

std::vector<Stroke> strokes_of(const Ink& ink) {
  std::vector<Stroke> strokes;
  std::vector<bool> seen(ink.depth.size());
  // Takes into a stroke what is deeper than `least` beside its pixels from `next` on; returns where
  // those begin that were taken.
  const auto spread = [&](Stroke& stroke, size_t next, int least, bool goes_on) {
    const size_t end = stroke.pixels.size();
    for (; next < (goes_on ? stroke.pixels.size() : end); ++next) {
      const int64_t y = stroke.pixels[next] / ink.width;
      const int64_t x = stroke.pixels[next] % ink.width;
      for (int64_t to_y = std::max<int64_t>(0, y - 1); to_y < std::min(ink.height, y + 2); ++to_y) {
        for (int64_t to_x = std::max<int64_t>(0, x - 1); to_x < std::min(ink.width, x + 2);
             ++to_x) {
          const int64_t place = to_y * ink.width + to_x;
          if (seen[static_cast<size_t>(place)] || ink.at(to_y, to_x) <= least) continue;
          seen[static_cast<size_t>(place)] = true;
          stroke.pixels.push_back(place);
        }
      }
    }
    return end;
  };
  for (size_t start = 0; start < ink.depth.size(); ++start) {
    if (seen[start] || ink.depth[start] <= ink.certain) continue;
    strokes.push_back({.left = ink.width, .top = ink.height, .pixels = {}});
    strokes.back().pixels.push_back(static_cast<int64_t>(start));
    seen[start] = true;
    spread(strokes.back(), 0, ink.joint, true);
  }
  // The faint edges, each to the stroke that is nearest.
  std::vector<size_t> next(strokes.size());
  for (int64_t ring = 0; ring < 2 + std::max(ink.height, ink.width) / kEdge; ++ring) {
    for (size_t i = 0; i < strokes.size(); ++i) {
      next[i] = spread(strokes[i], next[i], ink.least, false);
    }
  }
  for (Stroke& stroke : strokes) {
    for (const int64_t place : stroke.pixels) {
      const int64_t y = place / ink.width;
      const int64_t x = place % ink.width;
      stroke.left = std::min(stroke.left, x);
      stroke.right = std::max(stroke.right, x + 1);
      stroke.top = std::min(stroke.top, y);
      stroke.bottom = std::max(stroke.bottom, y + 1);
    }
  }
  return strokes;
}

std::vector<Stroke> signs_of(std::vector<Stroke> strokes, const Ink& ink) {
  std::erase_if(strokes, [&](const Stroke& each) { return is_frame(each, ink); });
  if (strokes.empty()) return strokes;
  const auto size = [](const Stroke& stroke) { return stroke.pixels.size(); };
  const Stroke largest = *std::ranges::max_element(strokes, {}, size);
  std::erase_if(strokes, [&](const Stroke& each) { return is_speck(each, largest); });
  constexpr size_t kMostStrokes = 1'000;
  if (strokes.size() > kMostStrokes) strokes.clear();  // no writing
  while (join_one(strokes)) {
  }
  sort_as_read(strokes);
  return strokes;
}

}  // namespace cornu::inline v0::images
