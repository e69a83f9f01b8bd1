#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/block.h"
#include "cornu/core/byte_source.h"
#include "cornu/core/export.h"
#include "cornu/core/parts.h"
#include "cornu/formats/checked_bytes.h"

namespace cornu::inline v0::formats {

/// One file of an archive.
struct ZipMember {
  std::string name;
  std::span<const std::byte> bytes = {};
  /// Where `bytes` lie when they were compressed. Those of a stored member lie in the archive.
  Block unpacked = {};
  /// In place of `bytes`: those of a large stored member of a ByteSource, not read yet.
  std::unique_ptr<CheckedBytes> unread = {};
};

/// How much a reader of archives may do.
struct ZipLimits {
  /// Bytes of all compressed members together once they are unpacked. By default the archive's size
  /// and 48 MiB: with the archive itself, that is less than twice its size and 64 MiB.
  std::optional<uint64_t> unpacked = {};
};

/// The members of an archive, in the order of its directory, folders left out. Members are stored
/// or deflated; all else that ZIP can be is an Error: encryption, several disks, ZIP64 sizes in the
/// directory, links, names that lead elsewhere or occur twice, members that overlap, headers that
/// disagree with the directory, anything before the first header or after the end. Sizes and
/// checksums are verified. The memory of `file` must outlive the members. `where` names the file in
/// errors.
CORNU_API std::vector<ZipMember> read_zip(std::span<const std::byte> file, const std::string& where,
                                          const ZipLimits& limits = {});

/// The same, from a source, which must outlive the members; `bytes` are in its memory. Large stored
/// members are left to whoever wants them, with their checksums: a model's weights are read once,
/// to where they belong.
CORNU_API std::vector<ZipMember> read_zip(ByteSource& file, const std::string& where,
                                          const ZipLimits& limits = {});

/// What a member of a new archive is to hold.
struct ZipContent {
  std::string name;
  Parts bytes;
};

/// Whether this build reads archives; it writes them in any case.
CORNU_API bool reads_zip();

/// An archive of these members, stored, in the order given, with the date 1980-01-01: the same
/// members give the same bytes. Error for a name that read_zip refuses and for 4 GiB or more.
CORNU_API Parts zip_parts(std::vector<ZipContent> members);
/// The same in one piece, of members that have `bytes`.
CORNU_API Block write_zip(std::span<const ZipMember> members);

}  // namespace cornu::inline v0::formats
