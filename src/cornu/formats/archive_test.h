#pragma once

#include <libdeflate.h>

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/formats/damage_test.h"

namespace cornu::inline v0::formats {

/// A member of an archive that a test makes: the fields of its header and its directory entry, each
/// of which may lie.
struct MadeMember {
  std::string name, data;
  uint16_t method = 0;
  uint32_t crc = 0, packed_size = 0, size = 0;
  uint16_t flags = 0, local_flags = 0;
  uint32_t attributes = 0;
  std::string local_name = {}, local_extra = {};
  int64_t offset = -1;  ///< of its header, as the directory says; -1: where it is
  uint32_t local_crc = 0, local_packed_size = 0, local_size = 0;
};

inline MadeMember stored(const std::string& name, const std::string& data) {
  const auto size = static_cast<uint32_t>(data.size());
  const uint32_t crc = libdeflate_crc32(0, data.data(), data.size());
  return {.name = name,
          .data = data,
          .crc = crc,
          .packed_size = size,
          .size = size,
          .local_name = name,
          .local_crc = crc,
          .local_packed_size = size,
          .local_size = size};
}

inline MadeMember deflated(const std::string& name, const std::string& data) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(9);
  std::string packed(libdeflate_deflate_compress_bound(compressor, data.size()), '\0');
  packed.resize(libdeflate_deflate_compress(compressor, data.data(), data.size(), packed.data(),
                                            packed.size()));
  libdeflate_free_compressor(compressor);
  MadeMember member = stored(name, data);
  member.data = packed;
  member.method = 8;
  member.packed_size = member.local_packed_size = static_cast<uint32_t>(packed.size());
  return member;
}

class MadeArchive {
 public:
  explicit MadeArchive(const std::vector<MadeMember>& members) {
    std::string directory;
    for (const MadeMember& each : members) directory += entry(each, add(each));
    end(directory, members.size());
  }

  std::string text;

  static std::string number(uint64_t value, size_t bytes) {
    std::string text;
    for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i);
    return text;
  }

 private:
  size_t add(const MadeMember& member) {
    const size_t begin = text.size();
    text += "PK\x03\x04" + number(20, 2) + number(member.local_flags, 2) + number(member.method, 2);
    text += number(0x00210000, 4) + number(member.local_crc, 4);
    text += number(member.local_packed_size, 4) + number(member.local_size, 4);
    text += number(member.local_name.size(), 2) + number(member.local_extra.size(), 2);
    text += member.local_name + member.local_extra + member.data;
    return begin;
  }

  static std::string entry(const MadeMember& member, size_t begin) {
    const uint64_t offset = member.offset < 0 ? begin : static_cast<uint64_t>(member.offset);
    return "PK\x01\x02" + number(0x314, 2) + number(20, 2) + number(member.flags, 2) +
           number(member.method, 2) + number(0x00210000, 4) + number(member.crc, 4) +
           number(member.packed_size, 4) + number(member.size, 4) + number(member.name.size(), 2) +
           number(0, 2) + number(0, 2) + number(0, 2) + number(0, 2) +
           number(member.attributes, 4) + number(offset, 4) + member.name;
  }

  void end(const std::string& directory, size_t members) {
    const size_t begin = text.size();
    text += directory + "PK\x05\x06" + number(0, 4) + number(members, 2) + number(members, 2) +
            number(directory.size(), 4) + number(begin, 4) + number(0, 2);
  }
};

}  // namespace cornu::inline v0::formats
