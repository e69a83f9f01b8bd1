#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// A member's header in ustar's form, with its checksum.
inline std::string tar_header(const std::string& name, const std::string& octal_size,
                              char type = '0', const std::string& folder = "") {
  std::string header(512, '\0');
  const auto put = [&](size_t at, const std::string& text) {
    header.replace(at, text.size(), text);
  };
  put(0, name);
  put(100, "0000644");
  put(124, octal_size);
  put(148, "        ");
  header[156] = type;
  put(257, std::string("ustar\0"
                       "00",
                       8));
  put(345, folder);
  unsigned sum = 0;
  for (const char each : header) sum += static_cast<unsigned char>(each);
  std::string checksum(8, '\0');
  for (size_t i = 0; i < 6; ++i) checksum[5 - i] = static_cast<char>('0' + (sum >> 3 * i) % 8);
  put(148, checksum);
  return header;
}

/// An archive of these files in a folder, as tar writes it.
inline std::string tar_of(const std::string& folder,
                          const std::vector<std::pair<std::string, std::string>>& files) {
  std::string archive = tar_header(folder + "/", "00000000000", '5');
  for (const auto& [name, content] : files) {
    std::string size(11, '0');
    for (size_t i = 0; i < 11; ++i) {
      size[10 - i] = static_cast<char>('0' + (content.size() >> 3 * i) % 8);
    }
    archive += tar_header(folder + "/" + name, size) + content;
    archive.resize((archive.size() + 511) / 512 * 512, '\0');
  }
  return archive + std::string(1024, '\0');
}

}  // namespace cornu::inline v0::formats
