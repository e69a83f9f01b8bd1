#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "cornu/core/block.h"
#include "cornu/core/export.h"
#include "cornu/datasets/catalogue.h"

namespace cornu::inline v0::datasets {

/// What a published file holds, from its bytes, gzipped or not, proven by size and SHA-256, where
/// formats::read_idx takes it over. Error (corrupt) that says `where`, found, expected and `hint`.
CORNU_API Block verified_payload(std::span<const std::byte> bytes, const DatasetFile& file,
                                 const std::string& where, const std::string& hint);

/// The same of the file at `path`. Error also when it cannot be read or is too long.
CORNU_API Block read_payload(const std::string& path, const DatasetFile& file,
                             const std::string& hint);

/// The most bytes that a gzipped file of that payload can have, however it was compressed.
CORNU_API uint64_t most_gz_bytes(const DatasetFile& file);

}  // namespace cornu::inline v0::datasets
