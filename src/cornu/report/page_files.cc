#include <cstdint>
#include <cstring>
#include <string>

#include "cornu/core/error.h"
#include "cornu/report/page_files_internal.h"

// The list that page.S makes; each part of it begins at a multiple of 8 bytes.
extern "C" const char cornu_page_files[];

namespace cornu::inline v0 {
namespace {

constexpr size_t kPagePart = 8;

size_t whole_parts(size_t bytes) {
  return (bytes + kPagePart - 1) / kPagePart * kPagePart;
}

}  // namespace

std::string_view page_file(std::string_view name) {
  const char* at = cornu_page_files;
  while (*at != '\0') {
    const std::string_view found = at;
    at += whole_parts(found.size() + 1);
    uint64_t size = 0;
    std::memcpy(&size, at, sizeof size);
    at += sizeof size;
    if (found == name) return {at, size};
    at += whole_parts(size);
  }
  throw Error({.where = "report.html", .what = "there is no file " + std::string(name)});
}

}  // namespace cornu::inline v0
