#include "cornu/datasets/payload.h"

#include <algorithm>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/formats/gzip.h"
#include "cornu/formats/idx.h"
#include "cornu/formats/sha256.h"

namespace cornu::inline v0::datasets {
namespace {

void require_bytes(std::span<const std::byte> bytes, uint64_t size, const std::string& sha256,
                   const std::string& where, const std::string& hint) {
  if (bytes.size() != size) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .what = "wrong size",
                 .expected = std::to_string(size) + " bytes",
                 .found = std::to_string(bytes.size()) + first_words(bytes),
                 .hint = hint});
  }
  std::string found = formats::sha256(bytes);
  if (found == sha256) return;
  throw Error({.kind = ErrorKind::corrupt,
               .where = where,
               .what = "wrong checksum",
               .expected = "SHA-256 " + sha256,
               .found = std::move(found),
               .hint = hint});
}

// Files and codecs do not know the hint for a data set's file; their caller adds it.
template <class Call>
auto with_hint(const std::string& hint, Call call) {
  try {
    return call();
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    parts.hint = hint;
    throw Error(std::move(parts));
  }
}

Block unpacked(std::span<const std::byte> bytes, const DatasetFile& file, const std::string& where,
               const std::string& hint) {
  Block payload(file.size, formats::kIdxLead);
  payload.keep_front(
      with_hint(hint, [&] { return formats::gunzip(bytes, payload.span(), where); }));
  return payload;
}

}  // namespace

Block verified_payload(std::span<const std::byte> bytes, const DatasetFile& file,
                       const std::string& where, const std::string& hint) {
  if (file.sha256.empty()) {
    require_bytes(bytes, file.gz_size, file.gz_sha256, where, hint);
    return unpacked(bytes, file, where, hint);
  }
  Block payload;
  if (formats::is_gzip(bytes)) {
    payload = unpacked(bytes, file, where, hint);
  } else {
    payload = Block(bytes.size(), formats::kIdxLead);
    std::copy(bytes.begin(), bytes.end(), payload.data());
  }
  require_bytes(payload.span(), file.size, file.sha256, where, hint);
  return payload;
}

Block read_payload(const std::string& path, const DatasetFile& file, const std::string& hint) {
  Block payload =
      with_hint(hint, [&] { return read_block(path, most_gz_bytes(file), formats::kIdxLead); });
  if (file.sha256.empty()) {
    require_bytes(payload.span(), file.gz_size, file.gz_sha256, path, hint);
    return unpacked(payload.span(), file, path, hint);
  }
  if (formats::is_gzip(payload.span())) payload = unpacked(payload.span(), file, path, hint);
  require_bytes(payload.span(), file.size, file.sha256, path, hint);
  return payload;
}

std::string first_words(std::span<const std::byte> bytes) {
  constexpr size_t kShown = 24;
  std::string words;
  for (std::byte byte : bytes) {
    const char letter = static_cast<char>(byte);
    if (letter < ' ' || letter > '~' || words.size() == kShown) break;
    words += letter;
  }
  return words.size() < 4 ? "" : ", which begin \"" + words + "\"";
}

uint64_t most_gz_bytes(const DatasetFile& file) {
  // Stored blocks cost five bytes for each 16,383 or more; the rest is header and name.
  return file.size + file.size / 1024 + 4096;
}

}  // namespace cornu::inline v0::datasets
