#include "cornu/core/error.h"
#include "cornu/formats/zip.h"

namespace cornu::inline v0::formats {

std::vector<ZipMember> read_zip(std::span<const std::byte>, const std::string& where,
                                const ZipLimits&) {
  throw Error({.kind = ErrorKind::unsupported,
               .where = where,
               .what = "zip archives, such as .keras and .npz, cannot be read: this build was made "
                       "without libzip",
               .hint = "install libzip and build Cornu again"});
}

}  // namespace cornu::inline v0::formats
