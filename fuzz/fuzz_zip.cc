#include <algorithm>
#include <cstdlib>

#include "cornu/core/error.h"
#include "cornu/formats/npz.h"

namespace {

// Members that were read can be written, and read back equal: an Error from there on is a bug.
void round_trip(std::span<const cornu::formats::ZipMember> members) {
  const cornu::Block file = cornu::formats::write_zip(members);
  const auto again = cornu::formats::read_zip(file.span(), "again");
  if (!std::ranges::equal(again, members, [](const auto& a, const auto& b) {
        return a.name == b.name && std::ranges::equal(a.bytes, b.bytes);
      })) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kLimit = 1 << 20;
  const auto bytes = std::as_bytes(std::span(data, size));
  std::vector<cornu::formats::ZipMember> members;
  try {
    members = cornu::formats::read_zip(bytes, "fuzz", {.unpacked = kLimit});
  } catch (const cornu::Error&) {
    return 0;
  }
  size_t nbytes = 0;
  for (const auto& member : members) nbytes += member.bytes.size();
  if (nbytes > size + kLimit) std::abort();
  round_trip(members);
  try {
    cornu::formats::read_npz(bytes, "fuzz", {.unpacked = kLimit});
  } catch (const cornu::Error&) {
  }
  return 0;
}
