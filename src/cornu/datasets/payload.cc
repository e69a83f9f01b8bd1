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

// A web page or a note in place of the file is recognized by its first words.
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

void check_payload(std::span<const std::byte> payload, const DatasetFile& file,
                   const std::string& where, const std::string& hint) {
  if (payload.size() != file.size) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .what = "wrong size",
                 .expected = std::to_string(file.size) + " bytes",
                 .found = std::to_string(payload.size()) + first_words(payload),
                 .hint = hint});
  }
  std::string sha256 = formats::sha256(payload);
  if (sha256 != file.sha256) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .what = "wrong checksum",
                 .expected = "SHA-256 " + file.sha256,
                 .found = std::move(sha256),
                 .hint = hint});
  }
}

}  // namespace

Block verified_payload(std::span<const std::byte> bytes, const DatasetFile& file,
                       const std::string& where, const std::string& hint) {
  Block payload;
  if (formats::is_gzip(bytes)) {
    payload = unpacked(bytes, file, where, hint);
  } else {
    payload = Block(bytes.size(), formats::kIdxLead);
    std::copy(bytes.begin(), bytes.end(), payload.data());
  }
  check_payload(payload.span(), file, where, hint);
  return payload;
}

Block read_payload(const std::string& path, const DatasetFile& file, const std::string& hint) {
  Block payload =
      with_hint(hint, [&] { return read_block(path, most_gz_bytes(file), formats::kIdxLead); });
  if (formats::is_gzip(payload.span())) payload = unpacked(payload.span(), file, path, hint);
  check_payload(payload.span(), file, path, hint);
  return payload;
}

uint64_t most_gz_bytes(const DatasetFile& file) {
  // Stored blocks cost five bytes for each 16,383 or more; the rest is header and name.
  return file.size + file.size / 1024 + 4096;
}

}  // namespace cornu::inline v0::datasets
