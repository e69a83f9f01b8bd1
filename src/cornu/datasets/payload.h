#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "cornu/core/block.h"
#include "cornu/core/export.h"
#include "cornu/datasets/catalogue.h"

namespace cornu::inline v0::datasets {

/// Unpacks a published file, if it is gzipped, and verifies its size and SHA-256. Returns memory
/// that formats::read_idx can take over. Error (corrupt) with `where` and `hint`.
CORNU_API Block verified_payload(std::span<const std::byte> bytes, const DatasetFile& file,
                                 const std::string& where, const std::string& hint);

/// The same of the file at `path`. Error also when it cannot be read or is too long.
CORNU_API Block read_payload(const std::string& path, const DatasetFile& file,
                             const std::string& hint);

/// ", which begin "<html>"", if they begin with text: so a web page or a note in place of a file is
/// recognized.
CORNU_API std::string first_words(std::span<const std::byte> bytes);

/// The largest size of a gzipped file of that payload, however it was compressed.
CORNU_API uint64_t most_gz_bytes(const DatasetFile& file);

}  // namespace cornu::inline v0::datasets
