#include "cornu/core/error.h"
#include "cornu/formats/zip.h"

namespace cornu::inline v0::formats {

namespace {

[[noreturn]] void refuse_zip_files(const std::string& where) {
  throw Error({.kind = ErrorKind::unsupported,
               .where = where,
               .what = "zip archives, such as .keras and .npz, cannot be read: this build was made "
                       "without libzip",
               .hint = "install libzip and build Cornu again"});
}

}  // namespace

bool reads_zip() {
  return false;
}

std::vector<ZipMember> read_zip(std::span<const std::byte>, const std::string& where,
                                const ZipLimits&) {
  refuse_zip_files(where);
}

std::vector<ZipMember> read_zip(ByteSource&, const std::string& where, const ZipLimits&) {
  refuse_zip_files(where);
}

}  // namespace cornu::inline v0::formats
