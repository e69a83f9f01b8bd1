#include "cornu/core/parts.h"

#include <cstring>
#include <utility>

namespace cornu::inline v0 {

void Parts::view(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  spans_.push_back(bytes);
  size_ += bytes.size();
}

void Parts::keep(std::vector<std::byte> bytes) {
  view(kept_.emplace_back(std::move(bytes)));
}

void Parts::keep(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  keep({bytes.begin(), bytes.end()});
}

void Parts::append(Parts other) {
  spans_.insert(spans_.end(), other.spans_.begin(), other.spans_.end());
  kept_.splice(kept_.end(), other.kept_);
  size_ += other.size_;
}

Block Parts::gathered() const {
  Block bytes(static_cast<size_t>(size_));
  bytes.prefer_huge_pages();
  std::byte* to = bytes.data();
  for (const std::span<const std::byte> each : spans_) {
    std::memcpy(to, each.data(), each.size());
    to += each.size();
  }
  return bytes;
}

std::vector<std::byte> Parts::bytes() const {
  std::vector<std::byte> bytes;
  bytes.reserve(static_cast<size_t>(size_));
  for (const std::span<const std::byte> each : spans_) {
    bytes.insert(bytes.end(), each.begin(), each.end());
  }
  return bytes;
}

}  // namespace cornu::inline v0
