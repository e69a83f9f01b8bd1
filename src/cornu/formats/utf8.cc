#include "cornu/formats/utf8.h"

#include <fmt/format.h>

namespace cornu::inline v0::formats {
namespace {

constexpr size_t kShown = 64;

unsigned byte(std::string_view text, size_t index) {
  return static_cast<unsigned char>(text[index]);
}

bool within(unsigned value, unsigned first, unsigned last) {
  return value >= first && value <= last;
}

}  // namespace

size_t character_size(std::string_view text) {
  if (text.empty()) return 0;
  const unsigned lead = byte(text, 0);
  if (lead < 0x80) return 1;
  const size_t size = within(lead, 0xC2, 0xDF)   ? 2
                      : within(lead, 0xE0, 0xEF) ? 3
                      : within(lead, 0xF0, 0xF4) ? 4
                                                 : 0;
  if (size == 0 || text.size() < size) return 0;
  const unsigned lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (!within(byte(text, 1), lowest, highest)) return 0;
  for (size_t i = 2; i < size; ++i) {
    if (!within(byte(text, i), 0x80, 0xBF)) return 0;
  }
  return size;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool is_control(std::string_view character) {
  const unsigned lead = byte(character, 0);
  return lead < 0x20 || lead == 0x7F || (lead == 0xC2 && byte(character, 1) < 0xA0);
}

std::string fault_of_name(std::string_view name) {
  if (name.size() > kMaxNameSize) return fmt::format("at most {} bytes", kMaxNameSize);
  while (!name.empty()) {
    const size_t size = character_size(name);
    if (size == 0) return "valid UTF-8";
    if (is_control(name.substr(0, size))) return "no control characters";
    name.remove_prefix(size);
  }
  return "";
}

std::string shown(std::string_view name) {
  std::string text = "\"";
  size_t at = 0;
  while (at < name.size() && at < kShown) {
    const size_t size = character_size(name.substr(at));
    const std::string_view character = name.substr(at, size > 0 ? size : 1);
    if (size == 0 || is_control(character)) {
      for (char c : character) text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      text += character;
    }
    at += character.size();
  }
  return text + (at < name.size() ? "…\"" : "\"");
}

}  // namespace cornu::inline v0::formats
