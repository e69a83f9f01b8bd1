#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace cornu::inline v0 {

enum class DType : uint8_t { uint8, int32, int64, float32, float64 };

/// Bytes of one element.
constexpr size_t itemsize(DType dtype) {
  switch (dtype) {
    case DType::uint8:
      return 1;
    case DType::int32:
    case DType::float32:
      return 4;
    case DType::int64:
    case DType::float64:
      return 8;
  }
  return 0;
}

/// NumPy's name: "uint8", "float32", …
constexpr std::string_view name(DType dtype) {
  switch (dtype) {
    case DType::uint8:
      return "uint8";
    case DType::int32:
      return "int32";
    case DType::int64:
      return "int64";
    case DType::float32:
      return "float32";
    case DType::float64:
      return "float64";
  }
  return "";
}

/// The DType of a C++ element type.
template <class T>
constexpr DType dtype_of() {
  static_assert(
      std::is_same_v<T, uint8_t> || std::is_same_v<T, int32_t> || std::is_same_v<T, int64_t> ||
          std::is_same_v<T, float> || std::is_same_v<T, double>,
      "a Tensor's elements are uint8_t, int32_t, int64_t, float or double: convert others");
  if constexpr (std::is_same_v<T, uint8_t>) return DType::uint8;
  if constexpr (std::is_same_v<T, int32_t>) return DType::int32;
  if constexpr (std::is_same_v<T, int64_t>) return DType::int64;
  if constexpr (std::is_same_v<T, float>) return DType::float32;
  if constexpr (std::is_same_v<T, double>) return DType::float64;
}

}  // namespace cornu::inline v0
