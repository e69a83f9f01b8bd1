#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0::formats {

inline std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The text of the Error that `call` throws, or "no error".
template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// Calls `visit` with every shorter beginning of a file, each in memory of exactly its size.
/// Returns how often `visit` found an Error; anything else that is thrown is a failure.
template <class Visit>
size_t each_beginning(const std::vector<std::byte>& file, Visit visit) {
  size_t errors = 0;
  for (size_t size = 0; size < file.size(); ++size) {
    const std::vector<std::byte> part(file.begin(),
                                      file.begin() + static_cast<std::ptrdiff_t>(size));
    try {
      visit(part);
    } catch (const Error&) {
      ++errors;
    }
  }
  return errors;
}

/// The same with every single bit flipped in turn, of all bytes or of so many.
template <class Visit>
size_t each_flip(std::vector<std::byte> file, Visit visit, size_t bytes = SIZE_MAX) {
  size_t errors = 0;
  for (size_t bit = 0; bit < std::min(bytes, file.size()) * 8; ++bit) {
    const std::byte mask{static_cast<unsigned char>(1U << bit % 8)};
    file[bit / 8] ^= mask;
    try {
      visit(file);
    } catch (const Error&) {
      ++errors;
    }
    file[bit / 8] ^= mask;
  }
  return errors;
}

}  // namespace cornu::inline v0::formats
