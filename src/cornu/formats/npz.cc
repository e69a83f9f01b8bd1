#include "cornu/formats/npz.h"

#include "cornu/core/error.h"
#include "cornu/formats/npy.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace {

constexpr std::string_view kNpySuffix = ".npy";

}  // namespace

const Tensor* Npz::find(std::string_view name) const {
  for (const auto& [each, tensor] : tensors) {
    if (each == name) return &tensor;
  }
  return nullptr;
}

const Tensor& Npz::at(std::string_view name, const std::string& where) const {
  const Tensor* tensor = find(name);
  if (tensor != nullptr) return *tensor;
  std::string names;
  for (const auto& [each, other] : tensors) names += (names.empty() ? "" : ", ") + shown(each);
  throw Error({.kind = ErrorKind::not_found,
               .where = where,
               .what = "an array is missing",
               .expected = shown(name),
               .found = names.empty() ? "no arrays" : names});
}

Npz read_npz(std::span<const std::byte> file, const std::string& where, const ZipLimits& limits) {
  Npz npz;
  for (ZipMember& member : read_zip(file, where, limits)) {
    const std::string place = where + ": member " + shown(member.name);
    if (!member.name.ends_with(kNpySuffix)) {
      throw Error({.kind = ErrorKind::unsupported,
                   .where = place,
                   .what = "not an array",
                   .expected = "a name that ends with .npy"});
    }
    const bool is_stored = member.unpacked.size() == 0;
    Tensor tensor =
        is_stored ? read_npy(member.bytes, place) : read_npy(std::move(member.unpacked), place);
    member.name.resize(member.name.size() - kNpySuffix.size());
    npz.tensors.emplace_back(std::move(member.name), std::move(tensor));
  }
  return npz;
}

Parts npz_parts(const std::vector<std::pair<std::string, Tensor>>& tensors) {
  std::vector<ZipContent> members;
  for (const auto& [name, tensor] : tensors) {
    members.push_back({.name = name + std::string(kNpySuffix), .bytes = npy_parts(tensor)});
  }
  return zip_parts(std::move(members));
}

Block write_npz(const Npz& file) {
  return npz_parts(file.tensors).gathered();
}

}  // namespace cornu::inline v0::formats
