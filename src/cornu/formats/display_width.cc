#include "cornu/formats/display_width.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>

#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace {

struct CodePoints {
  uint32_t first, last;
};

// Marks that are put over other characters, and characters that are not seen (Unicode's categories
// Mn, Me and Cf, of the scripts that use them most).
constexpr CodePoints kWithoutWidth[] = {
    {0x0300, 0x036F},   {0x0483, 0x0489},  {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
    {0x05C4, 0x05C5},   {0x0610, 0x061A},  {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC},
    {0x06DF, 0x06E4},   {0x0E31, 0x0E31},  {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF},   {0x200B, 0x200F},  {0x202A, 0x202E}, {0x2060, 0x2064}, {0x20D0, 0x20F0},
    {0x302A, 0x302D},   {0x3099, 0x309A},  {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF},
    {0x1F3FB, 0x1F3FF}, {0xE0001, 0xE0FFF}};

// East Asian Width W and F.
constexpr CodePoints kWide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x23F0, 0x23F0},   {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
    {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
    {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},
    {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
    {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
    {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},
    {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18CFF}, {0x1B000, 0x1B2FF},
    {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A},
    {0x1F200, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393},
    {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4},
    {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D},
    {0x1F54B, 0x1F54E}, {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596},
    {0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC},
    {0x1F6D0, 0x1F6D2}, {0x1F6D5, 0x1F6D7}, {0x1F6DC, 0x1F6DF}, {0x1F6EB, 0x1F6EC},
    {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7EB}, {0x1F7F0, 0x1F7F0}, {0x1F90C, 0x1F93A},
    {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD}};

bool is_among(uint32_t code, std::span<const CodePoints> ranges) {
  const auto after = std::ranges::upper_bound(ranges, code, {}, &CodePoints::first);
  return after != ranges.begin() && code <= std::prev(after)->last;
}

// Of a character of so many bytes.
uint32_t code_of(std::string_view character) {
  const auto byte = [&](size_t i) { return uint32_t{static_cast<unsigned char>(character[i])}; };
  constexpr uint32_t kFirstBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  uint32_t code = byte(0) & kFirstBits[character.size()];
  for (size_t i = 1; i < character.size(); ++i) code = code << 6 | (byte(i) & 0x3F);
  return code;
}

size_t width_of_character(std::string_view character) {
  const uint32_t code = code_of(character);
  if (is_among(code, kWithoutWidth)) return 0;
  return is_among(code, kWide) ? 2 : 1;
}

}  // namespace

size_t display_width(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const size_t size = character_size(text);
    width += size == 0 ? 1 : width_of_character(text.substr(0, size));
    text.remove_prefix(std::max<size_t>(size, 1));
  }
  return width;
}

std::string fitted_text(std::string_view text, size_t width, std::string_view end) {
  std::string fitted;
  const size_t for_end = std::min(width, display_width(end));
  size_t taken = 0, kept_bytes = 0;  // of what leaves room for the end
  while (!text.empty()) {
    const size_t size = character_size(text);
    const std::string_view character = text.substr(0, size);
    const bool is_shown = size > 0 && !is_control(character);
    const size_t columns = is_shown ? width_of_character(character) : 1;
    if (taken + columns > width)
      return fitted.substr(0, kept_bytes) + fitted_text(end, for_end, "");
    taken += columns;
    is_shown ? fitted.append(character) : fitted.append(1, ' ');
    if (taken + for_end <= width) kept_bytes = fitted.size();
    text.remove_prefix(std::max<size_t>(size, 1));
  }
  return fitted;
}

}  // namespace cornu::inline v0::formats
